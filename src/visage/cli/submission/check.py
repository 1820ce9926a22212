"""`visage submission check`: what a scorer would refuse or misread, before it is handed in."""

from pathlib import Path
from typing import Annotated

import typer

from visage.errors import VisageError
from visage.params.data import Data
from visage.params.load import PARAMS_FILE, load
from visage.submission.asked import AskedError, asked_by, asked_by_project
from visage.submission.rules import Asked, check_submission, summary


class FaultySubmissionError(VisageError):
    """The file is not what the competition asks for."""


def check(
    file: Annotated[
        Path, typer.Argument(help="Any CSV that is to be handed in.", exists=True, dir_okay=False)
    ],
    table: Annotated[
        Path | None,
        typer.Option(help="The competition's sample or test table; default: the project's."),
    ] = None,
) -> None:
    """Check a submission against the competition's rules: every fault at once, with its lines."""
    found = check_submission(file.read_bytes(), _asked(table))
    if found.faults:
        raise FaultySubmissionError("\n".join(f"{file}: {fault}" for fault in found.faults))
    typer.echo(f"{file}: no faults found: {summary(found.table)}.")


def _asked(table: Path | None) -> Asked:
    if table is not None:
        return asked_by(table)
    if not PARAMS_FILE.is_file():
        raise AskedError(f"there is no {PARAMS_FILE} here; give --table, the competition's sample")
    return asked_by_project(load(Data))
