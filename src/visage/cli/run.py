"""`visage run`: a recipe as DVC experiments, and the comparison that it ends with."""

from pathlib import Path
from typing import Annotated, Any

import typer

from visage.cli.guard import all_faults
from visage.errors import VisageError
from visage.files.atomic import atomic_file
from visage.params.load import read_params
from visage.params.overrides import overridden, read_override
from visage.sweep.comparison import comparison, read_result
from visage.sweep.members import refuse_existing, run_members
from visage.sweep.mirrored import mirror_members
from visage.sweep.points import Point, points, refuse_faults
from visage.sweep.recipe import load_recipe
from visage.sweep.repository import refuse_unready, root_faults, unknown_files


def run(
    recipe: Annotated[Path, typer.Argument(help="A file like recipes/seed.yaml.")],
    smoke: Annotated[
        bool, typer.Option("--smoke", help="A quick run on the generated faces: does it work?")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace experiments of the same names.")
    ] = False,
    set_param: Annotated[
        list[str] | None, typer.Option("-S", "--set-param", help="NAME=VALUE, over the recipe's.")
    ] = None,
) -> None:
    """Run a recipe: one DVC experiment for each point of its grid, then the comparison.

    The workspace stays as it is; what is in it, changed files included, is what the experiments
    start from. One that fails is reported and the next one runs.
    """
    root, study, params = Path.cwd(), load_recipe(recipe), read_params()
    extra = dict(read_override(text) for text in set_param or [])
    found = points(study, path=recipe, extra=extra, smoke=smoke)
    refuse_faults(found, params, path=recipe, check=lambda tree: _faults(tree, root))
    refuse_unready(root)
    if not force:
        refuse_existing(found, root)
    _say_what_is_reduced(root, smoke=smoke)
    members = run_members(found, root, say=_say)
    _mirror(found, root)
    seed = overridden(params, found[0].overrides)["seed"]
    results = [read_result(member.name, root, start=member.start) for member in members]
    page = comparison(study, results, seed=seed, smoke=smoke)
    _write(Path("metrics") / f"compare-{recipe.stem}{'-smoke' if smoke else ''}.md", page)
    if not all(member.done for member in members):
        raise typer.Exit(1)


def _faults(tree: Any, root: Path) -> list[str]:
    return all_faults(tree) or root_faults(tree, root)


def _say(text: str) -> None:
    typer.secho(text, err=True, bold=True)


def _say_what_is_reduced(root: Path, *, smoke: bool) -> None:
    if smoke:
        _say("SMOKE RUN: reduced, on the generated faces; it compares nothing with published rows.")
    for path in unknown_files(root):
        _say(f"WARNING: {path} is unknown to Git, so no experiment has it; git add -N {path}")


def _mirror(found: tuple[Point, ...], root: Path) -> None:
    try:
        mirror_members([point.name for point in found], root)
    except VisageError as error:  # the experiments are there; `make track` repeats this
        _say(f"WARNING: not all experiments are named in MLflow: {error}")


def _write(path: Path, page: str) -> None:
    with atomic_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    typer.echo(page)
    typer.echo(f"Written to {path}; commit it: experiments are refs that a clone does not have.")
