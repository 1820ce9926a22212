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
from visage.sweep.members import refuse_existing
from visage.sweep.points import Point, refuse_faults
from visage.sweep.repository import refuse_unready
from visage.sweep.result import read_result
from visage.sweep.score import incomparable, metric_faults
from visage.sweep.search import START, Search, open_search
from visage.sweep.space import corners
from visage.sweep.study import base_overrides, misuse, study_name
from visage.sweep.tune import Base, run_experiment
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

    The same command goes on where it was, after an interruption or when `trials` was raised. The
    workspace stays as it is.
    """
    root, plan, params = Path.cwd(), load_tuning(tuning, smoke=smoke), read_params()
    extra = dict(read_override(text) for text in set_param or [])
    overrides = base_overrides(plan, extra=extra, smoke=smoke)
    _refuse_misuse(plan, path=tuning, extra=extra, smoke=smoke)
    _refuse_faults(plan, params, overrides, path=tuning)
    refuse_unready(root)
    tree, name = overridden(params, overrides), study_name(tuning, smoke=smoke)
    with open_search(name, plan, params=tree, root=root, anew=force) as search:
        search.give_back_dead()
        if not force:
            _refuse_strangers(search, root)
        say_what_is_reduced(root, smoke=smoke)
        base = Base(overrides, monitor=tree["train"]["monitor"])
        run_trials(search, base, run=partial(run_experiment, root=root), root=root, say=say)
        _end(search, root, seed=tree["seed"], smoke=smoke)


def _refuse_misuse(plan: Tuning, *, path: Path, extra: Mapping[str, Any], smoke: bool) -> None:
    chosen = [f"space.{name}" for name in plan.space]
    command = f"visage tune {path}"
    faults = [
        *misuse(plan, command=command, chosen=chosen, extra=extra, smoke=smoke),
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
        refuse_existing([Point(name, {}) for name in names], root)


def _end(search: Search, root: Path, *, seed: int, smoke: bool) -> None:
    mirror([search.experiment(trial) for trial in search.trials()], root, study=search.name)
    trial = best_trial(search)
    best = (
        read_result(search.experiment(trial), root, start=trial.user_attrs[START])
        if trial
        else None
    )
    write_page(
        Path("metrics") / f"tune-{search.name}.md", tune_page(search, best, seed=seed, smoke=smoke)
    )
    if best is None:
        raise typer.Exit(1)
