"""Draws hair that leaves the head: long hair behind it and beside the face, a bun, two tails."""

import numpy as np

from visage.data.demo.canvas import Canvas
from visage.data.demo.curves import (
    Points,
    between,
    both_sides,
    curly,
    ellipse,
    mirrored,
    shifted,
    smooth,
)
from visage.data.demo.hairstyle import Hair, Style
from visage.data.demo.palette import shadow, sheen
from visage.data.demo.person import Person
from visage.data.demo.proportions import Face

_HANGING = (Style.BOB, Style.LONG)
_RIBBON = (220, 84, 110)
_DARK, _LIGHT = np.array([0.1, 0.5, 0.9]), np.array([0.3, 0.7])  # places of strands in a lock


def draw_hair_behind(canvas: Canvas, person: Person, *, rng: np.random.Generator) -> None:
    """Draws what is behind neck and head."""
    face, hair = person.face, person.hair
    if hair.style in _HANGING:
        canvas.fill(both_sides(_hanging_edge(face, hair, rng=rng)), shadow(hair.blend, 0.55))
    elif hair.style is Style.BUN:
        _draw_bun(canvas, hair)
    elif hair.style is Style.TAILS:
        _draw_tails(canvas, face, hair)


def draw_locks(canvas: Canvas, person: Person) -> None:
    """Draws the hair that falls beside the face, over the ears; nothing where it is not long."""
    face, hair = person.face, person.hair
    if hair.style not in _HANGING:
        return
    near, wide, end = face.head_width, face.head_width + hair.volume + 0.06, hair.end_y
    inner = _side((near * 0.62, near * 0.88, near * 0.93, near * 0.86, near * 0.8), end, top=-0.62)
    outer = _side((near * 0.75, wide, wide + 0.04, wide + 0.05, wide), end, top=-0.9)
    outer = curly(outer[::-1], hair.curl)[::-1]
    lock = np.concatenate([inner, outer[::-1]])
    canvas.fill_all([lock, mirrored(lock)], hair.blend)
    dark, bright = between(inner, outer, _DARK), between(inner, outer, _LIGHT)
    canvas.lines([*dark, *mirrored(dark)], shadow(hair.blend, 0.8), width=0.02, alpha=0.55)
    canvas.lines([*bright, *mirrored(bright)], sheen(hair.blend), width=0.02, alpha=0.5)


def _side(widths: tuple[float, ...], end_y: float, *, top: float) -> Points:
    """Returns an edge of the right lock, downwards."""
    heights = (top, -0.28, 0.28, 0.72, end_y)
    return smooth(list(zip(widths, heights, strict=True)))


def _hanging_edge(face: Face, hair: Hair, *, rng: np.random.Generator) -> Points:
    """Returns the right side of long hair, from the crown downwards."""
    wide = face.head_width + hair.volume + 0.06
    flare = 0.16 * hair.curl + float(rng.uniform(-0.06, 0.12))
    edge = [(0.0, -1.0 - hair.volume), (wide * 0.8, -0.75), (wide * 1.02, -0.1)]
    edge += [(wide + flare * 0.7, 0.55), (wide + flare, hair.end_y - 0.1), (0.4, hair.end_y)]
    return curly(smooth(edge), hair.curl)


def _draw_bun(canvas: Canvas, hair: Hair) -> None:
    x, y = 0.12 * hair.parting_x, -1.1 - hair.volume
    canvas.fill(ellipse(x, y, 0.34, 0.3), shadow(hair.blend, 0.3))
    canvas.glow((x - 0.08, y - 0.08), (0.24, 0.17), sheen(sheen(hair.blend)), alpha=0.6)


def _draw_tails(canvas: Canvas, face: Face, hair: Hair) -> None:
    x = face.head_width + 0.05
    edge = [(-0.2, -0.4), (0.2, -0.37), (0.38, 0.25), (0.24, 0.8), (0.02, 0.3)]
    tail = shifted(smooth(edge, closed=True), x, 0.0)
    knot = ellipse(x + 0.04, -0.31, 0.075, 0.075)
    canvas.fill_all([tail, mirrored(tail)], shadow(hair.blend, 0.3))
    canvas.fill_all([knot, mirrored(knot)], _RIBBON)
