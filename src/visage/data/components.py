"""What must not be parted: near-duplicates of each other, and images of one person.

One chain of both kinds of ties is one component: a copy of a photo ties its two owners' images.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

UNKNOWN_IDENTITY = -1


def identities(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Returns a number for each row's person, `UNKNOWN_IDENTITY` where the source knows none.

    Columns source and identity: two sources may use one name for two people.
    """
    known = rows["identity"].notna()
    numbers = rows.groupby(["source", "identity"], sort=False, dropna=False).ngroup()
    return np.where(known, numbers, UNKNOWN_IDENTITY).astype(np.int64)


def components(rows: pd.DataFrame, *, by_identity: bool) -> NDArray[np.int64]:
    """Returns the number of each row's component, in no order.

    Args:
        rows: columns group, source and identity.
        by_identity: images of one person count as tied; else near-duplicates alone do.
    """
    group = pd.factorize(rows["group"])[0].astype(np.int64)
    if not by_identity:
        return group
    person = identities(rows)
    tied = person != UNKNOWN_IDENTITY
    n_groups, n_people = group.max(initial=-1) + 1, person.max(initial=-1) + 1
    ends = group[tied], n_groups + person[tied]
    graph = coo_array((np.ones(tied.sum(), bool), ends), shape=(n_groups + n_people,) * 2)
    component: NDArray[np.int64] = connected_components(graph, directed=False)[1][group]
    return component.astype(np.int64)
