"""The saved view of MLflow's table: what it shows, and whose it is."""

import json

import pytest

from visage.records import Param
from visage.tracking.store import Run, Store
from visage.tracking.view import MOST, TAG, differing, is_own, refresh, saved_view


def run(**params: str) -> Run:
    return Run("id", "name", "FINISHED", params=params)


def columns(saved: str) -> list[str]:
    found: list[str] = json.loads(json.loads(saved)["state"])["selectedColumns"]
    return found


def add_run(store: Store, **params: str) -> None:
    store.log(store.create("a run", {}), params=[Param(*item) for item in params.items()])


def test_table_shows_the_figures() -> None:
    wanted = {"tags.`sweep`", "params.`backbone`", "metrics.`harmonic`"}
    assert wanted <= set(columns(saved_view(["backbone"])))


def test_params_that_differ_come_after_the_backbone() -> None:
    runs = [
        run(backbone="a", seed="1", lr="0.1", epochs="9"),
        run(backbone="a", seed="2", lr="0.2", epochs="9"),
    ]
    assert differing(runs) == ["backbone", "lr", "seed"]


def test_a_param_that_a_run_lacks_does_not_differ() -> None:
    assert differing([run(backbone="a", lr="0.1"), run(backbone="b")]) == ["backbone"]


def test_more_params_than_a_table_holds_are_left_out() -> None:
    many = [f"p{number:02d}" for number in range(20)]
    found = differing([run(**dict.fromkeys(many, value)) for value in ("1", "2")])
    assert found == ["backbone", *many[: MOST - 1]]


def test_view_follows_the_runs(store: Store) -> None:
    add_run(store, backbone="a", seed="1")
    refresh(store)
    assert "params.`seed`" not in columns(store.experiment_tags()[TAG])
    add_run(store, backbone="a", seed="2")
    refresh(store)
    assert "params.`seed`" in columns(store.experiment_tags()[TAG])


def edited() -> str:
    saved = json.loads(saved_view(["backbone"]))
    return json.dumps({**saved, "updatedAt": 1_800_000_000_000})


@pytest.mark.parametrize("value", ["the user's", "[1]", edited()])
def test_view_that_a_user_changed_stays(store: Store, value: str) -> None:
    store.describe({TAG: value})
    refresh(store)
    assert store.experiment_tags()[TAG] == value


def test_own_view_is_known_whatever_its_params() -> None:
    assert is_own(saved_view(["backbone", "train.lr"]))
