"""k-fold: equal folds that do not depend on which of them is tested."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.data.dealing import EmptyPartError
from visage.data.splits.kfold import assign
from visage.params.split import Fractions, Kfold, Split


def rows_in(sizes: list[int], *, seed: int = 0) -> pd.DataFrame:
    """Returns rows in components of these sizes."""
    n, rng = sum(sizes), np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": rng.permutation(n).astype(str),
            "age": rng.integers(0, 80, n).astype(np.float32),
            "gender": rng.integers(0, 2, n),
            "component": np.repeat(np.arange(len(sizes)), sizes),
        }
    )


def params(*, folds: int, fold: int = 0, seed: int = 13, **fractions: float) -> Split:
    shares = {"train": 0.6, "validation": 0.1, "calibration": 0.1, "test": 0.2, **fractions}
    return Split(
        method="kfold",
        fractions=Fractions(**shares),
        by_identity=True,
        kfold=Kfold(folds=folds, fold=fold),
        age_bin_years=10,
        seed=seed,
    )


def folds_of(rows: pd.DataFrame, *, folds: int, seed: int = 13) -> pd.DataFrame:
    """Returns a column a fold: whether a row is in its test part."""
    columns = [
        assign(rows, params(folds=folds, fold=fold, seed=seed)).eq("test") for fold in range(folds)
    ]
    return pd.concat(columns, axis=1)


@given(
    sizes=st.lists(st.integers(1, 4), min_size=40, max_size=80),
    folds=st.integers(2, 6),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=25, deadline=None)
def test_every_row_is_tested_in_exactly_one_fold(sizes: list[int], folds: int, seed: int) -> None:
    assert folds_of(rows_in(sizes), folds=folds, seed=seed).sum(axis=1).eq(1).all()


def test_folds_are_equal_to_the_image() -> None:
    assert folds_of(rows_in([1] * 500), folds=5).sum().tolist() == [100] * 5


def test_folds_are_stratified() -> None:
    rows = rows_in([1] * 2000)
    in_fold = folds_of(rows, folds=5).to_numpy().argmax(axis=1)
    counts = pd.crosstab([rows["age"] // 10, rows["gender"]], in_fold)
    assert (counts.max(axis=1) - counts.min(axis=1)).max() <= 2


def test_the_rest_is_dealt_in_proportion() -> None:
    sizes = assign(rows_in([1] * 1000), params(folds=5, fold=3)).value_counts()
    assert sizes.to_dict() == {"train": 600, "test": 200, "validation": 100, "calibration": 100}


def test_the_share_of_the_test_part_is_without_effect() -> None:
    rows = rows_in([1] * 200)
    expected = assign(rows, params(folds=5))
    assert assign(rows, params(folds=5, train=0.75, validation=0.125, calibration=0.125, test=0.0))[
        expected.index
    ].equals(expected)


def test_too_few_groups_for_the_folds_are_told() -> None:
    with pytest.raises(EmptyPartError, match=r"fold 3, fold 4 would have no.*split.kfold.folds"):
        assign(rows_in([2, 2, 2]), params(folds=5))
