"""Draws shoulders, neck, ears and the bare head, with the light from one side."""

import numpy as np

from visage.data.demo.canvas import Canvas, Mask
from visage.data.demo.curves import both_sides, ellipse, mirrored, smooth
from visage.data.demo.looks import Collar
from visage.data.demo.palette import WHITE, Colour, light, mix, shadow
from visage.data.demo.person import Person

_BOTTOM = 2.6  # below every picture's edge


def draw_body(canvas: Canvas, person: Person) -> None:
    """Draws clothes and neck, and the head's shadow on the neck."""
    face, skin, cloth = person.face, person.skin.colour, person.outfit.cloth
    neck, shoulder = face.neck_width, face.shoulder
    side = [(neck * 0.98, 0.3), (neck * 0.98, 1.0), (neck * 1.12, 1.24), (neck * 1.6, 1.36)]
    canvas.fill(both_sides(np.array([*side, (neck * 1.7, 1.7)])), shadow(skin, 0.35))
    canvas.glow((0, 0.98), (neck * 1.35, 0.36), shadow(skin, 1.5), alpha=0.6)
    slope = smooth([(neck * 1.14, 1.18), (neck * 1.7, 1.34), (shoulder, 1.56), (shoulder, _BOTTOM)])
    dip = smooth([(0.0, 1.56), (neck * 0.7, 1.46), (neck * 1.14, 1.18)])
    canvas.fill(both_sides(np.concatenate([dip, slope])), cloth)
    canvas.lines([both_sides(dip)], shadow(cloth, 0.7), width=0.035, alpha=0.8)
    _draw_collar(canvas, neck, kind=person.outfit.collar, cloth=cloth)


def _draw_collar(canvas: Canvas, neck: float, *, kind: Collar, cloth: Colour) -> None:
    if kind is Collar.SHIRT:
        flap = np.array([(neck * 1.1, 1.12), (neck * 1.45, 1.36), (0.26, 1.78), (0.0, 1.54)])
        canvas.fill_all([flap, mirrored(flap)], light(cloth, 0.4))
        canvas.lines([flap[1:], mirrored(flap)[1:]], shadow(cloth, 0.8), width=0.02, alpha=0.6)
    if kind is Collar.STRIPES:
        bright = mix(cloth, WHITE, 0.65)
        rows = [smooth([(-1.3, y + 0.16), (0.0, y), (1.3, y + 0.16)]) for y in (1.72, 1.92, 2.12)]
        canvas.lines(rows, bright, width=0.07)


def draw_ears(canvas: Canvas, person: Person, *, turn: float) -> None:
    """Draws both ears; the one on the side to which the head turns comes out narrower."""
    face, colour = person.face, person.skin.colour
    y = face.eye_y + 0.12
    for side in (-1.0, 1.0):
        width = 0.10 * (1 - 2.2 * side * turn)
        x = side * (float(face.half_width(np.array([y]))[0]) + 0.3 * width)
        canvas.fill(ellipse(x, y, width, face.ear), shadow(colour, 0.25))
        canvas.fill(ellipse(x, y, width * 0.55, face.ear * 0.62), shadow(colour, 0.9), alpha=0.6)


def draw_head(canvas: Canvas, person: Person, *, lit: float) -> Mask:
    """Draws skull, shading and blush; returns the head's area. `lit` is the bright side, -1..1."""
    face, skin = person.face, person.skin
    outline = face.outline()
    area = canvas.mask(outline)
    canvas.fill(outline, skin.colour)
    dark, bright = shadow(skin.colour, 1.15), light(skin.colour, 0.55)
    width = face.head_width
    away = -1.0 if lit > 0 else 1.0
    canvas.glow((away * width * 1.15, 0.1), (0.75, 1.5), dark, alpha=0.62, clip=area)
    canvas.glow((-away * width * 1.3, 0.1), (0.55, 1.4), dark, alpha=0.25, clip=area)
    canvas.glow((0, 1.12), (0.9, 0.42), dark, alpha=0.45, clip=area)
    canvas.glow((lit * 0.3, -0.45), (0.6, 0.42), bright, alpha=0.55, clip=area)
    for side in (-1.0, 1.0):
        cheek = (side * (face.eye_gap + 0.1), face.nose_y - 0.02)
        canvas.glow(cheek, (0.27, 0.22), _blush(skin.colour), alpha=skin.blush, clip=area)
    return area


def _blush(colour: Colour) -> Colour:
    return min(colour[0] * 1.04, 255), colour[1] * 0.72, colour[2] * 0.70
