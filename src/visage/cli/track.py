"""`visage track`: mirrors the present state, or all that there were, to MLflow again."""

from pathlib import Path
from typing import Annotated

import typer

from visage.params.load import read_params
from visage.sweep.rebuild_store import rebuild_store
from visage.tracking.address import resolve
from visage.tracking.store import connect
from visage.tracking.track import PATIENCE, track_state


def track(
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Write a run for every state in Git and in DVC's experiments."
        ),
    ] = False,
) -> None:
    """Write the state in this folder to MLflow, unless it is there, and note its commit."""
    root = Path.cwd()
    if rebuild:
        _rebuild(root)
        return
    mirrored = track_state(root)
    done = "written to" if mirrored.is_new else "is already in"
    typer.echo(f"Run {mirrored.name} {done} MLflow; `visage ui` shows it.")


def _rebuild(root: Path) -> None:
    read_params()  # refuses a folder that is no project, where a new store would be empty
    found = rebuild_store(root, connect(resolve(root), seconds=PATIENCE), say=typer.echo)
    typer.echo(
        f"{found.written} runs written ({found.partial} of them lack files), {found.known} there "
        f"already, {found.left_out} states left out; `visage ui` shows them."
    )
    if found.partial:
        typer.echo("`dvc pull --all-commits` gets what is in a remote; then repeat this.")
