"""The proportions of a face and how they follow age and gender.

Lengths are in head units (crown to chin is 2). A small child has a round head, large eyes low in
it and a small nose; jaw, brows, neck and lips part men from women after puberty, with a strength
that differs from one to the next, so that no single measure tells.
"""

from dataclasses import dataclass

import numpy as np

from visage.codes import MALE
from visage.data.demo.curves import Points


@dataclass(frozen=True)
class Face:
    """Where things are in a face; `eye_open` and `lip` are ratios, `head_jaw` an exponent."""

    head_width: float  # half of it
    head_jaw: float  # of the lower outline: 2 is pointed, 3.2 square
    cheek: float  # fullness of the cheeks
    jowl: float  # sagging beside the chin
    eye_y: float
    eye_gap: float  # from the middle to an eye's centre
    eye_width: float  # half of it
    eye_open: float  # height over width
    eye_tilt: float
    iris: float  # radius
    brow_lift: float  # above the eye
    brow_thickness: float
    nose_y: float  # its lower end
    nose_width: float  # half of it
    mouth_y: float
    mouth_width: float  # half of it
    lip: float  # fullness
    ear: float  # half its height
    neck_width: float  # half of it
    shoulder: float  # half the width of the shoulders

    def half_width(self, y: Points) -> Points:
        """Returns half the head's width at heights y in -1..1."""
        upper = np.sqrt(1 - np.minimum(np.abs(y), 1) ** 2.3)
        lower = (1 - np.clip(y, 0, 1) ** self.head_jaw) ** 0.6
        sides = self.head_width * np.where(y < 0, upper, lower)
        cheeks = self.cheek * np.exp(-(((y - 0.42) / 0.26) ** 2))
        jowls = self.jowl * np.exp(-(((y - 0.66) / 0.16) ** 2))
        return np.asarray(sides + (cheeks + jowls) * lower)

    def outline(self) -> Points:
        """Returns the closed outline of the head, from the crown clockwise."""
        y = -np.cos(np.linspace(0, np.pi, 22))
        right = np.stack([self.half_width(y), y], 1)
        return np.concatenate([right, right[-2:0:-1] * (-1.0, 1.0)])


def growth(years: float) -> float:
    """Returns 0 at birth and 1 from 18 years on; half of it is done at six."""
    return float(min(years / 18, 1.0) ** 0.65)


def puberty(years: float) -> float:
    """Returns 0 before 11 years and 1 from 19 years on."""
    return float(np.clip((years - 11) / 8, 0, 1))


def sample_masculinity(years: float, *, gender: int, rng: np.random.Generator) -> float:
    """Returns how male a face looks, about -1..1; faint in children, and the two overlap."""
    sign = 1.0 if gender == MALE else -1.0
    strength = 0.15 + 0.85 * puberty(years)
    return float(np.clip(sign * 0.7 * strength + rng.normal(0, 0.36), -1.4, 1.4))


def sample_face(years: float, *, masculinity: float, rng: np.random.Generator) -> Face:
    """Returns the proportions of someone who looks `years` old."""
    grown, male = growth(years), masculinity * (0.25 + 0.75 * puberty(years))
    old = float(np.clip((years - 35) / 50, 0, 1))

    def about(child: float, adult: float, spread: float = 0.05) -> float:
        return float((child + (adult - child) * grown) * np.exp(rng.normal(0, spread)))

    return Face(
        head_width=about(0.93, 0.755, 0.03) + 0.015 * male,
        head_jaw=about(2.7, 2.5, 0.08) + 0.45 * male,
        cheek=about(0.10, 0.015, 0.4) * (1 - 0.6 * old),
        jowl=old**1.5 * float(rng.uniform(0.0, 0.10)),
        eye_y=about(0.27, 0.06, 0.02) + float(rng.normal(0, 0.015)),
        eye_gap=about(0.41, 0.34, 0.035),
        eye_width=about(0.205, 0.152) - 0.006 * male,
        eye_open=(about(0.80, 0.56, 0.08) - 0.05 * male) * (1 - 0.22 * old),
        eye_tilt=float(rng.normal(0.02 - 0.02 * male - 0.03 * old, 0.02)),
        iris=about(0.132, 0.088, 0.04),
        brow_lift=about(0.25, 0.205, 0.08) - 0.025 * male,
        brow_thickness=max(about(0.028, 0.055, 0.18) + 0.018 * male, 0.018),
        nose_y=about(0.50, 0.42, 0.02) + 0.05 * old,
        nose_width=about(0.085, 0.125, 0.12) + 0.014 * male + 0.015 * old,
        mouth_y=about(0.70, 0.665, 0.015) + 0.02 * old,
        mouth_width=about(0.16, 0.255, 0.08) + 0.01 * male,
        lip=max(about(0.8, 1.0, 0.16) - 0.16 * male - 0.45 * old, 0.25),
        ear=about(0.17, 0.185, 0.06) + 0.05 * old,
        neck_width=about(0.36, 0.36, 0.05) + 0.06 * male,
        shoulder=about(0.86, 1.22, 0.05) + 0.12 * male,
    )
