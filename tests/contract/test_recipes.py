"""Every committed recipe fits params.yaml, for real and for a quick run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from visage.cli.guard import all_faults
from visage.params.load import ParamsError, read_params
from visage.sweep.points import points, refuse_faults
from visage.sweep.ranking import rank_faults
from visage.sweep.recipe import load_recipe
from visage.sweep.score import incomparable, metric_faults
from visage.sweep.space import corners
from visage.sweep.study import base_overrides
from visage.sweep.tuning import load_tuning
from visage.training.stopping import Progress, advance, reason_to_stop

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.yaml"))
TUNINGS = sorted((Path(__file__).parents[2] / "recipes/tune").glob("*.yaml"))

GIVEN = {"data.root": "/what/the/user/gives"}


def check(path: Path, root: Path, *, smoke: bool) -> int:
    """Returns the number of a recipe's experiments, none of which has a fault."""
    recipe = load_recipe(path)
    known = dict.fromkeys(() if smoke else recipe.needs, "/what/the/user/gives")
    found = points(recipe, path=path, extra=known, smoke=smoke)

    def faults(tree: Mapping[str, Any]) -> list[str]:
        return all_faults(tree) or rank_faults(tree, by=recipe.rank_by)

    params = read_params(root / "params.yaml")
    refuse_faults(found, params, path=path, check=faults, twins=smoke)
    return len(found)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
@pytest.mark.parametrize("smoke", [False, True], ids=["real", "smoke"])
def test_a_recipe_has_no_faults(path: Path, root: Path, smoke: bool) -> None:
    assert check(path, root, smoke=smoke) > 0


@pytest.mark.parametrize("path", TUNINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("smoke", [False, True], ids=["real", "smoke"])
def test_a_search_has_no_faults(path: Path, root: Path, smoke: bool) -> None:
    plan = load_tuning(path, smoke=smoke)
    known = dict.fromkeys(() if smoke else plan.needs, "/what/the/user/gives")
    found = tuple(corners(plan.space, base_overrides(plan, extra=known, smoke=smoke), name="a"))
    refuse_faults(
        found,
        read_params(root / "params.yaml"),
        path=path,
        check=lambda tree: all_faults(tree) or metric_faults(tree, metric=plan.metric),
    )
    assert list(incomparable(plan.space)) == []
    assert len(found) > 0


def test_the_seed_is_the_published_system(root: Path) -> None:
    recipe = load_recipe(root / "recipes/seed.yaml")
    rows = {row.name: (row.rmse, row.mae, row.gender_f1, row.harmonic) for row in recipe.published}
    assert rows == {
        "convnext_tiny": (8.12, 5.66, 0.940, 0.821),
        "efficientnet_b0": (8.64, 6.12, 0.918, 0.802),
        "resnet18": (9.79, 7.10, 0.879, 0.763),
    }
    assert recipe.grid == {"backbone": list(rows)}


CELEBA_GRID = {"train.finetune": ["head_only", "last_block"], "train.lr": [1e-3, 1e-4]}


def test_the_celeba_study_is_the_published_one(root: Path) -> None:
    recipe = load_recipe(root / "recipes/celeba-gender.yaml")
    assert {row.name: row.gender_accuracy for row in recipe.published} == {
        "head_only, 1e-3": 0.9160,
        "head_only, 1e-4": 0.9123,
        "last_block, 1e-3": 0.9807,
        "last_block, 1e-4": 0.9770,
        "head_only, 1e-4, test part": 0.9107,
        "VGG-16, official split": 0.9886,
    }
    assert (recipe.grid, recipe.rank_by) == (CELEBA_GRID, "gender_accuracy")
    found = recipe.overrides
    assert (found["backbone"], found["data.subset"]) == ("vgg16", 30_000)
    assert (found["train.epochs"], found["train.batch_size"]) == (10, 64)


def test_modern_backbones_have_the_studys_grid_and_names_of_their_own(root: Path) -> None:
    paths = [root / f"recipes/celeba-{name}.yaml" for name in ("gender", "backbones")]
    study, modern = (load_recipe(path) for path in paths)
    assert modern.grid == {"backbone": ["efficientnet_b0", "convnext_tiny"], **CELEBA_GRID}
    assert modern.overrides == {**study.overrides, "init.tag": None}
    names = [
        {point.name for point in points(recipe, path=path, extra=GIVEN, smoke=False)}
        for recipe, path in zip((study, modern), paths, strict=True)
    ]
    assert [len(some) for some in names] == [4, 8]
    assert not names[0] & names[1]


def test_the_seed_stops_no_run_before_its_15th_epoch(root: Path) -> None:
    found = load_recipe(root / "recipes/seed.yaml").overrides
    progress, epoch = Progress(), 0
    while not reason_to_stop(progress, monitor="harmonic", patience=found["train.patience"]):
        epoch += 1
        progress = advance(
            progress,
            -float(epoch),  # never better than at first
            epoch=epoch,
            monitor="harmonic",
            warmup_epochs=found["train.warmup_epochs"],
        )
    assert epoch >= 15
    assert found["train.epochs"] >= 15


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("train.patience", "train.patienc", "train.patienc: params.yaml has no such parameter"),
        ("train.augment: seed", "train.augment: lots", "seed-resnet18: train.augment"),
        ("efficientnet_b0, resnet18]", "efficientnet_b0, resnet19]", "seed-resnet19: backbone"),
        ("purpose: >-", "purpos: >-", "purpose: is missing"),
    ],
)
def test_seen_to_fail(root: Path, tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (root / "recipes/seed.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "seed.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        check(path, root, smoke=False)
    assert any(found.startswith(fault) for found in caught.value.faults)
