"""Draws what is put on: glasses, earrings, a bow, a pacifier."""

import numpy as np

from visage.data.demo.canvas import Canvas
from visage.data.demo.curves import Points, ellipse, mirrored, shifted, smooth
from visage.data.demo.palette import WHITE, Colour, light, shadow
from visage.data.demo.person import Person


def draw_glasses(canvas: Canvas, person: Person) -> None:
    """Draws a frame, its lenses slightly bright; nothing where none are worn."""
    face, frame = person.face, person.outfit.glasses
    if frame is None:
        return
    y = face.eye_y + 0.02
    rx, ry = face.eye_width * 1.42, face.eye_width * (1.4 if person.outfit.round_glasses else 1.05)
    lens = ellipse(face.eye_gap, y, rx, ry)
    if not person.outfit.round_glasses:
        lens = _boxed(lens, face.eye_gap, y, rx, ry)
    lenses = [lens, mirrored(lens)]
    canvas.fill_all(lenses, (236, 244, 250), alpha=0.14)
    closed = [np.concatenate([outline, outline[:1]]) for outline in lenses]
    inner, outer = face.eye_gap - rx, face.eye_gap + rx
    bridge = smooth([(-inner, y), (0.0, y - 0.05), (inner, y)])
    arm = np.array([(outer, y - 0.03), (face.head_width + 0.03, y - 0.06)])
    for group in (closed, [bridge], [arm, mirrored(arm)]):
        canvas.lines(group, frame, width=0.04)


def draw_earrings(canvas: Canvas, person: Person) -> None:
    """Draws a drop below each ear."""
    if person.outfit.earrings:
        x, y = person.face.head_width + 0.02, person.face.eye_y + 0.12 + person.face.ear * 1.15
        for side in (-1.0, 1.0):
            canvas.fill(ellipse(side * x, y, 0.045, 0.045), (226, 184, 84))
            canvas.fill(ellipse(side * x - 0.012, y - 0.012, 0.016, 0.016), WHITE)


def draw_bow(canvas: Canvas, person: Person) -> None:
    """Draws a bow on a little girl's head."""
    bow = person.outfit.bow
    if bow is not None:
        x, y = 0.42 if person.hair.parting_x > 0 else -0.42, -0.88
        edge = [(0.0, 0.0), (0.13, -0.15), (0.27, -0.12), (0.27, 0.12), (0.13, 0.12)]
        wing = smooth(edge, closed=True)
        canvas.fill_all([shifted(wing, x, y), shifted(mirrored(wing), x, y)], bow)
        canvas.fill(ellipse(x, y, 0.07, 0.075), shadow(bow, 0.6))


def draw_pacifier(canvas: Canvas, person: Person) -> None:
    """Draws a pacifier in a baby's mouth."""
    colour: Colour | None = person.outfit.pacifier
    if colour is not None:
        y = person.face.mouth_y
        canvas.fill(ellipse(0, y, 0.23, 0.15), shadow(colour, 0.25))
        canvas.fill(ellipse(0, y - 0.01, 0.2, 0.12), colour)
        canvas.fill(ellipse(0, y, 0.085, 0.08), light(colour, 0.6))
        canvas.lines([ellipse(0, y + 0.08, 0.09, 0.09)], shadow(colour, 0.8), width=0.03)


def _boxed(lens: Points, x: float, y: float, rx: float, ry: float) -> Points:
    """Returns a rounded rectangle in place of an ellipse."""
    unit = (lens - (x, y)) / (rx, ry)
    return np.asarray(np.sign(unit) * np.abs(unit) ** 0.55 * (rx, ry) + (x, y))
