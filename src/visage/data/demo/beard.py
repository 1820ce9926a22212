"""Draws beards: stubble, moustache, goatee, full beard."""

import numpy as np

from visage.data.demo.canvas import Canvas, Mask
from visage.data.demo.curves import Points, ellipse, mirrored, smooth
from visage.data.demo.hairstyle import Beard
from visage.data.demo.palette import Colour, light, mix, shadow
from visage.data.demo.person import Person


def draw_beard(canvas: Canvas, person: Person, *, area: Mask) -> None:
    """Draws the beard, if any; called before the mouth, which lies on it."""
    kind, hair = person.hair.beard, person.hair
    grey = min(hair.grey * 1.25, 1.0)
    colour = mix(shadow(hair.colour, 0.3), hair.grey_colour, grey)
    if kind is Beard.STUBBLE:
        canvas.fill(_full(person), colour, alpha=0.26, clip=area)
    elif kind is Beard.FULL:
        canvas.fill(_full(person), colour, alpha=0.93)
        _draw_hairs(canvas, person, colour)
    elif kind is Beard.GOATEE:
        chin = ellipse(0, (person.face.mouth_y + 1.02) / 2 + 0.06, 0.19, 0.17)
        canvas.fill(chin, colour, alpha=0.9)
        canvas.fill_all(_moustache(person), colour, alpha=0.9)
    elif kind is Beard.MOUSTACHE:
        canvas.fill_all(_moustache(person), colour, alpha=0.92)


def _full(person: Person) -> Points:
    """Returns a beard along the jaw, up to the ears, with the cheeks left free."""
    face = person.face
    y = np.linspace(face.eye_y + 0.16, 0.97, 9)
    outer = np.stack([face.half_width(y) + 0.015, y], 1)
    chin = np.array([(0.2, 1.07), (0.0, 1.09)])
    lip = face.nose_y + 0.07
    edge = [(0.0, lip + 0.02), (0.12, lip), (face.mouth_width + 0.1, face.mouth_y - 0.05)]
    edge += [(face.head_width * 0.82, face.mouth_y - 0.12), (outer[0, 0] - 0.06, y[0])]
    right = np.concatenate([smooth(edge), outer, chin])
    return np.concatenate([right, mirrored(right)[::-1]])


def _moustache(person: Person) -> list[Points]:
    face = person.face
    y, reach = (face.nose_y + face.mouth_y) / 2 + 0.03, face.mouth_width + 0.02
    right = smooth(
        [
            (0.0, y - 0.05),
            (reach * 0.55, y - 0.035),
            (reach, y + 0.075),
            (reach * 0.5, y + 0.045),
            (0.0, y + 0.03),
        ],
        closed=True,
    )
    return [right, mirrored(right)]


def _draw_hairs(canvas: Canvas, person: Person, colour: Colour) -> None:
    across = np.linspace(-0.75, 0.75, 11) * person.face.head_width
    hairs = [smooth([(x, 0.80 - 0.5 * x * x), (x * 0.93, 0.99 - 0.5 * x * x)]) for x in across]
    canvas.lines(hairs[::2], shadow(colour, 0.7), width=0.02, alpha=0.45)
    canvas.lines(hairs[1::2], light(colour, 0.3), width=0.02, alpha=0.4)
