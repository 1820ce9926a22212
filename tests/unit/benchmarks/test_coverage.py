"""Re-splits of images that are exchangeable, whose intervals must hold what they promise."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from visage.params.calibrate import Calibrate
from visage.params.load import load
from visage.params.split import Split

GRID = np.arange(101)
CALIBRATE = Calibrate(coverage=0.9, coverages=(0.8, 0.9), min_group=30, unfamiliar=None)


@pytest.fixture(scope="module")
def benchmark(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "benchmarks/coverage.py"))


def drawn(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns ages, posteriors and groups; above 60 the posterior is surer than it should be."""
    generator = np.random.default_rng(0)
    told = generator.uniform(10, 90, n)
    ages = np.clip(told + generator.normal(0, np.where(told > 60, 10, 5)), 0, 100)
    density = np.exp(-0.5 * ((GRID - told[:, None]) / 5) ** 2)
    return ages, density / density.sum(axis=1, keepdims=True), np.arange(n) // 2


def runs(benchmark: dict[str, Any], *, share: float, splits: int) -> list[Any]:
    generator, data = np.random.default_rng(1), drawn(1200)
    settings = {"calibrate": CALIBRATE, "share": share, "generator": generator}
    return [benchmark["resplit"](*data, **settings) for _ in range(splits)]


def test_mean_coverage_over_resplits_is_the_promised_one(benchmark: dict[str, Any]) -> None:
    found = runs(benchmark, share=0.5, splits=60)
    means = np.mean([[run["0.8"].mean(), run["0.9"].mean()] for run in found], axis=0)
    assert means == pytest.approx([0.8, 0.9], abs=0.02)  # a group of n holds up to 1/n more
    assert (found[0]["0.9 width"] >= found[0]["0.8 width"]).all()


def test_the_old_are_held_as_often_where_one_width_for_all_fails_them(
    benchmark: dict[str, Any],
) -> None:
    found = runs(benchmark, share=0.5, splits=30)
    old = [run[run["decade"] >= 60][["0.9", "0.9 constant"]].mean() for run in found]
    held, constant = np.mean(old, axis=0)
    assert constant < 0.85 < held == pytest.approx(0.91, abs=0.02)


def test_the_share_fits_and_near_duplicates_stay_together(benchmark: dict[str, Any]) -> None:
    sizes = [len(run) for run in runs(benchmark, share=0.2, splits=20)]
    assert np.mean(sizes) == pytest.approx(0.8 * 1200, rel=0.02)
    assert all(size % 2 == 0 for size in sizes)  # groups are pairs


def test_the_share_is_that_of_the_recipe(benchmark: dict[str, Any], root: Path) -> None:
    split = load(Split, root / "params.yaml")
    fractions = split.fractions.model_copy(update={"calibration": 0.05, "test": 0.2})
    shared = split.model_copy(update={"fractions": fractions})
    assert benchmark["share_of"](shared) == pytest.approx(0.2)
