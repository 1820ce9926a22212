"""Outlines in head units: smooth curves through a few points, ellipses, tapered ribbons.

Points are arrays of shape (n, 2), x to the right and y downwards, the head's centre at (0, 0),
crown and chin at y = -1 and y = +1.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_ALONG = np.linspace(0.05, 0.97, 8)


@lru_cache(maxsize=64)
def _basis(n: int, closed: bool, steps: int) -> Points:
    """Returns the Catmull-Rom matrix that takes n control points to the points of the curve."""
    pieces = n if closed else n - 1
    t = np.arange(steps) / steps
    cubic = 0.5 * np.stack(
        [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2], 1
    )
    matrix = np.zeros((pieces * steps + (not closed), n))
    for piece in range(pieces):
        for tap in range(4):
            at = piece + tap - 1
            column = at % n if closed else min(max(at, 0), n - 1)
            matrix[piece * steps : (piece + 1) * steps, column] += cubic[:, tap]
    if not closed:
        matrix[-1, -1] = 1.0
    return matrix


def smooth(points: Points | Sequence[tuple[float, float]], *, closed: bool = False) -> Points:
    """Returns a smooth curve through the points (Catmull-Rom, five steps a piece).

    Many curves at once: points of shape (..., n, 2).
    """
    control = np.asarray(points, dtype=np.float64)
    return np.asarray(_basis(control.shape[-2], closed, 5) @ control)


@lru_cache(maxsize=8)
def _circle(n: int) -> Points:
    angle = np.arange(n) * (2 * np.pi / n)
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def ellipse(x: float, y: float, rx: float, ry: float) -> Points:
    """Returns an upright ellipse."""
    return shifted(_circle(24) * (rx, ry), x, y)


def ribbon(points: Points | Sequence[tuple[float, float]], widths: Sequence[float]) -> Points:
    """Returns the outline of a stroke along a smooth line; `widths` are spread over its length."""
    line = smooth(points)
    places = np.arange(len(line)) * ((len(widths) - 1) / (len(line) - 1))
    half = np.interp(places, np.arange(len(widths)), widths) / 2
    side = _normals(line) * half[:, None]
    return np.concatenate([line + side, (line - side)[::-1]])


def curly(edge: Points, curl: float) -> Points:
    """Returns an edge with the bumps of curly hair to its right; little curl leaves it smooth."""
    if curl < 0.35:
        return edge
    steps = np.hypot(*np.diff(edge, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    fine = np.arange(0, length[-1], 0.03)
    dense = np.stack([np.interp(fine, length, edge[:, 0]), np.interp(fine, length, edge[:, 1])], 1)
    bump = 0.055 * curl * np.abs(np.sin(fine * (np.pi / 0.2)))
    return np.asarray(dense - _normals(dense) * bump[:, None])


def between(one: Points, other: Points, places: Points) -> Points:
    """Returns lines alongside two edges, shape (len(places), 8, 2); place 0 is `one`, 1 `other`."""
    share = places[:, None, None]
    return at(one, _ALONG) * (1 - share) + at(other, _ALONG) * share


def at(edge: Points, places: Points) -> Points:
    """Returns the points of an edge at places 0..1 of its length in points."""
    index = places * (len(edge) - 1)
    knots = np.arange(len(edge))
    return np.stack([np.interp(index, knots, edge[:, 0]), np.interp(index, knots, edge[:, 1])], 1)


def _normals(line: Points) -> Points:
    """Returns unit vectors across a line, to the left of its direction as it is seen."""
    way = np.empty_like(line)
    way[1:-1] = line[2:] - line[:-2]
    way[0], way[-1] = line[1] - line[0], line[-1] - line[-2]
    length = np.hypot(way[:, 0], way[:, 1]) + 1e-9
    return np.stack([-way[:, 1] / length, way[:, 0] / length], 1)


def both_sides(side: Points) -> Points:
    """Returns the closed outline whose right side is given, from the top or middle outwards."""
    return np.concatenate([mirrored(side)[::-1], side])


def shifted(points: Points, dx: float, dy: float) -> Points:
    """Returns the points moved."""
    return np.asarray(points + np.array([dx, dy]))


def mirrored(points: Points) -> Points:
    """Returns the points on the other side of the face."""
    return np.asarray(points * np.array([-1.0, 1.0]))
