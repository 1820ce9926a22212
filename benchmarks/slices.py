"""Times all intervals of the evaluation: 2,000 resamples of 10,000 images within 5 seconds.

    python -m benchmarks.slices
    python -m benchmarks.slices --images 50000 --resamples 1000
    PYTHONPATH=<another checkout>/src python -m benchmarks.slices  # its code, for a ratio

The images are generated: both genders, all ages, one source of three, one race of five, and three
numbers; every tenth is a near-duplicate of the one before. Timed is the whole of
metrics/details.json: the headline figures' intervals, slices and gaps, what the threshold and the
views are worth. Seconds on the clock, and of the processor, which is what counts on a machine that
does other work; the best of `--times`.
"""

import argparse
import time
from typing import Any

import numpy as np

from visage.estimates import AgeBounds, Estimates, Floats, Labels
from visage.metrics.details import details
from visage.metrics.traits import Traits

SOURCES = np.array(["agedb", "fairface", "utkface"], dtype=object)
RACES = np.array(["asian", "black", "indian", "other", "white"], dtype=object)
HALF_WIDTHS = {0.8: 8.0, 0.9: 10.0, 0.95: 12.0}  # years, of the intervals


def generated(n: int, *, seed: int) -> tuple[Labels, Traits]:
    """Returns labels and traits of `n` images."""
    rng = np.random.default_rng(seed)
    age, gender = rng.integers(0, 101, n).astype(np.float64), rng.integers(0, 2, n)
    ids = np.array([f"{row:06d}" for row in range(n)], dtype=object)
    labels = Labels(ids, age, gender, np.arange(n) - (np.arange(n) % 10 == 9))
    traits = Traits(
        source=SOURCES[rng.integers(0, len(SOURCES), n)],
        race=RACES[rng.integers(0, len(RACES), n)],
        side=rng.integers(64, 512, n).astype(np.float64),
        brightness=rng.normal(120, 30, n),
        sharpness=rng.lognormal(6, 1, n),
    )
    return labels, traits


def told(labels: Labels, *, error: float, seed: int) -> Estimates:
    """Returns what a model says that is so many years off; nine of ten genders are right."""
    rng = np.random.default_rng(seed)
    n = len(labels.id)
    age = labels.age + rng.normal(0, error, n)
    male = np.clip(0.5 + 0.3 * (2 * labels.gender - 1) + rng.normal(0, 0.25, n), 0, 1)
    return Estimates(
        age=age,
        age_median=np.round(age),
        age_low=age - HALF_WIDTHS[0.9],
        age_high=age + HALF_WIDTHS[0.9],
        age_coverage=0.9,
        age_bounds=tuple(bounds(age, coverage) for coverage in HALF_WIDTHS),
        gender=genders(male, 0.45),
        gender_at_half=genders(male, 0.5),
        male_probability=male,
        male_probability_raw=male**2,
    )


def bounds(age: Floats, coverage: float) -> AgeBounds:
    """Returns intervals of one width."""
    half = HALF_WIDTHS[coverage]
    return AgeBounds(coverage, age - half, age + half, age - half, age + half)


def genders(male: Floats, threshold: float) -> Any:
    """Returns the genders' codes."""
    return (male >= threshold).astype(np.int64)


def timed(labels: Labels, traits: Traits, *, resamples: int) -> tuple[float, float, Any]:
    """Returns seconds on the clock, seconds of the processor, and metrics/details.json."""
    estimates, alone = (told(labels, error=years, seed=2) for years in (6.0, 6.3))
    assert estimates.male_probability is not None
    n = len(labels.id)
    clock, processor = time.perf_counter(), time.process_time()
    found = details(
        labels,
        estimates,
        part="test",
        without_tta=alone,
        baseline=Estimates(age=np.full(n, 50.0), gender=np.ones(n, dtype=np.int64)),
        views=("identity", "hflip"),
        resamples=resamples,
        level=0.95,
        seed=17,
        age_bin_years=10,
        min_slice=20,
        cross_fitted=genders(estimates.male_probability, 0.47),
        traits=traits,
    )
    return time.perf_counter() - clock, time.process_time() - processor, found


def main() -> None:
    """Prints the seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--resamples", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    labels, traits = generated(options.images, seed=1)
    runs = [timed(labels, traits, resamples=options.resamples) for _ in range(options.times)]
    found = runs[0][2]
    n = len(found["slices"]) + sum(len(factor["slices"]) for factor in found["factors"])
    print(f"{options.images:,} images, {options.resamples:,} resamples, best of {options.times}")
    print(f"{n} slices, {len(found['age_bins'])} age bins, {len(found['gaps'])} gaps")
    print(f"{min(run[0] for run in runs):.2f} s, of the processor {min(r[1] for r in runs):.2f} s")


if __name__ == "__main__":
    main()
