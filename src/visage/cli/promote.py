"""`visage promote`: the model that is in use, under a name that stays."""

from pathlib import Path
from typing import Annotated

import typer

from visage.params.load import read_params
from visage.sweep.tracked import tracked_run
from visage.tracking.address import refuse_off, resolve
from visage.tracking.promote import Promoted
from visage.tracking.promote import promote as promote_run
from visage.tracking.store import connect
from visage.tracking.track import PATIENCE


def promote(
    state: Annotated[
        str,
        typer.Argument(help="An experiment, a revision, an MLflow run id, or `workspace`."),
    ],
    alias: Annotated[str, typer.Option(help="What the model is called in use.")] = "champion",
    name: Annotated[
        str | None, typer.Option(help="Of the registered model; else MLflow's experiment's.")
    ] = None,
) -> None:
    """Register a finished run's model in MLflow, and point an alias at it.

    A run becomes one version, however often it is promoted. Nothing is copied or trained.
    """
    read_params()  # refuses a folder that is no project, where a new store would be empty
    refuse_off()
    root = Path.cwd()
    address = resolve(root)
    store = connect(address, seconds=PATIENCE)
    run = tracked_run(state, root, store=store)
    found = promote_run(store, run, name=name or address.experiment, alias=alias)
    made = "is new" if found.is_new else "was registered before"
    typer.echo(f"{found.name}, version {found.version} ({made}): run {run.name}, {run.id}")
    typer.echo(f"Alias {found.alias}{_moved(found)}")
    typer.echo(
        f"Load it:\n  export MLFLOW_TRACKING_URI='{address.shown}'\n"
        f"  python -c \"import mlflow; model = mlflow.pyfunc.load_model('{found.uri}')\"\n"
        f"  mlflow models serve -m '{found.uri}' --env-manager local"
    )


def _moved(found: Promoted) -> str:
    """Says which other version had the alias, if one had."""
    if found.before in (None, found.version):
        return ""
    return f"; it was that of version {found.before}"
