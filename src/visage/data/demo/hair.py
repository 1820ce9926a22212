"""Draws the hair on the head: a cap from the hairline to the crown, fluff, or a bald head's wreath.

Strands run from the cap's outer edge to the hairline, so they need no clipping; a person's share
of grey hairs is the share of grey strands.
"""

import numpy as np

from visage.data.demo.canvas import Canvas, Mask
from visage.data.demo.curves import Points, at, curly, mirrored, ribbon, shifted, smooth
from visage.data.demo.hairstyle import Hair, Style
from visage.data.demo.palette import shadow, sheen
from visage.data.demo.person import Person
from visage.data.demo.proportions import Face

_STRANDS = 34
_WAY = np.linspace(0, 1, 6)[:, None]


def draw_hair(
    canvas: Canvas, person: Person, *, lit: float, area: Mask, rng: np.random.Generator
) -> None:
    """Draws the hair on the head; `lit` is the bright side, `area` the bare head."""
    face, hair = person.face, person.hair
    if hair.style is Style.WREATH:
        _draw_wreath(canvas, face, hair)
    elif hair.style is Style.FLUFF:
        _draw_fluff(canvas, hair, area=area, rng=rng)
    elif hair.style is Style.BUZZ:
        _draw_buzz(canvas, face, hair)
    else:
        _draw_cap(canvas, face, hair, lit=lit, rng=rng)


def _draw_cap(
    canvas: Canvas, face: Face, hair: Hair, *, lit: float, rng: np.random.Generator
) -> None:
    low_y = face.eye_y + (0.1 if hair.style is Style.SHORT else 0.02)
    outer = curly(_crown(face, hair.volume, low_y=low_y), hair.curl)
    inner = _hairline(face, hair, low_y=low_y)
    alpha = 1 - 0.62 * hair.thinning
    canvas.fill(np.concatenate([outer, inner]), hair.blend, alpha=alpha)
    canvas.glow((lit * 0.35, -0.82), (0.42, 0.2), sheen(sheen(hair.blend)), alpha=0.7 * alpha)
    _draw_strands(canvas, outer, inner[::-1], hair, alpha=0.6 * alpha, rng=rng)


def _draw_buzz(canvas: Canvas, face: Face, hair: Hair) -> None:
    low_y = face.eye_y + 0.1
    cap = np.concatenate([_crown(face, 0.02, low_y=low_y), _hairline(face, hair, low_y=low_y)])
    canvas.fill(cap, hair.blend, alpha=0.72 * (1 - 0.62 * hair.thinning))


def _crown(face: Face, volume: float, *, low_y: float) -> Points:
    """Returns the hair's outer edge from the left side over the crown to the right side."""
    angle = np.linspace(0, np.arccos(-low_y), 12)
    y = -np.cos(angle)
    x = face.half_width(y) + 0.8 * volume * np.sin(angle) + 0.01
    right = np.stack([x, y * (1 + volume)], 1)
    return np.concatenate([mirrored(right)[:0:-1], right])


def _hairline(face: Face, hair: Hair, *, low_y: float) -> Points:
    """Returns the edge towards the forehead, from right to left."""
    side = float(face.half_width(np.array([low_y]))[0])
    temple_y = -0.32 - 0.42 * hair.recession
    inset = side * (0.86 - 0.06 * hair.recession)
    right = [(side + 0.01, low_y), (inset, (low_y + temple_y) / 2), (inset - 0.03, temple_y)]
    left = [(-x, y) for x, y in reversed(right)]
    return smooth([*right, *_forehead_edge(face, hair), *left])


def _forehead_edge(face: Face, hair: Hair) -> list[tuple[float, float]]:
    if hair.fringe and hair.recession < 0.35:
        y = face.eye_y - face.brow_lift - 0.08
        drops = ((0.5, -0.02), (0.2, 0.02), (-0.05, -0.02), (-0.3, 0.03), (-0.52, -0.02))
        return [(x, y + drop) for x, drop in drops]
    y, part = hair.hairline_y - 0.3 * hair.recession, hair.parting_x
    return [(0.5, y + 0.1), (part + 0.06, y - 0.05), (part - 0.06, y - 0.03), (-0.5, y + 0.1)]


def _draw_strands(
    canvas: Canvas,
    outer: Points,
    inner: Points,
    hair: Hair,
    *,
    alpha: float,
    rng: np.random.Generator,
) -> None:
    """Draws strands from one edge of the cap to the other, some grey, some dark, some light."""
    places = rng.random(_STRANDS)
    starts = at(outer, places)[:, None]
    ends = at(inner, np.clip(places + rng.normal(0, 0.03, _STRANDS), 0, 1))[:, None]
    bend = 0.1 * hair.curl * np.sin(2 * np.pi * _WAY)
    curves = smooth(starts * (1 - _WAY) + ends * _WAY + bend)
    kinds = rng.choice(3, _STRANDS, p=[hair.grey, (1 - hair.grey) * 0.55, (1 - hair.grey) * 0.45])
    colours = (hair.grey_colour, shadow(hair.blend, 0.8), sheen(hair.blend))
    for kind, colour in enumerate(colours):
        canvas.lines(curves[kinds == kind], colour, width=0.018, alpha=alpha)


def _draw_wreath(canvas: Canvas, face: Face, hair: Hair) -> None:
    """Draws the hair that is left around a bald head, and the shine on it."""
    w = face.head_width
    outer = smooth([(w * 0.93, -0.5), (w + 0.1, -0.28), (w + 0.12, 0.05), (w + 0.02, 0.3)])
    inner = smooth([(w * 0.93, -0.5), (w * 0.86, -0.3), (w * 0.9, -0.05), (w * 0.97, 0.3)])
    side = np.concatenate([outer, inner[::-1]])
    canvas.fill_all([side, mirrored(side)], hair.blend, alpha=1 - 0.25 * hair.thinning)
    canvas.glow((-0.15, -0.72), (0.3, 0.16), (255, 255, 250), alpha=0.35)


def _draw_fluff(canvas: Canvas, hair: Hair, *, area: Mask, rng: np.random.Generator) -> None:
    """Draws a small child's thin first hair, often with a curl on top."""
    density = float(rng.uniform(0.35, 0.95))
    canvas.glow((0.1 * hair.parting_x, -1.0), (1.05, 0.72), hair.colour, alpha=density, clip=area)
    if rng.random() < 0.6:
        x, way = 0.3 * hair.parting_x, 1.0 if hair.parting_x > 0 else -1.0
        swirl = np.array([(-0.12, -0.9), (0.0, -1.06), (0.13, -1.05), (0.12, -0.96), (0.05, -0.98)])
        curl = ribbon(shifted(swirl * (way, 1.0), x, 0.0), [0.06, 0.06, 0.045, 0.03, 0.01])
        canvas.fill(curl, hair.colour, alpha=0.85)
