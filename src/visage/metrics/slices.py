"""Where a model errs: by age bin, by gender and age bin, and image by image.

Tables, one row a bin, slice or image, in the columns of `schema`. Bins are [age_from, age_to);
bins without images are left out, because they have no error. Without an age head the tables of
ages are empty, without a gender head the one of genders: the files exist all the same.
An image counts where it has the labels that a table asks for.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage import schema
from visage.estimates import Estimates, Floats, Labels
from visage.metrics.age import errors

_NAMES = np.array(["female", "male"], dtype=object)


def age_bins(labels: Labels, estimates: Estimates, *, bin_years: int) -> pd.DataFrame:
    """Returns age_from, age_to, n, mae, mean_error of each age bin that holds images."""
    columns = ["age_from", "age_to", "n", "mae", "mean_error"]
    if estimates.age is None:
        return pd.DataFrame(columns=columns)
    rows = _rows(labels, estimates, labels.has_age, bin_years=bin_years)
    found = _summary(rows.groupby("age_from", sort=True))
    bins: pd.DataFrame = found.assign(age_to=found["age_from"] + bin_years)[columns]
    return bins


def bins_table(labels: Labels, estimates: Estimates, *, bin_years: int) -> pd.DataFrame:
    """Returns `age_bins` under names such as 00-09, for the plot (schema AGE_BINS)."""
    bins = age_bins(labels, estimates, bin_years=bin_years)
    edges = zip(bins["age_from"], bins["age_to"], strict=True)
    names = [f"{age_from:02d}-{age_to - 1:02d}" for age_from, age_to in edges]
    table: pd.DataFrame = bins.assign(ages=names)[schema.AGE_BINS.names].round(4)
    return table


def slices(
    labels: Labels, estimates: Estimates, *, bin_years: int, min_slice: int
) -> list[dict[str, Any]]:
    """Returns n, mae, mean_error, gender_accuracy of each gender and age bin, as they stand.

    Slices of fewer than `min_slice` images are not shown: their figures say nothing. What needs a
    head that the model does not have is left out.
    """
    both = labels.has_age & labels.has_gender
    rows = _rows(labels, estimates, both, bin_years=bin_years)
    found = _summary(rows.groupby(["gender", "age_from"], sort=True))
    found["age_to"] = found["age_from"] + bin_years
    shown = found[found["n"] >= min_slice].dropna(axis="columns").to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in shown]


def age_scatter(labels: Labels, estimates: Estimates) -> pd.DataFrame:
    """Returns true and estimated age of each image (schema AGE_SCATTER), two decimals."""
    if estimates.age is None:
        return pd.DataFrame(columns=schema.AGE_SCATTER.names)
    columns = {"id": labels.id, "age": labels.age, "predicted": estimates.age}
    return pd.DataFrame(columns)[labels.has_age].round(2)


def gender_pairs(labels: Labels, estimates: Estimates) -> pd.DataFrame:
    """Returns true and told gender of each image in words (schema GENDER_CONFUSION)."""
    if estimates.gender is None:
        return pd.DataFrame(columns=schema.GENDER_CONFUSION.names)
    known = labels.has_gender
    pairs = {"actual": labels.gender[known], "predicted": estimates.gender[known]}
    return pd.DataFrame({name: _NAMES[codes] for name, codes in pairs.items()})


def _rows(
    labels: Labels, estimates: Estimates, known: NDArray[np.bool_], *, bin_years: int
) -> pd.DataFrame:
    """Returns a row for each `known` image; the age bin of one without an age means nothing."""
    nothing = np.full(len(labels.id), np.nan)
    error = nothing if estimates.age is None else errors(labels.age, estimates.age)
    right: Floats = nothing
    if estimates.gender is not None:
        right = (labels.gender == estimates.gender).astype(np.float64)
    rows = pd.DataFrame(
        {
            "gender": labels.gender,
            "age_from": np.nan_to_num(labels.age // bin_years).astype(np.int64) * bin_years,
            "error": error,
            "absolute": np.abs(error),
            "right": right,
        }
    )
    return rows[known]


def _summary(groups: Any) -> pd.DataFrame:
    summary: pd.DataFrame = groups.agg(
        n=("error", "size"),
        mae=("absolute", "mean"),
        mean_error=("error", "mean"),
        gender_accuracy=("right", "mean"),
    ).reset_index()
    return summary
