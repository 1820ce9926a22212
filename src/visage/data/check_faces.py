"""How much each picture looks like the other faces of its data set, without any face detector.

The pictures are crops of faces already, and YuNet (decision 0019), which visage carries since,
takes about 50 ms of a core for each. So the data set itself says what its faces look like: a
straight line (Fisher's, with a ridge) is drawn between its pictures and the same pictures spoilt -
turned by 90, 180 and 270 degrees, a part enlarged, or cut into nine pieces and mixed (in the spirit
of Golan & El-Yaniv, NeurIPS 2018) - in histograms of gradient directions (Dalal & Triggs, CVPR
2005). A picture on the spoilt side, with a score below 0, is upside down, badly cropped, or shows
no face. Each half of the pictures is judged by what the other half taught. docs/experiments,
2026-11-22-data-check.md, says how often it errs. It needs many faces of about one framing: among
whole scenes it says little.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from visage.data.album import SIDE, Album, Pictures
from visage.estimates import Floats

MIN_IMAGES = 500  # fewer teach nothing
TAUGHT = 5000  # pictures of a half that are learned from, at most
CHUNK = 2048  # pictures at a time
CELL = 4  # pixels
DIRECTIONS = 8
COARSE = 12  # pixels of the brightness beside the directions
COARSE_WEIGHT = 0.3
RIDGE = 1e-3
TILES = 3  # a side

Spoil = Callable[[Pictures, np.random.Generator], Pictures]


def face_scores(
    pictures: Pictures | Album, *, ids: Sequence[str] | None = None, seed: int = 0
) -> Floats:
    """Returns a score a picture, (N,): about 1 for ordinary ones, below 0 for what looks unlike.

    NaN for all where there are fewer than `MIN_IMAGES`. `ids`: by their order the halves are drawn,
    so that the order of the rows changes no score; None: the pictures have an order of their own.
    """
    scores = np.full(len(pictures), np.nan)
    if len(pictures) < MIN_IMAGES:
        return scores
    rng = np.random.default_rng(seed)
    order = np.arange(len(pictures)) if ids is None else np.argsort(np.asarray(ids, object))
    one, other = np.array_split(order[rng.permutation(len(pictures))], 2)
    for judged, taught in ((one, other), (other, one)):
        line = _fit(pictures[taught[:TAUGHT]], rng)
        for start in range(0, len(judged), CHUNK):
            rows = judged[start : start + CHUNK]
            scores[rows] = (_features(pictures[rows]) - line.middle) @ line.across
    return scores


@dataclass(frozen=True, eq=False)
class _Line:
    """What separates: (F,) each; above 0 is the side of the pictures as they are."""

    middle: Floats
    across: Floats


def _fit(pictures: Pictures, rng: np.random.Generator) -> _Line:
    step = len(SPOILS)
    spoilt = [how(pictures[number::step], rng) for number, how in enumerate(SPOILS)]
    good, bad = _features(pictures), _features(np.concatenate(spoilt))
    means = good.mean(axis=0), bad.mean(axis=0)
    scatter = (np.cov(good.T) + np.cov(bad.T)) / 2
    scatter[np.diag_indices_from(scatter)] += RIDGE
    apart = means[0] - means[1]
    across = np.linalg.solve(scatter, apart)
    return _Line((means[0] + means[1]) / 2, 2 * across / (apart @ across))


def _enlarged(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Returns a random third to over a half of each side of each picture, at full size."""
    sides = rng.integers(SIDE // 3, SIDE * 5 // 8, len(pictures))
    places = rng.integers(0, SIDE - sides + 1, (2, len(pictures))).T
    parts = [
        cv2.resize(one[top : top + side, left : left + side], (SIDE, SIDE))
        for one, side, (top, left) in zip(pictures, sides, places, strict=True)
    ]
    return np.array(parts, dtype=np.uint8).reshape(-1, SIDE, SIDE)


def _mixed(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Returns each picture cut into tiles that change places."""
    n, tile = len(pictures), SIDE // TILES
    tiles = pictures.reshape(n, TILES, tile, TILES, tile).swapaxes(2, 3).reshape(n, -1, tile, tile)
    order = rng.random((n, TILES**2)).argsort(axis=1)[:, :, None, None]
    mixed = np.take_along_axis(tiles, order, axis=1)
    return mixed.reshape(n, TILES, TILES, tile, tile).swapaxes(2, 3).reshape(n, SIDE, SIDE)


SPOILS: Final[tuple[Spoil, ...]] = (
    lambda pictures, _: np.rot90(pictures, 1, (1, 2)),
    lambda pictures, _: np.rot90(pictures, 2, (1, 2)),
    lambda pictures, _: np.rot90(pictures, 3, (1, 2)),
    _enlarged,
    _mixed,
)


def _features(pictures: Pictures) -> Floats:
    """Returns directions by cell and coarse brightness, (N, F)."""
    return np.concatenate([_directions(pictures), _brightness(pictures)], axis=1)


def _directions(pictures: Pictures) -> Floats:
    """Returns the square roots of the shares of each direction in each cell, (N, C * C * D)."""
    n, cells = len(pictures), SIDE // CELL
    padded = np.pad(pictures.astype(np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    across = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    turn = np.arctan2(down, across) / (2 * np.pi) % 1 * DIRECTIONS
    length = np.hypot(across, down)
    found = np.empty((n, cells, cells, DIRECTIONS))
    for number in range(DIRECTIONS):
        apart = np.abs((turn - number + DIRECTIONS / 2) % DIRECTIONS - DIRECTIONS / 2)
        share = length * np.maximum(1 - apart, 0)
        found[..., number] = share.reshape(n, cells, CELL, cells, CELL).sum(axis=(2, 4))
    flat = found.reshape(n, -1)
    total = np.maximum(flat.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.sqrt(flat / total) * np.sqrt(DIRECTIONS), dtype=np.float64)


def _brightness(pictures: Pictures) -> Floats:
    n, step = len(pictures), SIDE // COARSE
    coarse = pictures.reshape(n, COARSE, step, COARSE, step).mean(axis=(2, 4)).reshape(n, -1)
    coarse -= coarse.mean(axis=1, keepdims=True)
    spread = np.maximum(coarse.std(axis=1, keepdims=True), 5)  # levels; a flat picture stays flat
    return np.asarray(COARSE_WEIGHT * coarse / spread, dtype=np.float64)
