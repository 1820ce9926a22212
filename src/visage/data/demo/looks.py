"""What else is to be seen on a person: skin, expression, clothes, glasses and adornment."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from visage.codes import FEMALE
from visage.data.demo.palette import (
    BRIGHT,
    IRIS,
    LIPSTICK,
    MUTED,
    PASTEL,
    PLAIN,
    SKIN,
    STRONG,
    Colour,
    along,
    faded,
    mix,
)


@dataclass(frozen=True)
class Skin:
    """Skin; strengths in 0..1."""

    tone: float  # 0 light, 1 dark
    colour: Colour
    blush: float
    wrinkles: float
    spots: float  # of age
    freckles: float


@dataclass(frozen=True)
class Expression:
    """What the face does at the moment."""

    smile: float  # -0.3..1
    open: float  # the mouth; 0 is closed
    brows: float  # raised, head units
    gaze: float  # sideways, in iris radii


class Collar(StrEnum):
    """How the clothes end at the neck."""

    ROUND = "round"
    SHIRT = "shirt"
    STRIPES = "stripes"  # round, with stripes below


# Shares of the collars, in their order, up to an age.
_COLLARS = (
    (14.0, (0.45, 0.1, 0.45)),
    (35.0, (0.55, 0.25, 0.2)),
    (np.inf, (0.3, 0.65, 0.05)),
)


@dataclass(frozen=True)
class Outfit:
    """What is worn; None: not worn."""

    iris: Colour
    cloth: Colour
    collar: Collar
    glasses: Colour | None
    round_glasses: bool
    lipstick: Colour | None
    lashes: float  # 0..1
    earrings: bool
    bow: Colour | None
    pacifier: Colour | None


def sample_skin(years: float, *, rng: np.random.Generator) -> Skin:
    """Returns the skin of someone who looks `years` old."""
    tone = float(rng.beta(0.9, 1.3))
    base = along(SKIN, tone)
    jitter = rng.normal(0, 5, 3)
    tinted = (base[0] + jitter[0], base[1] + jitter[1], base[2] + jitter[2])
    ageing = float(np.clip((years - 22) / 52, 0, 1))
    return Skin(
        tone=tone,
        colour=faded(tinted, ageing),
        blush=float(np.clip(rng.normal(0.32 if years < 8 else 0.16, 0.1), 0, 0.6)),
        wrinkles=float(np.clip(ageing * np.exp(rng.normal(0, 0.22)), 0, 1.1)),
        spots=float(rng.random() < 0.7) * float(np.clip((years - 55) / 35, 0, 1)),
        freckles=float(rng.random() < 0.14 * (1 - tone)) * float(rng.uniform(0.3, 0.7)),
    )


def sample_expression(years: float, *, rng: np.random.Generator) -> Expression:
    """Returns an expression; the young laugh a little more, and the old strain their eyes less."""
    smile = float(np.clip(rng.normal(0.42, 0.34), -0.3, 1))
    laughs = smile > 0.45 and rng.random() < (0.6 if years < 50 else 0.45)
    return Expression(
        smile=smile,
        open=float(rng.uniform(0.35, 1)) if laughs else 0.0,
        brows=float(rng.normal(0, 0.018)),
        gaze=float(np.clip(rng.normal(0, 0.2), -0.4, 0.4)),
    )


def sample_outfit(years: float, *, gender: int, rng: np.random.Generator) -> Outfit:
    """Returns what is worn; make-up and earrings are likelier, never certain, on women."""
    woman = gender == FEMALE
    chances = rng.random(6)
    girlish = woman and 0.5 < years < 9
    sight = 0.04 if years < 6 else 0.1 + 0.35 * float(np.clip((years - 25) / 45, 0, 1))
    dyes = _palette(years + float(rng.normal(0, 1 + 0.1 * years)))
    return Outfit(
        iris=mix(along(IRIS, float(rng.random())), (40, 28, 22), 0.15),
        cloth=along(dyes, float(rng.random())),
        collar=_sample_collar(years, rng=rng),
        glasses=_sample_frame(rng) if chances[0] < sight else None,
        round_glasses=bool(chances[1] < 0.5),
        lipstick=_sample_lipstick(rng) if woman and years > 15 and chances[2] < 0.7 else None,
        lashes=float(np.clip(rng.normal(0.55 if woman else 0.12, 0.25), 0, 1)),
        earrings=bool(chances[3] < ((0.42 if woman else 0.05) if years > 11 else 0.02)),
        bow=along(LIPSTICK, float(rng.random())) if girlish and chances[4] < 0.3 else None,
        pacifier=along(PASTEL, float(rng.random())) if years < 2.5 and chances[5] < 0.28 else None,
    )


def _palette(years: float) -> tuple[Colour, ...]:
    """Returns what is worn at an age: pastels, bright, strong, dark, muted."""
    palettes = ((4.0, PASTEL), (15.0, BRIGHT), (34.0, STRONG), (57.0, PLAIN), (np.inf, MUTED))
    return next(colours for limit, colours in palettes if years < limit)


def _sample_collar(years: float, *, rng: np.random.Generator) -> Collar:
    shares = next(shares for limit, shares in _COLLARS if years < limit)
    return list(Collar)[int(rng.choice(len(Collar), p=shares))]


def _sample_frame(rng: np.random.Generator) -> Colour:
    return along(((30, 28, 32), (96, 58, 40), (150, 46, 50), (170, 160, 150)), float(rng.random()))


def _sample_lipstick(rng: np.random.Generator) -> Colour:
    return along(LIPSTICK, float(rng.random()))
