"""`visage tune`: a search for better parameters, each trial a DVC experiment."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from visage.cli.studies import (
    SetParamOption,
    SmokeOption,
    mirror,
    say,
    say_what_is_reduced,
    study_faults,
    write_page,
)
from visage.params.load import ParamsError, read_params
from visage.params.overrides import overridden, read_override
from visage.sweep.finished import finished
from visage.sweep.members import Member, refuse_existing
from visage.sweep.points import (
    PART,
    Point,
    for_ranking,
    part_faults,
    refuse_faults,
    winner_name,
    winning,
)
from visage.sweep.ranking import refuse_other_model, run_winner
from visage.sweep.repository import refuse_unready
from visage.sweep.result import Result, read_result, result_of
from visage.sweep.score import incomparable, metric_faults
from visage.sweep.search import START, Search, open_search
from visage.sweep.space import corners
from visage.sweep.study import base_overrides, misuse, study_name
from visage.sweep.tune import Base, run_experiment, trial_point
from visage.sweep.tune import tune as run_trials
from visage.sweep.tune_page import best_trial, tune_page
from visage.sweep.tuning import Tuning, load_tuning


def tune(
    tuning: Annotated[Path, typer.Argument(help="A file like recipes/tune/rate.yaml.")],
    smoke: SmokeOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Begin anew; experiments of the same names go.")
    ] = False,
    set_param: SetParamOption = None,
) -> None:
    """Search for better parameters: one DVC experiment after the other, the hopeless ones stopped.

    Trials are measured on the validation part; the best one alone is run again for the test part.
    The same command goes on where it was, after an interruption or when `trials` was raised. The
    workspace stays as it is. A quick run begins anew.
    """
    root, plan, params = Path.cwd(), load_tuning(tuning, smoke=smoke), read_params()
    extra = dict(read_override(text) for text in set_param or [])
    overrides = for_ranking(base_overrides(plan, extra=extra, smoke=smoke))
    _refuse_misuse(plan, path=tuning, extra=extra, smoke=smoke)
    _refuse_faults(plan, params, overrides, path=tuning)
    refuse_unready(root)
    tree, name = overridden(params, overrides), study_name(tuning, smoke=smoke)
    anew = force or smoke  # nothing is lost with a quick run's experiments
    with open_search(name, plan, params=tree, root=root, anew=anew) as search:
        search.give_back_dead()
        if not anew:
            _refuse_strangers(search, root)
        say_what_is_reduced(root, smoke=smoke)
        base = Base(overrides, monitor=tree["train"]["monitor"])
        run_trials(search, base, run=partial(run_experiment, root=root), root=root, say=say)
        winner = _run_winner(search, base, params, root, anew=anew)
        _end(search, winner, root, seed=tree["seed"], smoke=smoke)


def _refuse_misuse(plan: Tuning, *, path: Path, extra: Mapping[str, Any], smoke: bool) -> None:
    chosen = [f"metric.{PART}", *(f"space.{name}" for name in plan.space)]
    command = f"visage tune {path}"
    faults = [
        *misuse(plan, command=command, chosen=chosen, extra=extra, smoke=smoke),
        *part_faults(plan),
        *incomparable(plan.space),
    ]
    if faults:
        raise ParamsError(path, faults)


def _refuse_faults(
    plan: Tuning, params: Mapping[str, Any], overrides: Mapping[str, Any], *, path: Path
) -> None:
    """The space's corners are checked as a recipe's points are."""
    found = tuple(corners(plan.space, overrides, name=path.stem))
    root = Path.cwd()

    def check(tree: Mapping[str, Any]) -> list[str]:
        return study_faults(tree, root) or metric_faults(tree, metric=plan.metric)

    refuse_faults(found, params, path=path, check=check)


def _refuse_strangers(search: Search, root: Path) -> None:
    """A search that begins must not replace the experiments of one whose memory is gone."""
    if not search.study.trials:
        names = [f"{search.name}-{number}" for number in range(search.plan.trials)]
        names.append(winner_name(search.name))
        refuse_existing([Point(name, {}) for name in names], root)


def _run_winner(
    search: Search, base: Base, params: Mapping[str, Any], root: Path, *, anew: bool
) -> Member | None:
    """Runs the best trial for the test part, unless that is there already."""
    trial = best_trial(search)
    if trial is None:
        return None
    chosen = trial_point(search, trial, base)
    there = [] if anew else finished([winning(chosen, study=search.name)], params, root)
    return run_winner(chosen, root, study=search.name, say=say, there=there)


def _end(search: Search, winner: Member | None, root: Path, *, seed: int, smoke: bool) -> None:
    names = [search.experiment(trial) for trial in search.trials()]
    mirror([*names, *([winner.name] if winner else [])], root, study=search.name)
    ranked = _best_result(search, root)
    tested = result_of(winner, root) if winner else None
    page = tune_page(search, ranked, tested, seed=seed, smoke=smoke)
    write_page(Path("metrics") / f"tune-{search.name}.md", page)
    if ranked and tested:
        refuse_other_model(tested, ranked)
    if not (winner and winner.done):
        raise typer.Exit(1)


def _best_result(search: Search, root: Path) -> Result | None:
    trial = best_trial(search)
    if trial is None:
        return None
    return read_result(search.experiment(trial), root, start=trial.user_attrs[START])
