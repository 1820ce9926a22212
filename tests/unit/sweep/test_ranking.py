from visage.sweep.ranking import best
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
