"""The tables behind the plots: errors by age bin, and the estimates image by image.

One row a bin or image, in the columns of `schema`. Bins are [age_from, age_to), those of
metrics/details.json. Without an age head the tables of ages are empty, without
a gender head the one of genders: the files exist all the same. An image counts where it has the
label that a table asks for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from visage import schema
from visage.estimates import Estimates, Labels

_NAMES = np.array(["female", "male"], dtype=object)


def bins_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Returns the age bins of metrics/details.json that have an error (schema AGE_BINS).

    They are named as 00-09, for the plot, and their intervals have columns for both ends, which are
    empty where there is none.
    """
    table = [_bin_row(row) for row in rows if "mae" in row]
    return pd.DataFrame(table, columns=schema.AGE_BINS.names).round(4)


def _bin_row(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {"ages": f"{row['age_from']:02d}-{row['age_to'] - 1:02d}", "n": row["n"]}
    for name in ("mae", "mean_error"):
        low, high = row["intervals"][name] or (None, None)
        found |= {name: row[name], f"{name}_low": low, f"{name}_high": high}
    return found


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
