"""`visage submission keep`: a submission with what any clone needs to make it again."""

from pathlib import Path
from typing import Annotated

import typer

from visage.submission import kept


def keep(
    state: Annotated[str, typer.Argument(help="The experiment, or revision, that made it.")],
    file: Annotated[
        Path, typer.Argument(help="Where the table goes: docs/experiments/NAME-submission.csv.")
    ],
) -> None:
    """Copy a submission out of an experiment, and its state beside it, to be committed.

    The state is its dvc.lock and params.yaml. The code must be a commit's; the model stays in DVC's
    cache.
    """
    for path in kept.keep(state, Path.cwd(), file=file):
        typer.echo(f"Written: {path}")
    typer.echo(
        f"Commit them. `visage submission verify {file}` makes it again: where DVC's cache has the "
        "model, else with --from all, from the data."
    )
