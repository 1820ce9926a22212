"""Official parts stay as published; only a calibration part is dealt out of them."""

import numpy as np
import pandas as pd
import pytest

from visage.data.splits.official import OfficialPartsError, assign
from visage.params.split import Fractions, Kfold, Split

FRACTIONS = {"train": 0.6, "validation": 0.3, "calibration": 0.1, "test": 0.0}


def rows_of(parts: dict[str | None, int], *, component: int | None = None) -> pd.DataFrame:
    """Returns rows in these official parts, each a component of its own."""
    names = [name for name, n in parts.items() for _ in range(n)]
    n, rng = len(names), np.random.default_rng(5)
    return pd.DataFrame(
        {
            "id": rng.permutation(n).astype(str),
            "age": rng.integers(0, 80, n).astype(np.float32),
            "gender": rng.integers(0, 2, n),
            "component": np.arange(n) if component is None else component,
            "official_part": names,
        }
    )


def counts(rows: pd.DataFrame, **fractions: float) -> pd.Series:
    params = Split(
        method="official",
        fractions=Fractions(**{**FRACTIONS, **fractions}),
        by_identity=True,
        kfold=Kfold(folds=5, fold=0),
        age_bin_years=10,
        seed=13,
    )
    found = pd.DataFrame({"official": rows["official_part"], "part": assign(rows, params)})
    return found.value_counts().to_dict()


def test_calibration_is_dealt_out_of_the_official_validation_part() -> None:
    assert counts(rows_of({"train": 60, "validation": 40, "test": 20})) == {
        ("train", "train"): 60,
        ("validation", "validation"): 30,
        ("validation", "calibration"): 10,
        ("test", "test"): 20,
    }


def test_without_an_official_validation_part_both_come_out_of_the_training_part() -> None:
    assert counts(rows_of({"train": 100, "test": 20})) == {
        ("train", "train"): 60,
        ("train", "validation"): 30,
        ("train", "calibration"): 10,
        ("test", "test"): 20,
    }


def test_a_validation_share_of_zero_makes_all_of_it_calibration() -> None:
    found = counts(rows_of({"train": 60, "validation": 40, "test": 20}), train=0.9, validation=0.0)
    assert found[("validation", "calibration")] == 40


def test_what_is_tied_is_not_parted_when_dealt() -> None:
    rows = rows_of({"train": 60, "validation": 40, "test": 20})
    rows.loc[60:69, "component"] = 60
    rows.loc[70:100, "component"] = 70  # a leak into the test part, which stays as published
    found = counts(rows)
    assert found[("validation", "validation")] == 30
    assert found[("test", "test")] == 20


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({None: 3, "train": 5, "test": 2}, "3 of 10 labelled images have no official part"),
        ({"calibration": 1, "train": 5, "test": 2}, "1 of 8 labelled images have no official"),
        ({"train": 5, "validation": 5}, "no labelled image is in the official test part"),
        ({"validation": 5, "test": 5}, "no labelled image is in the official train part"),
    ],
)
def test_missing_parts_are_told_with_the_remedy(parts: dict[str | None, int], fault: str) -> None:
    with pytest.raises(OfficialPartsError, match=f"{fault}.*set split.method: stratified"):
        counts(rows_of(parts))
