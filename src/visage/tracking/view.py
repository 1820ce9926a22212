"""The table that MLflow's user interface opens with: the figures beside each run's name.

Without a saved view it shows neither metrics nor params. The view is a tag of the experiment, in
the form in which the user interface itself saves one; an edited one is left as it is.
"""

import json
from typing import Final

NAME: Final = "visage"
TAG: Final = f"mlflow.sharedViewState.{NAME}"
PARAMS: Final = ("backbone",)
METRICS: Final = ("harmonic", "rmse", "mae", "within_5", "gender_f1", "val_harmonic")


def saved_view() -> str:
    """Returns the value of the tag."""
    columns = [f"params.`{name}`" for name in PARAMS] + [f"metrics.`{name}`" for name in METRICS]
    state = json.dumps({"selectedColumns": columns})
    return json.dumps({"name": NAME, "createdAt": 0, "updatedAt": 0, "state": state})


def page(experiment_id: str) -> str:
    """Returns the table's address below that of the server."""
    query = f"workflowType=machine_learning&viewStateShareKey={NAME}"
    return f"/#/experiments/{experiment_id}/runs?{query}"
