"""The person behind a drawn face: age and gender first, then looks that follow them by chance.

Looks follow the age that someone looks to be, which misses the true age by several years in the
old and by months in small children, as with real faces: no model can be perfect.
"""

from dataclasses import dataclass

import numpy as np

from visage.data.demo.hairstyle import Hair, sample_hair
from visage.data.demo.looks import (
    Expression,
    Outfit,
    Skin,
    sample_expression,
    sample_outfit,
    sample_skin,
)
from visage.data.demo.proportions import Face, sample_face, sample_masculinity


@dataclass(frozen=True)
class Person:
    """Someone to be drawn; `age` in years 0..100, `gender` 0 = female, 1 = male."""

    age: int
    gender: int
    face: Face
    skin: Skin
    hair: Hair
    expression: Expression
    outfit: Outfit


def sample_age(rng: np.random.Generator) -> int:
    """Returns an age in 0..100: a sixth are children, most are 20 to 40, a tail passes 90."""
    if rng.random() < 0.16:
        return int(13 * rng.beta(0.9, 1.5))
    return int(13 + 88 * rng.beta(1.75, 3.3))


def sample_person(rng: np.random.Generator) -> Person:
    """Returns a person of a sampled age and gender."""
    age = sample_age(rng)
    return sample_looks(age, gender=int(rng.integers(2)), rng=rng)


def sample_looks(age: int, *, gender: int, rng: np.random.Generator) -> Person:
    """Returns a person of this age and gender."""
    years = max(age + 0.4 + float(rng.normal(0, 0.3 + 0.055 * age)), 0.0)
    masculinity = sample_masculinity(years, gender=gender, rng=rng)
    skin = sample_skin(years, rng=rng)
    return Person(
        age=age,
        gender=gender,
        face=sample_face(years, masculinity=masculinity, rng=rng),
        skin=skin,
        hair=sample_hair(years, gender=gender, tone=skin.tone, rng=rng),
        expression=sample_expression(years, rng=rng),
        outfit=sample_outfit(years, gender=gender, rng=rng),
    )
