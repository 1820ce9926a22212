"""The colours of the drawn faces, as RGB triples in 0..255, and how they are mixed.

Anchors were chosen by eye so that skin, hair and clothes stay apart at 64 px; what lies between
two anchors is a straight line in RGB.
"""

from collections.abc import Sequence
from typing import Final

Colour = tuple[float, float, float]

SKIN: Final[tuple[Colour, ...]] = (  # from light to dark
    (255, 226, 204),
    (246, 207, 176),
    (231, 183, 143),
    (206, 152, 110),
    (170, 116, 78),
    (126, 82, 56),
    (88, 57, 42),
)
LIGHT_HAIR: Final[tuple[Colour, ...]] = ((232, 200, 140), (206, 160, 92), (180, 92, 48))
BROWN_HAIR: Final[tuple[Colour, ...]] = ((140, 92, 54), (100, 64, 40), (66, 43, 30))
DARK_HAIR: Final[tuple[Colour, ...]] = ((48, 34, 28), (34, 27, 26), (26, 23, 26))
BOLD_HAIR: Final[tuple[Colour, ...]] = ((214, 110, 150), (74, 130, 168), (122, 88, 158))
GREY_HAIR: Final[tuple[Colour, ...]] = ((196, 196, 198), (224, 222, 218), (240, 238, 234))
IRIS: Final[tuple[Colour, ...]] = ((92, 60, 38), (62, 42, 32), (84, 124, 156), (98, 128, 88))
LIPSTICK: Final[tuple[Colour, ...]] = ((190, 40, 58), (204, 84, 104), (150, 44, 66))
BRIGHT: Final[tuple[Colour, ...]] = (
    (222, 72, 64),
    (242, 178, 62),
    (82, 168, 96),
    (64, 148, 210),
    (214, 96, 160),
)
STRONG: Final[tuple[Colour, ...]] = (
    (158, 48, 60),
    (44, 112, 122),
    (72, 96, 160),
    (120, 72, 136),
    (96, 112, 60),
)
PLAIN: Final[tuple[Colour, ...]] = (
    (44, 50, 74),
    (56, 58, 64),
    (84, 84, 92),
    (62, 46, 44),
    (40, 60, 62),
)
MUTED: Final[tuple[Colour, ...]] = (
    (176, 156, 130),
    (150, 140, 164),
    (196, 182, 160),
    (128, 134, 116),
    (168, 128, 126),
)
PASTEL: Final[tuple[Colour, ...]] = (
    (250, 218, 170),
    (186, 216, 232),
    (244, 196, 202),
    (200, 226, 190),
    (226, 208, 236),
)
WALLS: Final[tuple[Colour, ...]] = (
    (198, 216, 226),
    (236, 222, 200),
    (186, 204, 180),
    (226, 198, 190),
    (160, 174, 196),
    (110, 130, 140),
    (206, 196, 220),
    (244, 208, 140),
    (90, 100, 124),
)
INK: Final[Colour] = (46, 30, 28)  # pupils, lash lines
WHITE: Final[Colour] = (252, 250, 246)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Returns the colour on the line from `one` (share 0) to `other` (share 1)."""
    return (
        one[0] + (other[0] - one[0]) * share,
        one[1] + (other[1] - one[1]) * share,
        one[2] + (other[2] - one[2]) * share,
    )


def along(anchors: Sequence[Colour], position: float) -> Colour:
    """Returns the colour at `position` in 0..1 along a row of anchors."""
    place = position * (len(anchors) - 1)
    low = min(int(place), len(anchors) - 2)
    return mix(anchors[low], anchors[low + 1], place - low)


def shadow(colour: Colour, depth: float = 1.0) -> Colour:
    """Returns `colour` in warm shade; depth 0 leaves it, 1 is a clear shadow."""
    deep = (colour[0] * 0.76, colour[1] * 0.66, colour[2] * 0.64)
    return mix(colour, deep, depth)


def light(colour: Colour, strength: float = 0.5) -> Colour:
    """Returns `colour` with warm light on it; strength 1 is the light itself."""
    return mix(colour, (255, 246, 232), strength)


def faded(colour: Colour, age: float) -> Colour:
    """Returns a skin's colour with the freshness gone by `age` in 0..1: paler and less red."""
    grey = 0.4 * colour[0] + 0.4 * colour[1] + 0.2 * colour[2]
    return light(mix(colour, (grey, grey, grey), 0.3 * age), 0.14 * age)


def sheen(colour: Colour) -> Colour:
    """Returns the colour of a shining strand; unlike `light`, it leaves dark hair dark."""
    return (
        min(colour[0] * 1.22 + 8, 255),
        min(colour[1] * 1.2 + 7, 255),
        min(colour[2] * 1.16 + 6, 255),
    )
