"""Times the search for near-duplicate pairs against comparing every pair, in one run.

    python -m benchmarks.near_duplicates                       # generated hashes
    python -m benchmarks.near_duplicates --images /my/faces    # those of a folder's images
    python -m benchmarks.near_duplicates --max-bits 10 --sizes 10000 20000

Run it in the environment of `make setup` (`.venv/bin/python`). Generated hashes are difference
hashes of random smooth fields around one mean face, so neighbouring bits are alike and each bit
has its own bias, as in photos; every fiftieth is a copy with up to 20 flipped bits. Both searches
must find the same number of pairs. Each is timed once a size, the new one with its count of
candidates; the growth exponent is the slope of log seconds over log n.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from visage.cores import own_cores
from visage.data.decoding import quiet_decoders
from visage.data.fault import Fault
from visage.data.images import ImageFacts, read_original
from visage.data.near_pairs import Hashes, Pairs, exhaustive_pairs, near_pairs
from visage.data.parallel import ordered_map

SIZES = (12_500, 25_000, 50_000, 100_000)
SIDE = 16
FACE_STRENGTH = 0.7  # of the mean face, in deviations of the field: as many candidates as photos
COPIES = 50  # every so many-th hash is a copy
MOST_FLIPS = 20
CHUNK = 4096


def generated(n: int, *, seed: int) -> Hashes:
    """Returns hashes of fields with a 1 / frequency amplitude spectrum, (n, 4)."""
    rng = np.random.default_rng(seed)
    face = FACE_STRENGTH * _fields(1, rng=rng)
    chunks = [
        np.diff(_fields(min(CHUNK, n - start), rng=rng) + face, axis=2) > 0
        for start in range(0, n, CHUNK)
    ]
    bits = np.concatenate(chunks).reshape(n, SIDE * SIDE)
    for copy in range(COPIES, n, COPIES):
        bits[copy] = bits[rng.integers(copy)]
        bits[copy, rng.integers(0, SIDE * SIDE, rng.integers(0, MOST_FLIPS + 1))] ^= True
    return _packed(bits)


def _fields(n: int, *, rng: np.random.Generator) -> NDArray[np.float64]:
    """Returns random fields of standard deviation 1, (n, 16, 17), cut from twice that size."""
    height, width = 2 * SIDE, 2 * SIDE + 2
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    amplitude = np.divide(1, frequency, out=np.zeros_like(frequency), where=frequency > 0)
    noise = np.fft.rfft2(rng.standard_normal((n, height, width)))
    fields = np.fft.irfft2(noise * amplitude, s=(height, width))[:, :SIDE, : SIDE + 1]
    scaled: NDArray[np.float64] = fields / fields.std()
    return scaled


def of_images(folder: Path, *, seed: int) -> Hashes:
    """Returns the different hashes of a folder's images, shuffled, (n, 4)."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    facts = ordered_map(partial(_facts, folder), names, prepare=quiet_decoders)
    digits = "".join(fact.phash for fact in facts if fact is not None)
    hashes = np.unique(
        np.frombuffer(bytes.fromhex(digits), dtype=">u8").reshape(-1, 4).astype(np.uint64), axis=0
    )
    return np.random.default_rng(seed).permutation(hashes)


def _facts(folder: Path, name: str) -> ImageFacts | None:
    original = read_original(name, root=folder)
    return None if isinstance(original, Fault) else original.facts


def _packed(bits: NDArray[np.bool_]) -> Hashes:
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64)


def timed(search: Callable[[], Iterator[Pairs]]) -> tuple[float, int]:
    """Returns seconds and number of pairs."""
    start = time.perf_counter()
    n_pairs = sum(len(left) for left, _ in search())
    return time.perf_counter() - start, n_pairs


def exponent(sizes: Iterable[int], seconds: Iterable[float]) -> float:
    """Returns the slope of log seconds over log size."""
    return float(np.polyfit(np.log(list(sizes)), np.log(list(seconds)), 1)[0])


def main() -> None:
    """Prints a Markdown row a size, then the exponents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="a folder of images instead of drawn hashes")
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--max-bits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.images:
        hashes = of_images(asked.images, seed=asked.seed)
        sizes = asked.sizes or [len(hashes) // part for part in (8, 4, 2, 1)]
    else:
        sizes = asked.sizes or list(SIZES)
        hashes = generated(max(sizes), seed=asked.seed)
    print(f"{own_cores()} cores, both searches on one; within {asked.max_bits} of 256 bits\n")
    print("| n | pairs | new, s | exhaustive, s | ratio |\n|---|---|---|---|---|")
    found = [_row(hashes[:size], max_bits=asked.max_bits) for size in sizes]
    if len(sizes) > 1:
        new, exhaustive = (exponent(sizes, seconds) for seconds in zip(*found, strict=True))
        print(
            f"\nseconds grow with n to the power of {new:.2f} (new), {exhaustive:.2f} (exhaustive)"
        )


def _row(hashes: Hashes, *, max_bits: int) -> tuple[float, float]:
    new, n_pairs = timed(lambda: near_pairs(hashes, max_bits=max_bits))
    exhaustive, n_all = timed(lambda: exhaustive_pairs(hashes, max_bits=max_bits))
    if n_pairs != n_all:
        raise SystemExit(f"the searches disagree: {n_pairs} and {n_all} pairs")
    ratio = exhaustive / new
    row = f"| {len(hashes):,} | {n_pairs:,} | {new:.2f} | {exhaustive:.2f} | {ratio:.1f} |"
    print(row, flush=True)
    return new, exhaustive


if __name__ == "__main__":
    main()
