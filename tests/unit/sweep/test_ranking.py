from dataclasses import replace

import pytest

from visage.sweep.ranking import (
    OtherModelError,
    best,
    is_other_model,
    rank_faults,
    refuse_other_model,
)
from visage.sweep.recipe import Rank
from visage.sweep.result import Result

RESULTS = [
    Result("a", {"gender_accuracy": 0.9, "rmse": 8.0}),
    Result("b", {"gender_accuracy": 0.95, "rmse": 9.0}),
    Result("failed"),
    Result("c", {"gender_accuracy": 0.95, "rmse": 7.0}),
]


def test_the_highest_accuracy_wins_and_the_first_of_equal_ones() -> None:
    found = best(RESULTS, by="gender_accuracy")
    assert found is not None
    assert found.name == "b"


def test_the_lowest_error_wins() -> None:
    found = best(RESULTS, by="rmse")
    assert found is not None
    assert found.name == "c"


def test_nobody_wins_where_all_failed() -> None:
    assert best([Result("failed")], by="rmse") is None


def ranked_first(results: list[Result], *, by: Rank) -> Result:
    found = best(results, by=by)
    assert found is not None
    return found


def test_a_winner_with_other_weights_than_those_that_won_is_refused() -> None:
    ranked = [replace(result, model=f"of {result.name}") for result in RESULTS]
    winner = Result("study-winner", {"rmse": 7.2}, model="of c")
    refuse_other_model(winner, ranked_first(ranked, by="rmse"))
    with pytest.raises(OtherModelError, match=r"weights of c, but those of b, .* with --force"):
        refuse_other_model(winner, ranked_first(ranked, by="gender_accuracy"))


@pytest.mark.parametrize("model", ["", "of c"])
def test_a_hash_that_is_not_at_hand_refuses_nothing(model: str) -> None:
    winner = Result("study-winner", {"rmse": 7.2}, model=model)
    ranked = ranked_first(RESULTS, by="rmse")
    refuse_other_model(winner, ranked)
    assert not is_other_model(winner, ranked)


@pytest.mark.parametrize(
    ("by", "tasks", "validation", "said"),
    [
        ("rmse", ["age"], 0.1, []),
        ("gender_f1", ["age"], 0.1, ["rank_by: gender_f1 does not exist with tasks [age]"]),
        ("gender_accuracy", ["age"], 0.1, ["rank_by: gender_accuracy does not exist with"]),
        ("harmonic", ["gender"], 0, ["split.fractions.validation: is 0", "rank_by: harmonic"]),
        (None, ["age"], 0, []),
    ],
)
def test_a_figure_that_no_point_will_have_is_found_beforehand(
    by: Rank | None, tasks: list[str], validation: float, said: list[str]
) -> None:
    tree = {"tasks": tasks, "split": {"fractions": {"validation": validation}}}
    found = rank_faults(tree, by=by)
    assert len(found) == len(said)
    assert all(fault.startswith(start) for fault, start in zip(found, said, strict=True))
