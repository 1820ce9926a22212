"""Draws brows, nose and mouth on the bare face; the eyes have their own module."""

import numpy as np

from visage.data.demo.canvas import Canvas
from visage.data.demo.curves import Points, ellipse, mirrored, ribbon, smooth
from visage.data.demo.palette import INK, Colour, light, mix, shadow
from visage.data.demo.person import Person

_ACROSS = np.linspace(-1, 1, 15)
_BULGE = 1 - _ACROSS**2
_HEART = _BULGE * (0.75 + 0.25 * _ACROSS**2 - 0.25 * np.cos(2 * np.pi * _ACROSS))


def draw_brows(canvas: Canvas, person: Person) -> None:
    """Draws both brows, darker than the hair and later grey."""
    face, hair = person.face, person.hair
    y = face.eye_y - face.brow_lift - person.expression.brows
    inner, outer = face.eye_gap - face.eye_width * 1.15, face.eye_gap + face.eye_width * 1.2
    top = (inner + outer) / 2 + 0.03
    thick = face.brow_thickness
    line = [(inner, y + 0.02), (top, y - 0.035), (outer, y + 0.045)]
    brow = ribbon(line, [thick, thick * 1.1, thick * 0.35])
    own = mix(shadow(hair.colour, 0.55), person.skin.colour, 0.1)
    colour = mix(own, hair.grey_colour, hair.grey * 0.7)
    canvas.fill_all([brow, mirrored(brow)], colour, alpha=0.55 + 6 * min(thick, 0.07))


def draw_nose(canvas: Canvas, person: Person) -> None:
    """Draws the nose, mostly by light and shade."""
    face, skin = person.face, person.skin.colour
    half, y = face.nose_width, face.nose_y
    dark = shadow(skin, 1.25)
    canvas.glow((0.05, y - 0.2), (0.13, 0.34), dark, alpha=0.25)
    canvas.glow((-0.015, y - 0.17), (0.07, 0.3), light(skin, 0.6), alpha=0.4)
    canvas.glow((0, y + 0.035), (half * 1.5, 0.085), dark, alpha=0.75)
    canvas.glow((-0.01, y - 0.05), (half * 0.75, 0.09), light(skin, 0.5), alpha=0.7)
    edge = [(half * 0.8, y - 0.1), (half * 1.12, y - 0.035), (half * 0.72, y + 0.015)]
    wing = ribbon(edge, [0.006, 0.024, 0.01])
    canvas.fill_all([wing, mirrored(wing)], dark, alpha=0.75)
    hole = ellipse(half * 0.45, y + 0.012, half * 0.26, 0.018)
    canvas.fill_all([hole, mirrored(hole)], shadow(dark, 1.2), alpha=0.85)


def draw_mouth(canvas: Canvas, person: Person) -> None:
    """Draws lips and what is between them; the corners rise with the smile."""
    face, expression, skin = person.face, person.expression, person.skin.colour
    half = face.mouth_width * (1 + 0.16 * expression.smile)
    lift = -0.34 * expression.smile * half
    x, line = half * _ACROSS, face.mouth_y + lift * (_ACROSS**2 - 0.3)
    gap = 0.48 * expression.open * half * _BULGE
    lips = person.outfit.lipstick or mix(shadow(skin, 0.75), (196, 84, 84), 0.34)
    canvas.glow((0, face.mouth_y + 0.17), (half * 0.8, 0.07), shadow(skin, 1.2), alpha=0.55)
    canvas.fill(_band(x, line - 0.055 * face.lip * _HEART, line), shadow(lips, 0.25))
    canvas.fill(_band(x, line + gap, line + gap + 0.075 * face.lip * _BULGE**0.8), lips)
    if expression.open > 0:
        _draw_opening(canvas, person, x=x, line=line, gap=gap)
    edge = ribbon(np.stack([x, line], 1)[::2], [0.008, 0.02, 0.008])
    canvas.fill(edge, shadow(mix(lips, INK, 0.35), 0.8))
    shine = (-0.04, float(line[7] + gap[7]) + 0.03)
    canvas.glow(shine, (0.09, 0.03), light(lips, 0.6), alpha=0.4)
    _draw_corners(canvas, half, float(line[-1]), shadow(skin, 1.4))


def _draw_opening(canvas: Canvas, person: Person, *, x: Points, line: Points, gap: Points) -> None:
    """Draws the open mouth, with teeth above once they have grown."""
    canvas.fill(_band(x, line, line + gap), (106, 34, 40))
    if person.age > 0:
        teeth = mix((250, 246, 238), (226, 206, 160), 0.6 * person.skin.wrinkles)
        canvas.fill(_band(x * 0.93, line, line + gap * 0.62), teeth)


def _draw_corners(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    corner = smooth([(x * 0.98, y - 0.03), (x * 1.06, y), (x, y + 0.025)])
    canvas.lines([corner, mirrored(corner)], colour, width=0.014, alpha=0.55)


def _band(x: Points, top: Points, bottom: Points) -> Points:
    """Returns the outline of the area between two heights."""
    return np.concatenate([np.stack([x, top], 1), np.stack([x, bottom], 1)[::-1]])
