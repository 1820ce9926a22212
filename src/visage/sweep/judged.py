"""A finished state as far as it is judged: its estimates of the test part, and where they are from.

The estimates are made as `evaluate` makes them: the mean over the views, and the state's own
decision. Images come in the order of their ids, so that those of two states stand side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from visage.errors import VisageError
from visage.estimates import Estimates, Labels
from visage.files.jsons import read_json
from visage.files.paths import DECISION, SPLITS
from visage.files.tables import read_table
from visage.params.load import PARAMS_FILE, read_params
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.views import average_views
from visage.records import flat_params
from visage.schema import PREDICTIONS as PREDICTIONS_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA
from visage.sweep.experiment_files import files_of
from visage.sweep.references import TEST, Reference
from visage.sweep.weights import weights_md5

FILES = (TEST, DECISION, SPLITS, PARAMS_FILE)


class NoTestPartError(VisageError):
    """A state has nothing that could be judged."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A model: the labels of the test images and what it says of them.

    `parts` is its part of each labelled image's id; `params` are dotted names and texts; `weights`
    is the md5 of the weights in its dvc.lock, "" where that is not known.
    """

    reference: Reference
    labels: Labels
    estimates: Estimates
    parts: Mapping[str, str]
    params: Mapping[str, str]
    weights: str = ""

    def is_same_training(self, other: "Judged") -> bool:
        """Tells whether both are one training: the same weights, else the same parameters."""
        if self.weights and other.weights:
            return self.weights == other.weights
        return self.params == other.params


def read_judged(reference: Reference, root: Path) -> Judged:
    """Returns the model of a state, without a change to the workspace.

    Raises:
        ExperimentError: an output is not at hand.
        NoTestPartError: the state has no test part.
    """
    with files_of(reference, root, FILES) as folder:
        return _read(reference, folder, weights=weights_md5(reference.commit, root))


def _read(reference: Reference, folder: Path, *, weights: str) -> Judged:
    table = read_table(folder / TEST, PREDICTIONS_SCHEMA)
    if table.empty:
        raise NoTestPartError(
            f"{reference.name}: has no test part (split.fractions.test is 0), so it can't be "
            "compared; compare one that was split with a test part"
        )
    decision = Decision.from_json(read_json(folder / DECISION))
    views = average_views(table.sort_values(["id", "view"], ignore_index=True))
    splits = read_table(folder / SPLITS, SPLITS_SCHEMA)
    return Judged(
        reference,
        labels=views.labels,
        estimates=estimate(views.posterior, views.male_probability, decision=decision),
        parts=_parts(splits),
        params={param.name: param.value for param in flat_params(_params(folder))},
        weights=weights,
    )


def _parts(splits: pd.DataFrame) -> dict[str, str]:
    return dict(zip(splits["id"], splits["part"], strict=True))


def _params(folder: Path) -> dict[str, object]:
    return read_params(folder / PARAMS_FILE)
