"""Draws the eyes, both at once; the lids come last and cut the iris to the opening."""

import numpy as np

from visage.data.demo.canvas import Canvas
from visage.data.demo.curves import Points, ellipse, mirrored, ribbon, shifted
from visage.data.demo.palette import INK, WHITE, light, mix, shadow
from visage.data.demo.person import Person

_ACROSS = np.linspace(-1, 1, 15)  # from the inner to the outer corner of the right eye
_UPPER = 1.6 * (1 - _ACROSS**2) ** 0.7
_LOWER = 1.6 * (1 - _ACROSS**2) ** 0.9
_LID = 1 - _ACROSS**4
_PUPIL = (22, 16, 18)


def draw_eyes(canvas: Canvas, person: Person) -> None:
    """Draws whites, irises, lids and lashes."""
    face, skin = person.face, person.skin.colour
    half = face.eye_width
    height = half * face.eye_open * (1 - 0.18 * max(person.expression.smile, 0))
    x, y = face.eye_gap + half * _ACROSS, face.eye_y - face.eye_tilt * _ACROSS
    upper = np.stack([x, y - 0.62 * height * _UPPER], 1)
    lower = np.stack([x, y + 0.42 * height * _LOWER], 1)
    for side in (-1.0, 1.0):
        socket = (side * face.eye_gap, face.eye_y - 0.02)
        canvas.glow(socket, (half * 1.7, half * 1.25), shadow(skin, 1.2), alpha=0.42)
    white = np.concatenate([upper, lower[::-1]])
    canvas.fill_all([white, mirrored(white)], mix(WHITE, skin, 0.08))
    _draw_irises(canvas, person, y=face.eye_y - 0.1 * height)
    for lid, depth in ((_rim(upper, -0.085), 0.4), (_rim(lower, 0.06), 0.22)):
        canvas.fill_all([lid, mirrored(lid)], shadow(skin, depth))
    _draw_lashes(canvas, person, upper)
    crease = shifted(upper[2:-2], 0.0, -0.055)
    edges = [crease, mirrored(crease), lower[2:-2], mirrored(lower[2:-2])]
    canvas.lines(edges, shadow(skin, 1.35), width=0.013, alpha=0.55)


def _draw_irises(canvas: Canvas, person: Person, *, y: float) -> None:
    """Draws irises and pupils, which look to one side together, and a spark of light."""
    radius, colour = person.face.iris, person.outfit.iris
    middles = [s * person.face.eye_gap + person.expression.gaze * radius for s in (-1.0, 1.0)]
    rings = [(1.0, shadow(colour, 0.9)), (0.78, light(colour, 0.12)), (0.48, _PUPIL)]
    for share, tint in rings:
        size = radius * share
        canvas.fill_all([ellipse(x, y, size, size) for x in middles], tint)
    spark, away = radius * 0.27, radius * 0.33
    canvas.fill_all([ellipse(x - away, y - away, spark, spark) for x in middles], WHITE)


def _rim(edge: Points, reach: float) -> Points:
    """Returns a lid: the crescent between an edge of the eye and an arc beyond it."""
    beyond = edge + np.stack([np.zeros_like(_LID), reach * _LID], 1)
    return np.concatenate([edge, beyond[::-1]])


def _draw_lashes(canvas: Canvas, person: Person, upper: Points) -> None:
    lashes = person.outfit.lashes
    thick = 0.022 + 0.026 * lashes
    stroke = ribbon(upper[::2], [thick * 0.5, thick, thick * 0.6])
    canvas.fill_all([stroke, mirrored(stroke)], INK)
    if lashes > 0.5:
        x, y = upper[-1]
        flick = ribbon([(x, y), (x + 0.03, y - 0.02), (x + 0.055, y - 0.055)], [thick, 0.008])
        canvas.fill_all([flick, mirrored(flick)], INK)
