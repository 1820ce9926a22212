"""How fast ingest is against a bare loop that decodes and resizes, and how much memory it takes.

Speed: the same images in interleaved rounds, because a machine's speed drifts; ingest as the stage
does it (read, check, hash, resize, encode, write shards), the loop with cv2.imdecode and
cv2.resize, by the same interpolation, in as many processes as ingest has threads. Memory: the
peak of a process of its own that ingests n rows, the same few images under many names.

    python benchmarks/ingest.py [FOLDER] [--images 4000] [--rounds 5]
    python benchmarks/ingest.py --rows 20000 200000
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from visage.cores import own_cores
from visage.data.images import Form
from visage.data.intake import Intake, index_table
from visage.data.labels import Rules
from visage.data.screening import screen
from visage.data.source import GenderCodes, Record, Source
from visage.files.faces import write_faces
from visage.files.jpeg import encode
from visage.preprocess.resize import letterbox

SIZE = 96  # pixels, of the stored image
CHUNK = 100  # images a task of the bare loop
TARGET = 0.8
TEMPLATES = 50  # different images behind the many names


def main() -> None:
    """Measures what the arguments ask for and prints it."""
    parser = argparse.ArgumentParser(description="Speed and memory of ingest.")
    parser.add_argument("folder", nargs="?", type=Path, help="of JPEG files; default: generated")
    parser.add_argument("--images", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, nargs="+", help="measure memory for so many rows")
    parser.add_argument("--ingest-rows", type=int, help=argparse.SUPPRESS)
    found = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if found.ingest_rows:
            print(peak_memory(found.folder, Path(name), found.ingest_rows))
        elif found.rows:
            compare_memory(found.rows, Path(name))
        else:
            folder = found.folder or generate(Path(name) / "faces", found.images)
            compare_speed(folder, Path(name), found.images, found.rounds)


def compare_speed(folder: Path, out: Path, n_images: int, rounds: int) -> None:
    """Prints images/s of each round of both, and the median of the rounds' ratios."""
    names = sorted(path.name for path in folder.glob("*.jpg"))
    names = names[:: max(1, len(names) // n_images)][:n_images]
    with ProcessPoolExecutor(own_cores()) as pool:
        list(pool.map(abs, range(8)))  # started before the clock
        ways: dict[str, Callable[[], object]] = {
            "visage": partial(ingest, folder, out, names),
            "area": partial(bare, pool, folder, names, cv2.INTER_AREA),
            "linear": partial(bare, pool, folder, names, cv2.INTER_LINEAR),
        }
        speeds: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(rounds):
            for way in sorted(ways, reverse=bool(turn % 2)):
                speeds[way].append(len(names) / seconds(ways[way]))
            print(f"round {turn}:", *(f"{way} {speeds[way][-1]:.0f}/s" for way in ways))
    for way in ("area", "linear"):
        ratios = [a / b for a, b in zip(speeds["visage"], speeds[way], strict=True)]
        print(
            f"n = {len(names)}, {rounds} rounds: visage / bare loop ({way}) median "
            f"{median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}], target {TARGET}"
        )


def compare_memory(rows: Iterable[int], folder: Path) -> None:
    """Prints the peak memory of ingest for each number of rows."""
    generate(folder / "faces", max(rows), templates=TEMPLATES)
    for n_rows in rows:
        command = [sys.executable, __file__, str(folder / "faces"), "--ingest-rows", str(n_rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        print(f"{n_rows} rows: {done.stdout.splitlines()[-1]}")


def peak_memory(folder: Path, out: Path, n_rows: int) -> str:
    """Returns this process' peak before the first image, after the stores and after the index."""
    names = sorted(path.name for path in folder.glob("*.jpg"))[:n_rows]
    before = peak()
    intake = ingest(folder, out, names)
    stores = peak()
    n_index = len(index_table(intake.accepted, source="kaggle", max_bits=10))
    return (
        f"{before} MB before, {stores} MB after the stores, {peak()} MB after the index ({n_index})"
    )


def ingest(folder: Path, out: Path, names: list[str]) -> Intake:
    """Takes images to shards as the stage does."""
    records = tuple(
        Record(id=name, row=row, path=name, age="30", gender="1") for row, name in enumerate(names)
    )
    codes = GenderCodes(female="0", male="1")
    source = Source(name="benchmark", root=folder, codes=codes, records=records)
    screened = screen(source, rules=Rules(age_max=100))
    intake = Intake(folder, Form(letterbox, size=SIZE, jpeg_quality=95))
    write_faces(out / "store", intake.faces(screened.labelled), shard_rows=2048)
    return intake


def bare(pool: ProcessPoolExecutor, folder: Path, names: list[str], interpolation: int) -> int:
    """Decodes and resizes all images, and keeps nothing; returns their number."""
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    return sum(pool.map(partial(bare_chunk, folder, interpolation=interpolation), chunks))


def bare_chunk(folder: Path, names: list[str], *, interpolation: int) -> int:
    """The loop of one process."""
    cv2.setNumThreads(1)
    for name in names:
        content = np.frombuffer((folder / name).read_bytes(), np.uint8)
        image = cv2.imdecode(content, cv2.IMREAD_COLOR)
        assert image is not None, f"{name} is no image"
        cv2.resize(image, (SIZE, SIZE), interpolation=interpolation)
    return len(names)


def generate(folder: Path, n_images: int, *, templates: int | None = None) -> Path:
    """Writes smooth images of 200 pixels; with `templates`, hard links to so many of them."""
    folder.mkdir(parents=True)
    rng, n_drawn = np.random.default_rng(0), min(n_images, templates or n_images)
    for row in range(n_images):
        file = folder / f"{row:07d}.jpg"
        if row < n_drawn:
            coarse = rng.integers(0, 256, (25, 25, 3), dtype=np.uint8)
            image = cv2.resize(coarse, (200, 200), interpolation=cv2.INTER_CUBIC)
            file.write_bytes(encode(image.astype(np.uint8, copy=False), jpeg_quality=90))
        else:
            file.hardlink_to(folder / f"{row % n_drawn:07d}.jpg")
    return folder


def seconds(work: Callable[[], object]) -> float:
    """Returns the wall time of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak() -> int:
    """Returns the peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
