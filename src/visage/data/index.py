"""Which rows of the index (`schema.INDEX`) are meant: those with labels, or those of one part."""

import pandas as pd

from visage.schema import UNLABELLED, Part


def labelled_rows(index: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of the index that have labels, in its order."""
    return index[index["official_part"].ne(UNLABELLED)]


def rows_of_part(index: pd.DataFrame, *, splits: pd.DataFrame, part: Part) -> pd.DataFrame:
    """Returns the rows of the index that are in `part`, in its order."""
    ids = splits.loc[splits["part"].eq(part.value), "id"]
    return index[index["id"].isin(ids)]
