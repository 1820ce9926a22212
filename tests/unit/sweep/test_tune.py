"""Searches as a whole, with trainings that take no time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from filelock import Timeout
from optuna.trial import TrialState

from visage.files.tables import write_table
from visage.schema import HISTORY
from visage.sweep.search import FOLDER, PROCESS, Search, SearchError, open_search
from visage.sweep.tuning import Tuning
from visage.tracking.processes import own_process

Plan = Callable[..., Tuning]
Searched = Callable[..., Search]


def states(search: Search) -> list[TrialState]:
    return [trial.state for trial in search.trials()]


def drawn(run: Any) -> list[Any]:
    return [dict(point.overrides) for point in run.points]


def test_every_trial_is_an_experiment_with_the_shared_overrides(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    run = fake_run()
    searched(plan(), run)
    assert [point.name for point in run.points] == [f"s-{number}" for number in range(6)]
    for point in run.points:
        assert point.overrides["train.epochs"] == 4
        assert 0.1 <= point.overrides["train.lr"] <= 0.9
        assert point.overrides["a"] in ([], [256])


def test_a_trial_that_falls_behind_is_stopped(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    search = searched(plan(trials=12))
    rates = {trial.number: trial.params["train.lr"] for trial in search.trials()}
    pruned = [t for t in search.trials() if t.state is TrialState.PRUNED]
    assert pruned
    for trial in pruned:
        assert trial.last_step == 2  # the first epoch after the warm-up of one
        assert rates[trial.number] < max(rates.values())


def test_the_first_trials_are_not_stopped(plan: Plan, searched: Searched) -> None:
    assert states(searched(plan(startup_trials=6))) == [TrialState.COMPLETE] * 6


def test_without_a_pruner_none_is_stopped(plan: Plan, searched: Searched) -> None:
    assert states(searched(plan(trials=12, pruner="none"))) == [TrialState.COMPLETE] * 12


def test_an_error_is_better_where_it_is_lower(plan: Plan, searched: Searched) -> None:
    search = searched(plan(metric="val_rmse", pruner="none"))
    best = search.study.best_trial
    assert best.params["train.lr"] == max(t.params["train.lr"] for t in search.trials())


def test_a_failed_trial_is_reported_and_the_next_one_runs(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    said: list[str] = []
    search = searched(plan(trials=3), fake_run(fails=(1,)), say=said.append)
    assert states(search) == [TrialState.COMPLETE, TrialState.FAIL, TrialState.COMPLETE]
    assert "s-1 FAILED; see above" in said


def test_an_ended_search_runs_nothing_more(plan: Plan, searched: Searched, fake_run: Any) -> None:
    searched(plan())
    run = fake_run()
    searched(plan(), run)
    assert run.points == []


def test_more_trials_go_on_with_the_numbers(plan: Plan, searched: Searched, fake_run: Any) -> None:
    searched(plan())
    run = fake_run()
    searched(plan(trials=8), run)
    assert [point.name for point in run.points] == ["s-6", "s-7"]


@pytest.mark.parametrize("dies", [0, 1, 4])
def test_an_interrupted_search_draws_what_an_undisturbed_one_draws(
    plan: Plan, searched: Searched, fake_run: Any, tmp_path: Path, dies: int
) -> None:
    undisturbed, before, after = fake_run(), fake_run(dies=dies), fake_run()
    searched(plan(), undisturbed, root=tmp_path / "undisturbed")
    with pytest.raises(KeyboardInterrupt):
        searched(plan(), before)
    assert len(searched(plan(), after).trials()) == 6
    assert [*drawn(before)[:dies], *drawn(after)] == drawn(undisturbed)


def test_a_trial_of_a_killed_tuner_is_drawn_again(
    plan: Plan, searched: Searched, fake_run: Any, tmp_path: Path
) -> None:
    with open_search("s", plan(), params={}, root=tmp_path, anew=False) as killed:
        lost = killed.ask()
        lost.set_user_attr(PROCESS, own_process().rpartition(":")[0] + ":1")  # of another start
    with open_search("s", plan(), params={}, root=tmp_path, anew=False) as search:
        search.give_back_dead()
        assert search.ask().params == lost.params
        assert search.left == 6


def test_a_trial_that_outlived_its_tuner_is_waited_for(plan: Plan, tmp_path: Path) -> None:
    with open_search("s", plan(), params={}, root=tmp_path, anew=False) as search:
        search.ask().set_user_attr(PROCESS, own_process())
        with pytest.raises(SearchError, match="s-0 still runs without its tuner.*kill -INT"):
            search.give_back_dead()


def test_two_tuners_are_not_at_one_search(plan: Plan, tmp_path: Path) -> None:
    with (
        open_search("s", plan(), params={}, root=tmp_path, anew=False),
        pytest.raises(SearchError, match="another `visage tune` is at it"),
        open_search("s", plan(), params={}, root=tmp_path, anew=False),
    ):
        pass


def test_another_definition_is_refused_with_what_changed(
    plan: Plan, searched: Searched, tmp_path: Path
) -> None:
    searched(plan(trials=1))
    params = {"train": {"epochs": 9, "lr": 5.0}}  # the rate is the space's, so it may change
    with (
        pytest.raises(SearchError, match="with new ones: train.epochs: 4, now 9. Give the file"),
        open_search("s", plan(), params=params, root=tmp_path, anew=False),
    ):
        pass


def test_a_search_without_trials_may_still_change(plan: Plan, tmp_path: Path) -> None:
    for params in ({"seed": 1}, {"seed": 2}):
        with open_search("s", plan(), params=params, root=tmp_path, anew=False) as search:
            assert search.left == 6


def test_another_lock_that_can_not_be_had_is_another_fault(plan: Plan, tmp_path: Path) -> None:
    with (
        pytest.raises(Timeout),
        open_search("s", plan(), params={}, root=tmp_path, anew=False),
    ):
        raise Timeout("another")


def test_a_search_can_begin_anew(plan: Plan, searched: Searched, fake_run: Any) -> None:
    searched(plan(trials=2))
    run = fake_run()
    searched(plan(trials=3, metric="val_rmse"), run, anew=True)
    assert [point.name for point in run.points] == ["s-0", "s-1", "s-2"]


def test_half_a_line_of_a_killed_tuner_spoils_nothing(
    plan: Plan, searched: Searched, tmp_path: Path
) -> None:
    searched(plan(trials=2))
    with (tmp_path / FOLDER / "s.log").open("ab") as log:
        log.write(b'{"op_code":')
    assert len(searched(plan(trials=3)).trials()) == 3
    assert len(searched(plan(trials=3)).trials()) == 3


def test_what_dvc_restored_counts_for_the_median(
    plan: Plan, searched: Searched, fake_run: Any, tmp_path: Path
) -> None:
    class Restores(fake_run):  # type: ignore[misc]
        def __call__(self, point: Any, **_: Any) -> Any:
            class Deaf:
                def enough(self) -> bool:
                    return False

            return super().__call__(point, progress=tmp_path / "unread.csv", watcher=Deaf())

    (trial,) = searched(plan(trials=1), Restores()).trials()
    assert sorted(trial.intermediate_values) == [1, 2, 3, 4]


def test_a_history_without_the_figure_fails_the_trial(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    said: list[str] = []
    search = searched(plan(trials=1, metric="val_mae"), say=said.append)
    assert states(search) == [TrialState.FAIL]
    assert said[-1] == "s-0 FAILED: metrics/history.csv has no val_mae at epoch 4"


def test_no_progress_file_is_left(plan: Plan, searched: Searched, tmp_path: Path) -> None:
    searched(plan())
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == ["s.lock", "s.log"]


def test_an_old_progress_file_says_nothing(
    plan: Plan, searched: Searched, fake_run: Any, tmp_path: Path
) -> None:
    class Failing(fake_run):  # type: ignore[misc]
        def __call__(self, point: Any, *, progress: Path, watcher: Any) -> Any:
            assert not progress.exists()

    row = pd.DataFrame([{"epoch": 1}]).reindex(columns=HISTORY.names)
    write_table(tmp_path / FOLDER / "s-0.csv", row, HISTORY)
    assert states(searched(plan(trials=1), Failing())) == [TrialState.FAIL]
