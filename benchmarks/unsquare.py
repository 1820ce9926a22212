"""Writes a folder of face photos as photos of other shapes: for letterbox against stretch.

    python -m benchmarks.unsquare /path/to/UTKFace narrow/

UTKFace's crops are square, so that both rules of `ingest.resize` do the same to them. Of each, up
to `--most` of the width or of the height is cut away, half on either side; how much and which is
drawn by `--seed` and the file's name. Names, and so labels, stay. Then
`visage run recipes/letterbox.yaml -S data.root=$(realpath narrow)`.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np

from visage.data.parallel import ordered_map
from visage.data.pixels import limit_opencv
from visage.files.jpeg import Image, decode, encode

QUALITY = 95


def main() -> None:
    """Writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--most", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=13)
    asked = parser.parse_args()
    files = sorted(asked.source.glob("*.jpg"))
    if not files or asked.target.exists():
        parser.error(f"{asked.source} must hold .jpg files, and {asked.target} must not be there")
    asked.target.mkdir(parents=True)
    work = partial(copy, target=asked.target, most=asked.most, seed=asked.seed)
    shares = list(ordered_map(work, files, prepare=limit_opencv))
    print(f"{len(shares)} photos, {np.mean(shares):.2f} of a side cut away on average")


def copy(file: Path, *, target: Path, most: float, seed: int) -> float:
    """Writes one photo; returns the share that was cut away."""
    draws = np.random.default_rng([seed, *file.name.encode()])
    share, upright = draws.uniform(0, most), bool(draws.integers(2))
    cut = narrowed(decode(file.read_bytes()), share, upright=upright)
    (target / file.name).write_bytes(encode(cut, jpeg_quality=QUALITY))
    return float(share)


def narrowed(image: Image, share: float, *, upright: bool) -> Image:
    """Returns the middle of a photo; upright: its sides are cut away, else its top and bottom."""
    length = image.shape[1 if upright else 0]
    edge = int(length * share / 2)
    inside = slice(edge, length - edge)
    return np.ascontiguousarray(image[:, inside] if upright else image[inside])


if __name__ == "__main__":
    main()
