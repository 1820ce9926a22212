"""Hair and beard of a person: style, colour, greying and thinning.

All of it follows age and gender only by chance: some women wear their hair short and some men
long, greying sets in at 25 or at 70, some dye it, and most men shave.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from visage.codes import FEMALE, MALE
from visage.data.demo.palette import (
    BOLD_HAIR,
    BROWN_HAIR,
    DARK_HAIR,
    GREY_HAIR,
    LIGHT_HAIR,
    Colour,
    along,
    mix,
)


class Style(StrEnum):
    """How the hair is worn."""

    FLUFF = "fluff"  # a baby's first hair
    BUZZ = "buzz"
    SHORT = "short"
    BOB = "bob"
    LONG = "long"
    BUN = "bun"
    TAILS = "tails"
    WREATH = "wreath"  # what is left on a bald head, ear to ear


class Beard(StrEnum):
    """What is worn on chin and lip."""

    NONE = "none"
    STUBBLE = "stubble"
    MOUSTACHE = "moustache"
    GOATEE = "goatee"
    FULL = "full"


# Shares of the styles by the age from which they hold.
_STYLES: dict[int, dict[float, dict[Style, float]]] = {
    FEMALE: {
        0: {Style.FLUFF: 0.9, Style.SHORT: 0.1},
        2: {Style.FLUFF: 0.2, Style.SHORT: 0.1, Style.BOB: 0.4, Style.TAILS: 0.3},
        4: {Style.LONG: 0.4, Style.TAILS: 0.28, Style.BOB: 0.26, Style.SHORT: 0.06},
        13: {Style.LONG: 0.6, Style.BOB: 0.25, Style.BUN: 0.08, Style.SHORT: 0.07},
        45: {Style.LONG: 0.32, Style.BOB: 0.4, Style.BUN: 0.12, Style.SHORT: 0.16},
        65: {Style.LONG: 0.14, Style.BOB: 0.46, Style.BUN: 0.16, Style.SHORT: 0.24},
    },
    MALE: {
        0: {Style.FLUFF: 0.9, Style.SHORT: 0.1},
        2: {Style.FLUFF: 0.2, Style.SHORT: 0.7, Style.BUZZ: 0.1},
        4: {Style.SHORT: 0.82, Style.BUZZ: 0.12, Style.BOB: 0.04, Style.LONG: 0.02},
        13: {Style.SHORT: 0.76, Style.BUZZ: 0.17, Style.BOB: 0.03, Style.LONG: 0.04},
    },
}
_BEARDS: dict[Beard, float] = {
    Beard.NONE: 0.38,
    Beard.STUBBLE: 0.2,
    Beard.MOUSTACHE: 0.06,
    Beard.GOATEE: 0.1,
    Beard.FULL: 0.26,
}


@dataclass(frozen=True)
class Hair:
    """How the hair looks; lengths in head units, shares in 0..1."""

    style: Style
    colour: Colour  # before greying
    grey: float  # share of grey hairs
    grey_colour: Colour
    thinning: float  # of the top; the scalp shows through
    recession: float  # of the hairline, most at the temples
    volume: float  # beyond the skull
    curl: float  # 0 straight, 1 curly
    end_y: float  # where long hair ends
    hairline_y: float
    parting_x: float
    fringe: bool
    beard: Beard

    @property
    def blend(self) -> Colour:
        """The colour from afar."""
        return mix(self.colour, self.grey_colour, self.grey)


def sample_hair(years: float, *, gender: int, tone: float, rng: np.random.Generator) -> Hair:
    """Returns the hair of someone who looks `years` old; `tone` is the skin's, 0 light, 1 dark."""
    bald = _sample_baldness(years, gender=gender, rng=rng)
    grey, dyed = _sample_grey(years, gender=gender, rng=rng)
    style = _sample_style(years, gender=gender, bald=bald, rng=rng)
    curl = float(rng.beta(0.7, 1.8 - 1.1 * tone))
    return Hair(
        style=style,
        colour=_sample_colour(years, tone=tone, dyed=dyed, rng=rng),
        grey=grey,
        grey_colour=along(GREY_HAIR, float(np.clip(rng.normal(grey * 0.8, 0.2), 0, 1))),
        thinning=float(np.clip(bald * 0.9 + max(years - 60, 0) / 120 + rng.normal(0, 0.08), 0, 1)),
        recession=float(np.clip(bald + rng.normal(0.03, 0.05), 0, 1)),
        volume=float(rng.uniform(0.05, 0.13) + 0.10 * curl + (0.12 * curl if tone > 0.6 else 0)),
        curl=curl,
        end_y=float(rng.uniform(0.85, 1.1) if style is Style.BOB else rng.uniform(1.25, 2.0)),
        hairline_y=float(rng.normal(-0.55, 0.045)),
        parting_x=float(rng.uniform(-0.42, 0.42)),
        fringe=bool(rng.random() < (0.42 if years < 13 else 0.22)),
        beard=_sample_beard(years, gender=gender, rng=rng),
    )


def _sample_baldness(years: float, *, gender: int, rng: np.random.Generator) -> float:
    """Returns 0 (all hair there) to 1 (bald); mostly men's, and it comes with age."""
    disposition = rng.beta(1.3, 1.2) if gender == MALE else 0.25 * rng.beta(1.2, 3)
    return float(np.clip((years - 22) / 42, 0, 1) * disposition)


def _sample_grey(years: float, *, gender: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Returns the share of grey hairs, and whether the hair is dyed."""
    onset = rng.normal(40, 6)
    grey = float(np.clip((years - onset) / 25, 0, 1))
    dyed = rng.random() < (0.03 if gender == MALE else 0.18) and 14 < years < 80
    return (grey * 0.12 if dyed else grey), bool(dyed)


def _sample_style(years: float, *, gender: int, bald: float, rng: np.random.Generator) -> Style:
    if bald > 0.58:
        return Style.WREATH
    rows = _STYLES[gender]
    shares = rows[max(start for start in rows if start <= years)]
    return list(shares)[int(rng.choice(len(shares), p=list(shares.values())))]


def _sample_colour(years: float, *, tone: float, dyed: bool, rng: np.random.Generator) -> Colour:
    """Returns the hair's own colour, or the dye's; light hair goes with light skin."""
    position, pick = float(rng.random()), float(rng.random())
    if dyed and years < 35 and pick < 0.6:
        return along(BOLD_HAIR, position)
    chance_light = max(0.3 - 0.7 * tone, 0.15 if dyed else 0.0)
    if pick < chance_light:
        return along(LIGHT_HAIR, position)
    if pick < chance_light + 0.42 * (1 - tone):
        return along(BROWN_HAIR, position)
    return along(DARK_HAIR, position)


def _sample_beard(years: float, *, gender: int, rng: np.random.Generator) -> Beard:
    kind = list(_BEARDS)[int(rng.choice(len(_BEARDS), p=list(_BEARDS.values())))]
    can = gender == MALE and years > rng.normal(18.5, 1.5)
    return kind if can else Beard.NONE
