"""`visage ensemble`: the mean of finished experiments, and its gain over the best of them."""

from pathlib import Path
from typing import Annotated

import typer

from visage.ensemble.asked import asked
from visage.ensemble.making import make_ensemble
from visage.ensemble.member import read_member
from visage.ensemble.same_data import refuse_twins
from visage.ensemble.writing import page_of, write_ensemble

FOLDER = Path("ensembles")


def ensemble(
    members: Annotated[
        list[str],
        typer.Argument(help="Experiments, revisions, MLflow run ids, or `workspace`."),
    ],
    name: Annotated[
        str | None, typer.Option(help="Of the folder in ensembles/; else the members' names.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="One a member, such as 2,1,1; else all weigh alike.")
    ] = None,
) -> None:
    """Average finished experiments: decision, figures, submission, and the gain over the best.

    Nothing is trained and no output of the pipeline is changed: saved predictions are read, and
    all that comes of them is written to ensembles/NAME.
    """
    root = Path.cwd()
    wanted = asked(members, root, name=name, weights=weights)
    found = [read_member(one, root) for one in wanted.references]
    refuse_twins(found)
    made = make_ensemble(found, wanted.weights)
    write_ensemble(FOLDER / wanted.name, made)
    typer.echo(page_of(made, name=wanted.name))
    typer.echo(f"Written to {FOLDER / wanted.name}")
