"""`visage check`: says all that is wrong with params.yaml at once."""

import typer

from visage.cli.guard import guard
from visage.params.load import PARAMS_FILE, read_params
from visage.params.notes import notes_of


def check() -> None:
    """Check params.yaml: every value, every name that stands for a file, the backbone."""
    guard()
    for note in notes_of(read_params()):
        typer.echo(f"{PARAMS_FILE}: note: {note}")
    typer.echo(f"{PARAMS_FILE}: no faults found.")
