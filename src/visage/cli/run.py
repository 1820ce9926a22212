"""`visage run`: a recipe as DVC experiments, and the comparison that it ends with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from visage.cli.studies import (
    SetParamOption,
    SmokeOption,
    costs,
    mirror,
    say,
    say_what_is_reduced,
    study_faults,
    write_curves,
    write_page,
)
from visage.params.load import read_params
from visage.params.overrides import overridden, read_override
from visage.sweep.comparison import comparison
from visage.sweep.finished import finished
from visage.sweep.members import refuse_existing, run_members
from visage.sweep.points import Point, points, refuse_faults
from visage.sweep.ranking import best, rank_faults, refuse_other_model, run_best
from visage.sweep.recipe import Rank, load_recipe
from visage.sweep.repository import refuse_unready
from visage.sweep.result import result_of
from visage.sweep.study import study_name


def run(
    recipe: Annotated[Path, typer.Argument(help="A file like recipes/seed.yaml.")],
    smoke: SmokeOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace experiments of the same names.")
    ] = False,
    set_param: SetParamOption = None,
) -> None:
    """Run a recipe: one DVC experiment for each point of its grid, then the comparison.

    The same command goes on behind what is there already, with these parameters and this code,
    after an interruption or a failure. The workspace stays as it is; what is in it, changed files
    included, is what the experiments start from. One that fails is reported and the next one runs.
    A quick run replaces its own experiments.
    """
    root, study, params = Path.cwd(), load_recipe(recipe), read_params()
    extra = dict(read_override(text) for text in set_param or [])
    found, by = points(study, path=recipe, extra=extra, smoke=smoke), study.rank_by
    _refuse_faults(found, params, root, path=recipe, by=by, smoke=smoke)
    refuse_unready(root)
    there: list[str] = []
    if not (force or smoke):  # nothing is lost with a quick run's experiments
        there = finished(found, params, root)
        refuse_existing([point for point in found if point.name not in there], root)
    say_what_is_reduced(root, smoke=smoke)
    name = study_name(recipe, smoke=smoke)
    members = run_members(found, root, say=say, there=there)
    results = [result_of(member, root) for member in members]
    winner = run_best(found, results, root, by=by, study=name, say=say) if by else None
    members += [winner] if winner else []
    mirror([member.name for member in members], root, study=name)
    tested = result_of(winner, root) if winner else None
    page = comparison(
        study,
        results,
        seed=overridden(params, found[0].overrides)["seed"],
        smoke=smoke,
        winner=tested,
        curves=write_curves(results, name=name),
        seconds=costs(results, root),
    )
    write_page(Path("metrics") / f"compare-{name}.md", page)
    if by and tested and (ranked := best(results, by=by)):
        refuse_other_model(tested, ranked)
    if not all(member.done for member in members) or (by and winner is None):
        raise typer.Exit(1)


def _refuse_faults(
    found: tuple[Point, ...],
    params: Mapping[str, Any],
    root: Path,
    *,
    path: Path,
    by: Rank | None,
    smoke: bool,
) -> None:
    def check(tree: Mapping[str, Any]) -> list[str]:
        return study_faults(tree, root) or rank_faults(tree, by=by)

    refuse_faults(found, params, path=path, check=check, twins=smoke)
