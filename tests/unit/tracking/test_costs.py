from pathlib import Path

import pytest

from visage.records import Metric
from visage.tracking import tags
from visage.tracking.costs import train_seconds
from visage.tracking.store import Store

F = "f" * 64


def add(store: Store, fingerprint: str, **metrics: float) -> None:
    run = store.create("run", {tags.FINGERPRINT: fingerprint})
    store.log(run, [Metric(name, value) for name, value in metrics.items()])


def test_a_state_that_was_restored_costs_what_its_training_took(
    project: Path, store: Store
) -> None:
    add(store, F, train_seconds=61.5)
    add(store, F, mae=7.0)  # the winner's run: another state of the same training
    add(store, "e" * 64, mae=8.0)
    assert train_seconds([F, F, "e" * 64, "d" * 64, ""], project) == {F: 61.5}


def test_without_tracking_no_cost_is_known(
    project: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, F, train_seconds=61.5)
    monkeypatch.setenv("VISAGE_TRACK", "off")
    assert train_seconds([F], project) == {}
