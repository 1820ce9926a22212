from dataclasses import replace

import numpy as np
import pandas as pd

from visage import schema
from visage.estimates import Estimates, Labels
from visage.metrics.tables import age_scatter, bins_table, gender_pairs


def of(age, gender, /, **estimates):
    n = len(age)
    ids = np.array([str(row) for row in range(n)], dtype=object)
    labels = Labels(ids, np.array(age, float), np.array(gender), np.arange(n))
    return labels, Estimates(**{name: np.array(value) for name, value in estimates.items()})


def bin_row(age_from, **figures):
    intervals = {name: (value - 1, value + 1) for name, value in figures.items()}
    return {"age_from": age_from, "age_to": age_from + 10, "n": 7, **figures} | {
        "intervals": intervals
    }


def test_labels_of_bins_are_whole_years():
    rows = [bin_row(start, mae=5.0, mean_error=-1.0) for start in (0, 10, 100)]
    assert bins_table(rows)["ages"].to_list() == ["00-09", "10-19", "100-109"]


def test_a_bin_without_an_interval_has_empty_ends():
    row = bin_row(20, mae=5.0, mean_error=-1.0)
    row["intervals"]["mae"] = None
    table = bins_table([row])
    assert table[["mae_low", "mae_high"]].isna().all(axis=None)
    assert table.loc[0, "mean_error_low"] == -2.0


def test_bins_have_the_ends_of_their_intervals():
    (row,) = bins_table([bin_row(20, mae=5.00001, mean_error=-1.0)]).to_dict(orient="records")
    assert row == {
        "ages": "20-29",
        "n": 7,
        "mae": 5.0,
        "mae_low": 4.0,
        "mae_high": 6.0,
        "mean_error": -1.0,
        "mean_error_low": -2.0,
        "mean_error_high": 0.0,
    }


def test_bins_without_an_error_are_in_no_plot():
    assert bins_table([bin_row(20, gender_accuracy=0.9)]).empty


def test_scatter_has_two_decimals():
    labels, estimates = of([30.0], [0], age=[29.98765])
    assert age_scatter(labels, estimates).to_numpy().tolist() == [["0", 30.0, 29.99]]


def test_pairs_are_words():
    labels, estimates = of([30, 30], [0, 1], gender=[1, 1])
    assert gender_pairs(labels, estimates).to_numpy().tolist() == [
        ["female", "male"],
        ["male", "male"],
    ]


def test_tables_of_a_missing_head_are_empty_and_have_their_columns(truth):
    tables: list[tuple[pd.DataFrame, list[str]]] = [
        (bins_table([]), schema.AGE_BINS.names),
        (age_scatter(truth, Estimates()), schema.AGE_SCATTER.names),
        (gender_pairs(truth, Estimates()), schema.GENDER_CONFUSION.names),
    ]
    assert [(len(table), table.columns.to_list()) for table, _ in tables] == [
        (0, names) for _, names in tables
    ]


def test_images_without_a_label_are_in_no_table_that_needs_it(truth, guess):
    partial = replace(
        truth,
        age=np.where(np.arange(400) < 100, np.nan, truth.age),
        gender=np.where(np.arange(400) >= 350, -1, truth.gender),
    )
    assert (len(age_scatter(partial, guess)), len(gender_pairs(partial, guess))) == (300, 350)
