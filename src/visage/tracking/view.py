"""The table that MLflow's user interface opens with: figures and differing params of each run.

Without a saved view it shows neither metrics nor params. The view is a tag of the experiment, in
the form in which the user interface itself saves one, but without a time, which no view that a
user saved is. So ours is known, and follows the runs; one of a user's stays as it is.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from visage.tracking.store import Run, Store

NAME: Final = "visage"
TAG: Final = f"mlflow.sharedViewState.{NAME}"
BACKBONE: Final = "backbone"
MOST: Final = 8  # params: more are no table that one reads; `Compare` shows all that differ
TAGS: Final = ("sweep",)
METRICS: Final = ("harmonic", "rmse", "mae", "within_5", "gender_f1", "val_harmonic")


def refresh(store: Store) -> None:
    """Lets the table show the params in which the runs differ, unless a user has edited it.

    Raises:
        TrackingError: the store can't be reached or refuses.
    """
    saved = store.experiment_tags().get(TAG)
    if saved is None or is_own(saved):
        wanted = saved_view(differing(store.runs({})))
        if wanted != saved:
            store.describe({TAG: wanted})


def differing(runs: Iterable[Run]) -> list[str]:
    """Returns the backbone and the params of which the runs have several values, by name.

    A run of another version of visage may lack a param, which is no value of it.
    """
    values: dict[str, set[str]] = {}
    for run in runs:
        for name, value in run.params.items():
            values.setdefault(name, set()).add(value)
    several = sorted(name for name, found in values.items() if len(found) > 1)
    return [BACKBONE, *(name for name in several if name != BACKBONE)][:MOST]


def saved_view(params: Sequence[str]) -> str:
    """Returns the value of the tag, for a table with these params."""
    shown = {"tags": TAGS, "params": params, "metrics": METRICS}
    columns = [f"{kind}.`{name}`" for kind, names in shown.items() for name in names]
    state = json.dumps({"selectedColumns": columns})
    return json.dumps({"name": NAME, "createdAt": 0, "updatedAt": 0, "state": state})


def is_own(saved: str) -> bool:
    """Whether a value of the tag is one that `saved_view` returned, of whatever params."""
    try:
        found = json.loads(saved)
        columns = json.loads(found["state"])["selectedColumns"]
    except (ValueError, TypeError, KeyError):
        return False
    start = "params.`"
    params = [name.removeprefix(start)[:-1] for name in columns if name.startswith(start)]
    return saved == saved_view(params)


def page(experiment_id: str) -> str:
    """Returns the table's address below that of the server."""
    query = f"workflowType=machine_learning&viewStateShareKey={NAME}"
    return f"/#/experiments/{experiment_id}/runs?{query}"
