"""The parts of the labelled images, assigned by the method that `split.method` names.

A method (a module of `visage.data.splits`, function `assign`) sees every labelled row with the
number of its component: rows of one component go together wherever a method deals.
"""

import logging
from collections.abc import Callable

import pandas as pd

from visage.data.components import components
from visage.data.unknown_people import doubled_people, unknown_people
from visage.params.split import Split

_log = logging.getLogger(__name__)

Method = Callable[[pd.DataFrame, Split], "pd.Series[str]"]


def assign_parts(labelled: pd.DataFrame, *, method: Method, params: Split) -> pd.DataFrame:
    """Returns id and part of each row, in the order of the rows; warns of people who can't be told.

    labelled: columns id, source, age, gender, group, identity, official_part; the last two, ages
    and genders may be null.

    Raises:
        VisageError: the method can't make the parts out of these rows.
    """
    rows = labelled.reset_index(drop=True)
    rows["component"] = components(rows, by_identity=params.by_identity)
    parts = method(rows, params)
    doubled = doubled_people(rows, parts) if params.by_identity else ""
    if said := "\n".join(filter(None, [unknown_people(rows, parts), doubled])):
        _log.warning(said)
    return pd.DataFrame({"id": rows["id"], "part": parts})
