"""The mean of several models' saved predictions: again a table of predictions.

Probabilities are averaged as the models gave them, and the decision is fitted afterwards, on the
mean: calibrating first and averaging then gives probabilities that are too cautious (Rahaman &
Thiery 2021). Each view is averaged with itself, so that what the views are worth can be told of
the ensemble, too.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from visage.estimates import Floats

_KEY: Final = ["id", "view"]


def in_order_of(first: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of a table, of the same images and views, in the order of the first."""
    if first.empty:
        return table
    keys = pd.MultiIndex.from_frame(first[_KEY])
    ordered: pd.DataFrame = table.set_index(_KEY).loc[keys].reset_index()
    return ordered


def average(tables: Sequence[pd.DataFrame], shares: Sequence[float]) -> pd.DataFrame:
    """Returns the first table with the weighted mean of all tables' probabilities.

    Args:
        tables: columns of schema.PREDICTIONS, the same rows in the same order.
        shares: the weights, sum 1.
    """
    if tables[0].empty:
        return tables[0]
    weights = np.asarray(shares, dtype=np.float64)
    return tables[0].assign(
        posterior=_posterior(tables, weights), gender_probability=_probability(tables, weights)
    )


def _posterior(tables: Sequence[pd.DataFrame], shares: Floats) -> list[Any] | None:
    if tables[0]["posterior"].isna().all():
        return None
    mean = sum(
        share * np.stack(table["posterior"].to_list()).astype(np.float64)
        for share, table in zip(shares, tables, strict=True)
    )
    return list(np.asarray(mean, dtype=np.float32))


def _probability(tables: Sequence[pd.DataFrame], shares: Floats) -> Any:
    if tables[0]["gender_probability"].isna().all():
        return None
    values = np.array([table["gender_probability"] for table in tables], dtype=np.float64)
    return (shares @ values).astype(np.float32)
