"""What `visage run` and `visage tune` share: options, words, MLflow's names, the page."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from visage.cli.guard import all_faults
from visage.errors import VisageError
from visage.files.texts import write_text
from visage.sweep.mirrored import mirror_members
from visage.sweep.repository import root_faults, unknown_files
from visage.sweep.result import Result
from visage.tracking.costs import train_seconds

SmokeOption = Annotated[
    bool, typer.Option("--smoke", help="A quick run on the generated faces: does it work?")
]
SetParamOption = Annotated[
    list[str] | None, typer.Option("-S", "--set-param", help="NAME=VALUE, over the file's.")
]


def study_faults(tree: Mapping[str, Any], root: Path) -> list[str]:
    """Returns every fault of a whole tree of parameters for an experiment, run in a snapshot."""
    return all_faults(tree) or root_faults(tree, root)


def say(text: str) -> None:
    """Tells the user what goes on."""
    typer.secho(text, err=True, bold=True)


def say_what_is_reduced(root: Path, *, smoke: bool) -> None:
    """Says that the run is a quick one, and what no experiment has."""
    if smoke:
        say("SMOKE RUN: reduced, on the generated faces; it compares nothing with published rows.")
    for path in unknown_files(root):
        say(f"WARNING: {path} is unknown to Git, so no experiment has it; git add -N {path}")


def mirror(names: Collection[str], root: Path, *, study: str) -> None:
    """Sees to it that MLflow has these experiments of a study, if it can be reached."""
    try:
        mirror_members(names, root, study=study)
    except VisageError as error:  # the experiments are there; `make track` repeats this
        say(f"WARNING: not all experiments are named in MLflow: {error}")


def costs(results: Iterable[Result], root: Path) -> dict[str, float]:
    """Returns the seconds of the results' trainings by their fingerprints, if MLflow has them."""
    try:
        return train_seconds([result.fingerprint for result in results], root)
    except VisageError as error:
        say(f"WARNING: the page does not say what the trainings cost: {error}")
        return {}


def write_curves(results: Iterable[Result], *, name: str) -> str:
    """Writes the picture of all points' epochs and returns its name, "" where there is none."""
    from visage.reporting.overlay import overlay  # matplotlib, which a search never needs

    picture = overlay({result.name: result.history for result in results})
    if not picture:
        return ""
    path = Path("metrics") / f"compare-{name}.svg"
    write_text(path, picture)
    return path.name


def write_page(path: Path, page: str) -> None:
    """Writes and prints the page that a study ends with."""
    write_text(path, page)
    typer.echo(page)
    typer.echo(f"Written to {path}; commit it: experiments are refs that a clone does not have.")
