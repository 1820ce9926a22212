"""Do age intervals hold what they promise, over random re-splits of calibration and test?

    python -m benchmarks.coverage data/predictions/calibration.parquet data/predictions/test.parquet
    python -m benchmarks.coverage data/predictions/calibration.parquet --share 0.5

All images of the files are pooled and dealt anew, near-duplicates together: one share fits the
intervals, the others are measured. The share is calibration's of calibration and test in the
params.yaml of the folder (`split.fractions`), levels and group size are its `calibrate`. Printed:
mean coverage and width beside an interval of one width for all, and by decade of predicted age the
share held with its exact 95 % interval, n being the images of one re-split (the re-splits share
their images, so that they don't add up).
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from visage import schema
from visage.estimates import Floats, Ints
from visage.files.tables import read_table
from visage.metrics.independent import share_interval
from visage.params.calibrate import Calibrate
from visage.params.load import PARAMS_FILE, load
from visage.params.split import Split
from visage.posterior.age import mean_age
from visage.posterior.interval import age_bounds, fit_intervals
from visage.posterior.views import average_views


def resplit(
    ages: Floats,
    posterior: Floats,
    group: Ints,
    *,
    calibrate: Calibrate,
    share: float,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Returns for each image outside the fitting share what the intervals did.

    Columns: decade (of predicted age) and, for each level such as 0.9, `0.9` (held), `0.9 width`,
    `0.9 constant` (held by one width for all), `0.9 constant width`.
    """
    _, members = np.unique(group, return_inverse=True)
    fitting = generator.random(members.max() + 1)[members] < share
    intervals = fit_intervals(
        ages[fitting],
        posterior[fitting],
        group[fitting],
        coverages=calibrate.coverages,
        shown=calibrate.coverage,
        min_group=calibrate.min_group,
    )
    age, told = ages[~fitting], posterior[~fitting]
    found = {"decade": (mean_age(told) // 10).astype(int) * 10}
    for level, one in zip(calibrate.coverages, age_bounds(told, intervals), strict=True):
        found[f"{level:g}"] = (one.low <= age) & (age <= one.high)
        found[f"{level:g} width"] = one.high - one.low
        found[f"{level:g} constant"] = (one.constant_low <= age) & (age <= one.constant_high)
        found[f"{level:g} constant width"] = one.constant_high - one.constant_low
    return pd.DataFrame(found)


def share_of(split: Split) -> float:
    """Returns calibration's share of calibration and test."""
    fractions = split.fractions
    return fractions.calibration / (fractions.calibration + fractions.test)


def pooled(files: list[Path]) -> tuple[Floats, Floats, Ints]:
    """Returns ages, posteriors and groups of the images of all files whose age is known."""
    table = pd.concat([read_table(path, schema.PREDICTIONS) for path in files])
    averaged = average_views(table)
    assert averaged.posterior is not None, "the model has no age head"
    known = averaged.labels.has_age
    return averaged.labels.age[known], averaged.posterior[known], averaged.labels.group[known]


def level_line(runs: list[pd.DataFrame], level: float) -> str:
    """Returns the mean coverage and width over re-splits, beside one width for all."""
    name = f"{level:g}"
    means = pd.DataFrame([run.drop(columns="decade").mean() for run in runs])
    return (
        f"{name}: held {means[name].mean():.4f} (sd over re-splits {means[name].std():.4f}), "
        f"width {means[f'{name} width'].mean():.2f} years; one width for all: held "
        f"{means[f'{name} constant'].mean():.4f}, width "
        f"{means[f'{name} constant width'].mean():.2f} years"
    )


def decade_line(decade: int, rows: pd.DataFrame, *, level: float, splits: int) -> str:
    """Returns the share held by decade of predicted age, and whether its interval holds `level`."""
    n, held = len(rows) / splits, rows[f"{level:g}"].mean()
    low, high = (float(end[0]) for end in share_interval(np.array([held]), np.array([n])))
    return (
        f"{decade:3d}: {n:6.1f}  {held:.3f} [{low:.3f}, {high:.3f}] "
        f"{'holds' if low <= level <= high else 'EXCLUDES'} {level:g}  "
        f"width {rows[f'{level:g} width'].mean():5.1f}; one width for all "
        f"{rows[f'{level:g} constant'].mean():.3f}"
    )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("predictions", nargs="+", type=Path)
    parser.add_argument("--params", type=Path, default=PARAMS_FILE)
    parser.add_argument("--splits", type=int, default=100)
    parser.add_argument("--share", type=float, help="of the images that fit; else that of params")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    calibrate = load(Calibrate, options.params)
    share = options.share or share_of(load(Split, options.params))
    if not 0 < share < 1:
        parser.error("split.fractions.test is 0: say with --share how many images fit")
    data = pooled(options.predictions)
    generator = np.random.default_rng(options.seed)
    runs = [
        resplit(*data, calibrate=calibrate, share=share, generator=generator)
        for _ in range(options.splits)
    ]
    print(f"{len(data[0])} images, {options.splits} re-splits, {share:.1%} of them fit")
    for level in calibrate.coverages:
        print(level_line(runs, level))
    print(f"predicted age: n a re-split, held of {calibrate.coverage:g} [95 %]")
    images = pd.concat(runs)
    for decade in sorted(images["decade"].unique()):
        rows = images[images["decade"] == decade]
        print(decade_line(int(decade), rows, level=calibrate.coverage, splits=options.splits))


if __name__ == "__main__":
    main()
