"""`visage ui`: all runs in a browser."""

import os
from pathlib import Path
from typing import Annotated

import typer

from visage.params.load import read_params
from visage.tracking import view
from visage.tracking.address import resolve
from visage.tracking.store import connect
from visage.tracking.ui import ui_command


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the server listens.")] = 5000,
) -> None:
    """Show all runs in MLflow's user interface, until Ctrl-C."""
    read_params()  # refuses a folder that is no project, where a new store would be empty
    address = resolve(Path.cwd())
    if address.is_server:
        typer.echo(f"The runs are on a server: {address.shown}")
        return
    command = ui_command(address, port=port)
    store = connect(address, seconds=2)  # here, so that a training that starts now finds it
    view.refresh(store)
    typer.echo(f"In a few seconds (Ctrl-C ends): {command.url}{view.page(store.experiment_id)}")
    # Python itself with our own words; in this process's place, so that signals reach the server.
    os.execve(command.words[0], command.words, command.environment)  # noqa: S606
