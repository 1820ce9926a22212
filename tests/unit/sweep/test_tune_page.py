from collections.abc import Callable
from typing import Any

from visage.sweep.result import Result
from visage.sweep.search import Search
from visage.sweep.tune_page import best_trial, tune_page
from visage.sweep.tuning import Tuning

Plan = Callable[..., Tuning]
Searched = Callable[..., Search]
BEST = Result("s-3", {}, {"data_sha256": "0123456789abcdef"}, model="abc")
WINNER = Result(
    "s-winner", {"mae": 5.0, "n": 7}, {"part": "test", "data_sha256": "cd" * 32}, model="abc"
)


def rows(page: str) -> list[list[str]]:
    table = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_trials_stand_best_first_then_pruned_then_failed(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    search = searched(plan(trials=12), fake_run(fails=(1,)))
    heading, _, *found = rows(tune_page(search, None, None, seed=42, smoke=False))
    assert heading == ["trial", "train.lr", "a", "val_harmonic", "epoch", "state"]
    kinds = [row[-1].split()[0] for row in found]
    assert kinds == sorted(kinds, key=("complete", "pruned", "failed").index)
    assert {"complete", "pruned", "failed"} == set(kinds)
    scores = [float(row[3]) for row in found if row[3]]
    assert scores == sorted(scores, reverse=True)


def test_a_row_has_the_values_and_the_score(plan: Plan, searched: Searched) -> None:
    search = searched(plan(trials=1))
    (row,) = rows(tune_page(search, None, None, seed=42, smoke=False))[2:]
    (trial,) = search.trials()
    rate = trial.params["train.lr"]
    assert row == ["s-0", f"{rate:.4g}", trial.params["a"], f"{rate:.4f}", "4", "complete"]


def test_the_best_trial_is_the_lowest_error(plan: Plan, searched: Searched) -> None:
    search = searched(plan(metric="val_rmse", pruner="none"))
    best = best_trial(search)
    assert best is not None
    assert best.value == min(trial.value or 9 for trial in search.trials())


def test_without_a_complete_trial_there_is_no_best(
    plan: Plan, searched: Searched, fake_run: Any
) -> None:
    assert best_trial(searched(plan(trials=1), fake_run(fails=(0,)))) is None


def test_the_page_says_part_seed_data_and_how_to_take_the_best(
    plan: Plan, searched: Searched
) -> None:
    page = tune_page(searched(plan()), BEST, WINNER, seed=42, smoke=False)
    assert "the validation part, its labels 0123456789ab, training seed 42" in page
    assert "The parameters of s-3, not trained again where DVC's cache has the training: " in page
    assert "`dvc exp apply s-winner`" in page
    assert "Smoke" not in page


def test_the_winner_s_row_is_of_the_test_part(plan: Plan, searched: Searched) -> None:
    found = rows(tune_page(searched(plan()), BEST, WINNER, seed=42, smoke=False))
    assert found[-1] == ["ours: s-winner", "5.00", "7", "test cdcdcdcdcdcd", "model abc"]


def test_a_winner_that_failed_has_no_figures(plan: Plan, searched: Searched) -> None:
    page = tune_page(searched(plan()), BEST, Result("s-winner"), seed=42, smoke=False)
    assert "s-winner FAILED: nothing was measured on the test part." in page
    assert "dvc exp apply" not in page


def test_a_winner_without_a_test_part_has_no_figures(plan: Plan, searched: Searched) -> None:
    untested = Result("s-winner", {"n": 0}, model="abc")
    page = tune_page(searched(plan()), BEST, untested, seed=42, smoke=False)
    assert "s-winner had no test part (`split.fractions.test`)" in page
    assert "measured on the test part, the same" not in page


def test_a_smoke_run_is_said_to_be_reduced(plan: Plan, searched: Searched) -> None:
    assert "**Smoke run: reduced" in tune_page(searched(plan()), None, None, seed=42, smoke=True)


def test_importances_need_enough_trials(plan: Plan, searched: Searched) -> None:
    few, many = (
        tune_page(searched(plan(trials=n, pruner="none")), None, None, seed=1, smoke=False)
        for n in (9, 10)
    )
    assert "PED-ANOVA" not in few
    assert "(PED-ANOVA, 10 trials): train.lr" in many
