from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from visage.params.load import ParamsError
from visage.sweep.points import Point, points, refuse_faults
from visage.sweep.recipe import Published, Recipe
from visage.sweep.study import Smoke

PATH = Path("recipes/study.yaml")


def expanded(recipe: Recipe, *, smoke: bool = False, **extra: Any) -> dict[str, Any]:
    dotted = {name.replace("__", "."): value for name, value in extra.items()}
    found = points(recipe, path=PATH, extra=dotted, smoke=smoke)
    return {point.name: dict(point.overrides) for point in found}


def faults(recipe: Recipe, *, smoke: bool = False, **extra: Any) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        expanded(recipe, smoke=smoke, **extra)
    return caught.value.faults


def test_without_a_grid_the_recipe_is_one_point_of_its_name() -> None:
    assert expanded(Recipe(purpose="x", overrides={"seed": 1})) == {"study": {"seed": 1}}


def test_a_grid_is_every_combination_under_telling_names() -> None:
    recipe = Recipe(
        purpose="x", overrides={"seed": 1}, grid={"backbone": ["a", "b"], "train.epochs": [3, 5]}
    )
    assert expanded(recipe) == {
        "study-a-epochs3": {"seed": 1, "backbone": "a", "train.epochs": 3},
        "study-a-epochs5": {"seed": 1, "backbone": "a", "train.epochs": 5},
        "study-b-epochs3": {"seed": 1, "backbone": "b", "train.epochs": 3},
        "study-b-epochs5": {"seed": 1, "backbone": "b", "train.epochs": 5},
    }


def test_names_are_fit_for_git() -> None:
    recipe = Recipe(purpose="x", grid={"infer.views": [["identity"], ["identity", "h flip/~^:"]]})
    assert list(expanded(recipe)) == ["study-identity", "study-identity+h_flip"]


def test_an_empty_list_of_a_grid_has_a_name() -> None:
    recipe = Recipe(purpose="x", grid={"model.mlp": [[], [256], [512, 256]]})
    assert list(expanded(recipe)) == ["study-mlp_none", "study-mlp256", "study-mlp512+256"]


def test_the_command_line_wins_over_the_recipe() -> None:
    recipe = Recipe(purpose="x", overrides={"train.epochs": 9})
    assert expanded(recipe, train__epochs=2) == {"study": {"train.epochs": 2}}


def test_a_smoke_run_has_its_own_overrides_and_names() -> None:
    recipe = Recipe(
        purpose="x",
        overrides={"train.epochs": 9},
        grid={"backbone": ["a"]},
        smoke=Smoke(overrides={"train.epochs": 1}),
    )
    assert expanded(recipe, smoke=True) == {"study-smoke-a": {"train.epochs": 1, "backbone": "a"}}


def test_a_recipe_without_a_smoke_run_says_so() -> None:
    assert faults(Recipe(purpose="x"), smoke=True) == [
        "smoke: is missing, so there is no quick run; add it"
    ]


def test_what_only_the_user_knows_is_asked_for() -> None:
    recipe = Recipe(purpose="x", needs={"data.root": "the faces"})
    assert faults(recipe) == [
        "needs data.root (the faces): visage run recipes/study.yaml -S data.root=..."
    ]
    assert expanded(recipe, data__root="/faces") == {"study": {"data.root": "/faces"}}


def test_a_smoke_run_needs_nothing() -> None:
    recipe = Recipe(purpose="x", needs={"data.root": "the faces"}, smoke=Smoke(overrides={}))
    assert expanded(recipe, smoke=True) == {"study-smoke": {}}


def test_a_parameter_of_the_grid_is_not_overridden() -> None:
    (fault,) = faults(Recipe(purpose="x", grid={"backbone": ["a", "b"]}), backbone="c")
    assert fault.startswith("grid.backbone: -S backbone=... would replace what the study chooses")


@pytest.mark.parametrize("smoke", [False, True])
def test_a_ranked_recipe_does_not_set_the_part(smoke: bool) -> None:
    quick = Smoke(overrides={"evaluate.part": "test"} if smoke else {})
    own = {} if smoke else {"evaluate.part": "validation"}
    recipe = Recipe(purpose="x", rank_by="mae", overrides=own, smoke=quick)
    (fault,) = faults(recipe)
    assert fault.startswith("overrides.evaluate.part: the points are measured on the validation")
    assert expanded(recipe.model_copy(update={"rank_by": None})).keys() == {"study"}


def test_equal_names_are_refused() -> None:
    (fault,) = faults(Recipe(purpose="x", grid={"backbone": ["a b", "a/b"]}))
    assert fault == "grid: study-a_b would stand for 2 points; make its values differ"


def test_every_fault_of_every_point_is_found_before_anything_runs() -> None:
    def check(tree: Mapping[str, Any]) -> list[str]:
        return [] if tree["seed"] > 0 else [f"seed: {tree['seed']} is too small"]

    found = [Point("a", {"sed": 3}), Point("b", {"seed": -1}), Point("c", {"seed": 5})]
    with pytest.raises(ParamsError) as caught:
        refuse_faults(tuple(found), {"seed": 1}, path=PATH, check=check)
    assert caught.value.faults == [
        "sed: params.yaml has no such parameter; did you mean seed?",
        "b: seed: -1 is too small",
    ]


def test_two_points_of_the_same_parameters_are_one_training() -> None:
    tree = {"seed": 1, "train": {"lr": 0.1}}
    found = (Point("base", {}), Point("a", {"train.lr": 0.1}), Point("b", {"train.lr": 0.2}))
    with pytest.raises(ParamsError) as caught:
        refuse_faults(found, tree, path=PATH, check=lambda _: [])
    assert caught.value.faults == ["a: is the same training as base; leave one of them out"]


def test_variants_change_one_thing_at_a_time() -> None:
    study = Recipe(
        purpose="p", variants={"base": {}, "old": {"age_max": 90}}, grid={"seed": [1, 2]}
    )
    found = points(study, path=Path("study.yaml"), extra={}, smoke=False)
    assert {point.name: dict(point.overrides) for point in found} == {
        "study-base-seed1": {"seed": 1},
        "study-base-seed2": {"seed": 2},
        "study-old-seed1": {"age_max": 90, "seed": 1},
        "study-old-seed2": {"age_max": 90, "seed": 2},
    }


def test_what_a_variant_chooses_cannot_be_given() -> None:
    study = Recipe(purpose="p", variants={"base": {}, "old": {"age_max": 90}})
    with pytest.raises(ParamsError, match=r"variants.age_max: -S age_max=... would replace"):
        points(study, path=Path("study.yaml"), extra={"age_max": 80}, smoke=False)


PUBLISHED = {"name": "net", "figures": {"mae": 5.66}, "note": "another test set"}


def with_published() -> Recipe:
    row = Published(name="net", mae=5.66, note="another test set")
    return Recipe(purpose="x", published=(row,), smoke=Smoke(overrides={}))


def test_the_report_is_given_the_published_figures() -> None:
    assert expanded(with_published()) == {"study": {"report.published": [PUBLISHED]}}


def test_a_quick_run_is_not_held_against_them() -> None:
    assert expanded(with_published(), smoke=True) == {"study-smoke": {}}


def test_other_figures_of_the_command_line_win() -> None:
    assert expanded(with_published(), report__published=[]) == {"study": {"report.published": []}}
