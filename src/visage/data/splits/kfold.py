"""Method `kfold`: the test part is one of N equal folds, and N runs test on every labelled image.

The folds do not depend on `split.kfold.fold`, so the runs of the other folds test on the rest. What
is not tested is dealt by the other three of `split.fractions`, in proportion.
"""

from math import fsum

import pandas as pd

from visage.codes import Part
from visage.data.dealing import deal
from visage.params.split import Split


def assign(rows: pd.DataFrame, params: Split) -> "pd.Series[str]":
    """Returns the part of each row.

    Raises:
        EmptyPartError: there are too few components for this many folds or parts.
    """
    chosen, strata = params.kfold, {"age_bin_years": params.age_bin_years, "seed": params.seed}
    names = [f"fold {number}" for number in range(chosen.folds)]
    shares = dict.fromkeys(names, 1 / chosen.folds)
    fold = deal(rows, shares=shares, param="split.kfold.folds", **strata)
    others = params.fractions.model_dump(exclude={Part.TEST.value})
    total = fsum(others.values())
    rest = deal(
        rows[fold.ne(names[chosen.fold])],
        shares={name: share / total for name, share in others.items()},
        param="split.fractions",
        **strata,
    )
    return rest.reindex(rows.index, fill_value=Part.TEST.value)
