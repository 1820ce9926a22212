"""Method `stratified`: a split of one's own, by `split.fractions`.

Shares of 0 for validation and test leave almost all labelled images to the training: a refit for a
submission, of which nothing is measured.
"""

import pandas as pd

from visage.data.dealing import deal
from visage.params.split import Split


def assign(rows: pd.DataFrame, params: Split) -> "pd.Series[str]":
    """Returns the part of each row.

    Raises:
        EmptyPartError: there are too few components for this many parts.
    """
    return deal(
        rows,
        shares=params.fractions.model_dump(),
        age_bin_years=params.age_bin_years,
        seed=params.seed,
        param="split.fractions",
    )
