from itertools import islice

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from visage.sweep.space import MOST_CORNERS, corners, distributions, values_of
from visage.sweep.tuning import Dimension

SPACE = {
    "train.lr": Dimension(low=1e-4, high=1e-2, log=True),
    "train.epochs": Dimension(low=2, high=8, step=2),
    "model.mlp": Dimension(choices=[[], [256]]),
}


def test_each_kind_of_dimension_is_optunas_own() -> None:
    assert distributions(SPACE) == {
        "train.lr": FloatDistribution(1e-4, 1e-2, log=True),
        "train.epochs": IntDistribution(2, 8, step=2),
        "model.mlp": CategoricalDistribution(("[]", "[256]")),
    }


def test_a_choice_comes_back_as_what_it_was() -> None:
    drawn = {"train.lr": 1e-3, "train.epochs": 4, "model.mlp": "[256]"}
    assert values_of(SPACE, drawn) == {**drawn, "model.mlp": [256]}


def test_true_and_one_stay_two_choices() -> None:
    found = distributions({"a": Dimension(choices=[True, 1])})["a"]
    assert isinstance(found, CategoricalDistribution)
    assert found.choices == ("true", "1")


def test_corners_are_every_combination_of_ends_and_choices() -> None:
    found = [point.overrides for point in corners(SPACE, {"seed": 1}, name="search")]
    assert len(found) == 8
    assert found[0] == {"seed": 1, "train.lr": 1e-4, "train.epochs": 2, "model.mlp": []}
    assert {str(point) for point in found} == {
        str({"seed": 1, "train.lr": lr, "train.epochs": epochs, "model.mlp": mlp})
        for lr in (1e-4, 1e-2)
        for epochs in (2, 8)
        for mlp in ([], [256])
    }


def test_a_corner_says_where_it_is() -> None:
    first = next(corners(SPACE, {}, name="search"))
    assert first.name == "search at train.lr=0.0001, train.epochs=2, model.mlp=[]"


def test_a_large_space_is_checked_in_part() -> None:
    space = {f"p{number}": Dimension(low=0, high=1) for number in range(20)}
    assert len(list(islice(corners(space, {}, name="a"), MOST_CORNERS + 1))) == MOST_CORNERS
