"""Draws what years leave on the skin: lines, folds, bags under the eyes, spots; and freckles."""

import numpy as np

from visage.data.demo.canvas import Canvas, Mask
from visage.data.demo.curves import Points, ellipse, mirrored, smooth
from visage.data.demo.palette import shadow
from visage.data.demo.person import Person


def draw_wrinkles(canvas: Canvas, person: Person, *, area: Mask, rng: np.random.Generator) -> None:
    """Draws the lines of age; each kind has its own depth, and some do not show at all."""
    depth = person.skin.wrinkles
    if depth < 0.05:
        return
    dark = shadow(person.skin.colour, 1.45)
    groups = [_forehead, _crows_feet, _frown, _folds, _bags, _marionette]
    strengths = np.clip(depth * rng.lognormal(-0.05, 0.35, len(groups)), 0, 1)
    for group, strength in zip(groups, strengths, strict=True):
        lines = group(person, float(strength), rng)
        canvas.lines(lines, dark, width=0.012 + 0.014 * strength, alpha=0.7 * float(strength))
    face = person.face
    for side in (-1.0, 1.0):
        hollow = (side * (face.mouth_width + 0.24), face.mouth_y - 0.1)
        canvas.glow(hollow, (0.16, 0.3), dark, alpha=0.42 * depth, clip=area)
        bag = (side * face.eye_gap, face.eye_y + 0.17)
        canvas.glow(bag, (0.17, 0.09), dark, alpha=0.5 * depth)


def draw_spots(canvas: Canvas, person: Person, *, area: Mask, rng: np.random.Generator) -> None:
    """Draws age spots on temples and cheeks, and freckles around the nose."""
    skin, face = person.skin, person.face
    dark = shadow(skin.colour, 1.5)
    places = rng.uniform((-0.62, -0.6), (0.62, 0.5), (int(10 * skin.spots), 2))
    sizes = rng.uniform(0.012, 0.035, len(places))
    spots = [ellipse(x, y, size * 1.2, size) for (x, y), size in zip(places, sizes, strict=True)]
    if spots:
        canvas.fill_all(spots, dark, alpha=0.4, clip=area)
    count = int(34 * skin.freckles)
    if count:
        across, down = rng.normal(0, 0.3, count), rng.normal(face.nose_y - 0.12, 0.08, count)
        dots = [ellipse(x, y, 0.016, 0.016) for x, y in zip(across, down, strict=True)]
        canvas.fill_all(dots, dark, alpha=0.55, clip=area)


def _forehead(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    top = person.face.eye_y - person.face.brow_lift - 0.12
    rows = [top - 0.1 * i for i in range(1 + int(3 * strength))]
    lines = []
    for y in rows:
        reach = float(rng.uniform(0.26, 0.42))
        drop = rng.normal((0.03, 0, 0.012, 0, 0.03), 0.012)
        across = np.linspace(-reach, reach, 5) + rng.normal(0, 0.03)
        lines.append(smooth(np.stack([across, y + drop], 1)))
    return lines


def _crows_feet(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    face = person.face
    x, y = face.eye_gap + face.eye_width + 0.035, face.eye_y
    length = 0.08 + 0.08 * strength + float(rng.uniform(0, 0.02))
    ways = [(length, -0.6 * length), (length * 1.15, 0.0), (length, 0.6 * length)]
    rays = [smooth([(x, y + 0.3 * dy), (x + dx, y + dy)]) for dx, dy in ways]
    return _on_both_sides(rays)


def _frown(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    y = person.face.eye_y - person.face.brow_lift
    height = 0.1 + 0.05 * strength + float(rng.uniform(0, 0.03))
    return _on_both_sides([smooth([(0.05, y + 0.06), (0.06, y + 0.06 - height)])])


def _folds(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    face = person.face
    top, bottom = (face.nose_width + 0.05, face.nose_y - 0.05), face.mouth_y + 0.06 * strength
    bend = face.mouth_width * 0.9 + 0.1 + float(rng.uniform(0, 0.03))
    return _on_both_sides(
        [smooth([top, (bend, (face.nose_y + face.mouth_y) / 2), (bend + 0.02, bottom)])]
    )


def _bags(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    face = person.face
    x, y, half = face.eye_gap, face.eye_y + 0.14, face.eye_width * 0.9
    drop = 0.07 + 0.04 * strength + float(rng.uniform(-0.01, 0.01))
    return _on_both_sides([smooth([(x - half, y), (x, y + drop), (x + half, y + 0.01)])])


def _marionette(person: Person, strength: float, rng: np.random.Generator) -> list[Points]:
    face = person.face
    if strength < 0.45:
        return []
    x, y = face.mouth_width + 0.03, face.mouth_y + 0.03
    drop = 0.16 * strength + float(rng.uniform(0, 0.03))
    return _on_both_sides([smooth([(x, y), (x + 0.035, y + drop / 2), (x + 0.02, y + drop)])])


def _on_both_sides(lines: list[Points]) -> list[Points]:
    return lines + [mirrored(line) for line in lines]
