"""What is known of a set of images and what a model says of them, as aligned arrays.

`posterior` makes estimates, `metrics` measures them, and neither knows the other: what passes
between them stands here, below both. Ages are in years, gender is 0 = female, 1 = male. The
classes don't compare: `==` on arrays has no single answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Labels:
    """The truth about N images, each array (N,).

    Where it isn't known, age is NaN and gender -1. Near-duplicates of each other share a group.
    """

    id: NDArray[np.object_]
    age: Floats
    gender: Ints
    group: Ints

    @property
    def has_age(self) -> NDArray[np.bool_]:
        """Whether the age is known, (N,)."""
        known: NDArray[np.bool_] = ~np.isnan(self.age)
        return known

    @property
    def has_gender(self) -> NDArray[np.bool_]:
        """Whether the gender is known, (N,)."""
        return self.gender >= 0


@dataclass(frozen=True, eq=False)
class AgeBounds:
    """Age intervals of N images at one level, arrays (N,), years.

    Attributes:
        coverage: share of the true ages that the intervals promise to hold.
        low: their lower ends; high: their upper ends.
        constant_low: lower ends of intervals of one width for all, with the same promise, to
            compare with; constant_high: their upper ends.
    """

    coverage: float
    low: Floats
    high: Floats
    constant_low: Floats
    constant_high: Floats


@dataclass(frozen=True, eq=False)
class Estimates:
    """What is said of N images, each array (N,), or None where the model has no such head.

    Attributes:
        age: the headline, the posterior's mean.
        age_median: shown beside it.
        age_low: lower end of the age interval.
        age_high: upper end of the age interval.
        age_coverage: share of ages that the interval promises to hold.
        age_bounds: the intervals at every level that was fitted, narrow ones first.
        gender: by the fitted threshold.
        gender_at_half: by the threshold 0.5.
        male_probability: calibrated.
        male_probability_raw: as the model gave it.
        familiarity: mean cosine to the nearest training faces (inference/familiarity.py).
        familiarity_limit: below it a face is unfamiliar; None: nothing is said of that.
        unfamiliar_share: of faces like the calibration part's, called unfamiliar at most.
    """

    age: Floats | None = None
    age_median: Floats | None = None
    age_low: Floats | None = None
    age_high: Floats | None = None
    age_coverage: float | None = None
    age_bounds: tuple[AgeBounds, ...] = ()
    gender: Ints | None = None
    gender_at_half: Ints | None = None
    male_probability: Floats | None = None
    male_probability_raw: Floats | None = None
    familiarity: Floats | None = None
    familiarity_limit: float | None = None
    unfamiliar_share: float | None = None

    @property
    def unfamiliar(self) -> NDArray[np.bool_] | None:
        """Whether the training had no faces like it, (N,); NaN, which is no likeness, is none."""
        if self.familiarity is None or self.familiarity_limit is None:
            return None
        is_unlike: NDArray[np.bool_] = ~(self.familiarity >= self.familiarity_limit)
        return is_unlike
