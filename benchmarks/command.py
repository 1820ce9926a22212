"""The command `visage predict`, timed from its start to its end.

    python -m benchmarks.command exports/model-int8.onnx --photos holiday/ --margin 0

prints photos a second for --crop none and face. What a start costs is what one photo takes; without
it a photo costs what the others take beyond that. All ways take turns, one photo and all of them in
each, so that a busy machine slows all alike; medians of the rounds.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from benchmarks.package import Told

from visage.photos.listing import list_photos

Run = Callable[[Sequence[Path]], tuple[float, Told]]  # seconds, ages and genders


@dataclass(frozen=True)
class Command:
    """`visage predict` with a model, on two threads."""

    model: Path
    crop: str = "none"
    margin: str | None = None

    def __call__(self, files: Sequence[Path]) -> tuple[float, Told]:
        """Returns seconds, and what is said of the faces."""
        own = [] if self.margin is None or self.crop != "face" else ["--margin", self.margin]
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "rows.csv"
            words = ["predict", "-", "--model", str(self.model), "--crop", self.crop, *own]
            start = time.perf_counter()
            subprocess.run(  # noqa: S603
                [Path(sys.executable).parent / "visage", *words, "-o", str(output)],
                input="".join(f"{file}\n" for file in files),
                stdout=subprocess.DEVNULL,
                text=True,
                check=True,
            )
            seconds = time.perf_counter() - start
            rows = pd.read_csv(output)
        return seconds, rows[["age", "gender"]].to_numpy(np.float64)


@dataclass(frozen=True)
class Pace:
    """Medians of the rounds, seconds: of one file, of all, and of all beyond the one."""

    n: int
    one: float
    all: float
    beyond: float

    @property
    def rates(self) -> tuple[float, float]:
        """Files a second with the start and without it."""
        return self.n / self.all, (self.n - 1) / self.beyond

    def __str__(self) -> str:
        """Returns both rates, and what they are in milliseconds."""
        with_start, without = self.rates
        return (
            f"{with_start:.1f}/s with the start ({1000 / with_start:.1f} ms each), "
            f"{without:.1f}/s without it ({1000 / without:.1f} ms each); one alone {self.one:.2f} s"
        )


def paces(
    runs: Mapping[str, Run], files: Sequence[Path], *, rounds: int
) -> dict[str, tuple[Pace, Told]]:
    """Returns how fast the ways are on the same files, in turns, and what they say of them."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    told: dict[str, Told] = {}
    for name in in_turns(list(runs), rounds):
        one, _ = runs[name](files[:1])
        whole, told[name] = runs[name](files)
        seconds[name].append((one, whole))
    return {name: (_pace(found, n=len(files)), told[name]) for name, found in seconds.items()}


def _pace(found: Sequence[tuple[float, float]], *, n: int) -> Pace:
    return Pace(
        n,
        one=median(one for one, _ in found),
        all=median(whole for _, whole in found),
        beyond=median(whole - one for one, whole in found),
    )


def in_turns(names: Sequence[str], rounds: int) -> Iterator[str]:
    """Yields all names in each round, another one first each time."""
    for turn in range(rounds):
        first = turn % len(names)
        yield from [*names[first:], *names[:first]]


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("models", type=Path, nargs="+", help=".onnx files, folders")
    options.add_argument("--photos", nargs="+", required=True, help="photos, folders, patterns")
    options.add_argument("--margin", help="of a model that does not know its own")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    photos = list_photos(given.photos)
    runs: dict[str, Run] = {
        f"{model}, --crop {crop}": Command(model, crop, given.margin)
        for model in given.models
        for crop in ("none", "face")
    }
    print(f"{len(photos)} photos, medians of {given.rounds} rounds")
    for name, (pace, _) in paces(runs, photos, rounds=given.rounds).items():
        print(f"{name}: {pace}")


if __name__ == "__main__":
    main()
