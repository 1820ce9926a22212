"""Which rows of the index (`schema.INDEX`) are meant: labelled, of one part, not set aside."""

import pandas as pd

from visage.codes import UNLABELLED, Part


def labelled_rows(index: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of the index that have labels, in its order."""
    return index[index["official_part"].ne(UNLABELLED)]


def rows_of_part(index: pd.DataFrame, *, splits: pd.DataFrame, part: Part) -> pd.DataFrame:
    """Returns the rows of the index that are in `part`, in its order."""
    ids = splits.loc[splits["part"].eq(part.value), "id"]
    return index[index["id"].isin(ids)]


def without_rejected(index: pd.DataFrame, rejected: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of the index that are not set aside, in its order.

    By row, not by id: a duplicate id stands for a rejected row and an accepted one.
    """
    return index[~index["row"].isin(rejected["row"])].reset_index(drop=True)
