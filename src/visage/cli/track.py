"""`visage track`: mirrors the present state to MLflow again, on demand."""

from pathlib import Path

import typer

from visage.tracking.track import track_state


def track() -> None:
    """Write the state in this folder to MLflow, unless it is there, and note its commit."""
    mirrored = track_state(Path.cwd())
    done = "written to" if mirrored.is_new else "is already in"
    typer.echo(f"Run {mirrored.name} {done} MLflow; `visage ui` shows it.")
