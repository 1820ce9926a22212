"""Which rows a competition asks for: its sample submission's, or those of its table of images."""

from collections.abc import Sequence
from pathlib import Path

from visage.data.csv_rows import Column, read_rows
from visage.data.source import find_root
from visage.errors import VisageError
from visage.params.data import Data
from visage.submission.rules import COLUMNS, Asked


class AskedError(VisageError):
    """It can't be said which rows are asked for."""


def asked_by(path: Path, column: Column | None = None) -> Asked:
    """Returns what a table asks for; one with answers of its own is a sample and gives the columns.

    column: that holds the ids.

    Raises:
        SourceError: the table can't be read or lacks its ids.
        AskedError: a row has no id.
    """
    ids = column or Column(COLUMNS[0])
    rows = list(read_rows(path, [ids]))
    names = list(rows[0])
    is_sample = ids.name == COLUMNS[0] and bool({*COLUMNS[1:]} & {*names})
    return Asked(
        names if is_sample else COLUMNS, _once([row[ids.name] or "" for row in rows], path)
    )


def asked_by_project(data: Data) -> Asked:
    """Returns what the Kaggle table of the parameters asks for.

    Raises:
        AskedError: the parameters name no such table, or it is not there.
        SourceError: the root is missing, or the table can't be read or lacks its ids.
    """
    if data.source != "kaggle" or data.kaggle.test_table is None:
        raise AskedError(
            "params.yaml names no table of what is asked for (data.source: kaggle with "
            "data.kaggle.test_table does); give --table, e.g. the competition's sample"
        )
    path = find_root(data.root) / data.kaggle.test_table
    if not path.is_file():
        raise AskedError(f"{path} is missing; see data.kaggle.test_table, or give --table")
    return asked_by(path, Column(data.kaggle.columns.id, param="data.kaggle.columns.id"))


def _once(ids: Sequence[str], path: Path) -> Sequence[str]:
    once = tuple(dict.fromkeys(ids))
    if "" in once:
        raise AskedError(f"{path}: {ids.count('')} rows have no id; is it the competition's table?")
    return once
