"""One face from one seed: a person, a pose, the drawing from back to front, the photograph."""

from dataclasses import dataclass

import numpy as np

from visage.data.demo.background import paint_background
from visage.data.demo.beard import draw_beard
from visage.data.demo.body import draw_body, draw_ears, draw_head
from visage.data.demo.camera import Pose, photograph, sample_pose
from visage.data.demo.canvas import Canvas, Image
from visage.data.demo.extras import draw_bow, draw_earrings, draw_glasses, draw_pacifier
from visage.data.demo.eyes import draw_eyes
from visage.data.demo.features import draw_brows, draw_mouth, draw_nose
from visage.data.demo.hair import draw_hair
from visage.data.demo.long_hair import draw_hair_behind, draw_locks
from visage.data.demo.person import Person, sample_person
from visage.data.demo.wrinkles import draw_spots, draw_wrinkles

_OVERSAMPLING = 2


@dataclass(frozen=True)
class Portrait:
    """A person and their photo, RGB of shape (size, size, 3)."""

    person: Person
    image: Image
    jpeg_quality: int


def make_portrait(number: int, *, size: int, seed: int) -> Portrait:
    """Returns the portrait `number` of the series `seed`, independent of all others."""
    rng = np.random.default_rng([seed, number])
    person = sample_person(rng)
    drawing = draw_person(person, pose=sample_pose(rng), size=size * _OVERSAMPLING, rng=rng)
    image = photograph(drawing, size=size, rng=rng)
    return Portrait(person, image, jpeg_quality=int(rng.integers(72, 96)))


def draw_person(person: Person, *, pose: Pose, size: int, rng: np.random.Generator) -> Image:
    """Returns the drawing of a person before a background, from back to front."""
    canvas = Canvas(paint_background(size, rng=rng), pose.frame(size))
    draw_hair_behind(canvas, person, rng=rng)
    draw_body(canvas, person)
    draw_ears(canvas, person, turn=pose.turn)
    area = draw_head(canvas, person, lit=pose.lit)
    front = canvas.moved(pose.turn, pose.nod, squeeze=1 - 0.5 * abs(pose.turn))
    draw_wrinkles(front, person, area=area, rng=rng)
    draw_spots(front, person, area=area, rng=rng)
    draw_beard(canvas, person, area=area)
    draw_brows(front, person)
    draw_eyes(front, person)
    draw_nose(front, person)
    draw_mouth(front, person)
    draw_hair(canvas, person, lit=pose.lit, area=area, rng=rng)
    draw_locks(canvas, person)
    draw_earrings(canvas, person)
    draw_glasses(front, person)
    draw_bow(canvas, person)
    draw_pacifier(front, person)
    return canvas.image
