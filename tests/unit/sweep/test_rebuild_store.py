"""The loop over the states of the past; MLflow, Git and DVC themselves meet it in tests/e2e."""

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from visage.sweep import rebuild_store as module
from visage.sweep.rebuild_store import Tally, rebuild_store
from visage.tracking import tags
from visage.tracking.commits import Committed
from visage.tracking.mirror import Mirrored, State
from visage.tracking.speaking import TrackingError
from visage.tracking.state import StateError
from visage.tracking.store import Run

STATES = [Committed("new", "c3", None), Committed("old", "c1", None), Committed("old", "e2", "x")]
TIMES = {"c1": 1, "e2": 2, "c3": 3}


class FakeStore:
    """Stands for MLflow's store."""

    def __init__(self) -> None:
        self.complete: list[str] = []
        self.noted: list[Committed] = []

    def runs(self, wanted: dict[str, str]) -> list[Run]:
        assert wanted == {tags.STATUS: tags.Status.COMPLETE}
        return [Run(key, key, "FINISHED", tags={tags.KEY: key}) for key in self.complete]


@pytest.fixture
def past(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Two states in three commits; `lacking` are files by commit, `written` what was mirrored."""
    found = SimpleNamespace(lacking={}, unreadable=set(), written=[], store=FakeStore())

    def contents(commit: str, root: Path, folder: Path) -> Any:
        if commit in found.unreadable:
            raise StateError("the figures are missing")
        return SimpleNamespace(missing=tuple(found.lacking.get(commit, ())))

    def mirror(contents: Any, *, state: State, store: FakeStore) -> Mirrored:
        found.written.append(state)
        if not contents.missing:
            store.complete.append(state.key)
        return Mirrored("id", f"run of {state.key}", is_new=True)

    def note(store: FakeStore, states: Iterable[Committed]) -> None:
        store.noted = list(states)

    monkeypatch.setattr(module, "all_states", lambda root: STATES)
    monkeypatch.setattr(module.git, "time_ms", lambda root, commit: TIMES[commit])
    monkeypatch.setattr(module.git, "parent", lambda root, commit: f"before {commit}")
    monkeypatch.setattr(module, "_contents", contents)
    monkeypatch.setattr(module, "mirror", mirror)
    monkeypatch.setattr(module, "note_commits", note)
    return found


def rebuilt(past: SimpleNamespace, said: list[str] | None = None) -> Tally:
    lines = [] if said is None else said
    return rebuild_store(Path(), past.store, say=lines.append)


def test_each_state_is_written_once_the_oldest_first(past: SimpleNamespace) -> None:
    assert rebuilt(past) == Tally(written=2, known=0, partial=0, left_out=0)
    assert [(state.key, state.at_ms) for state in past.written] == [("old", 1), ("new", 3)]


def test_a_state_has_its_experiments_names_and_the_commit_before(past: SimpleNamespace) -> None:
    rebuilt(past)
    old, new = past.written
    assert (old.experiments, new.experiments) == (("x",), ())
    assert old.baseline == "before c1"


def test_what_is_there_is_left_alone_and_gets_its_commits(past: SimpleNamespace) -> None:
    rebuilt(past)
    assert rebuilt(past) == Tally(written=0, known=2, partial=0, left_out=0)
    assert len(past.written) == 2
    assert past.store.noted == STATES


def test_what_lacks_files_is_told_and_tried_again(past: SimpleNamespace) -> None:
    past.lacking["c3"] = [Path("models/model.safetensors")]
    said: list[str] = []
    assert rebuilt(past, said) == Tally(written=2, known=0, partial=1, left_out=0)
    assert said == ["x (c1): run run of old", f"c3: run run of new; not at hand: {MODEL}"]
    past.lacking.clear()
    assert rebuilt(past) == Tally(written=1, known=1, partial=0, left_out=0)


MODEL = "models/model.safetensors"


def test_a_state_that_cannot_be_read_is_told_and_the_next_one_written(
    past: SimpleNamespace,
) -> None:
    past.unreadable.add("c1")
    said: list[str] = []
    assert rebuilt(past, said) == Tally(written=1, known=0, partial=0, left_out=1)
    assert said[0] == "x (c1): left out: the figures are missing"


def test_a_store_that_fails_ends_it(past: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise TrackingError("MLflow at sqlite:///x.db: the disk is full")

    monkeypatch.setattr(module, "mirror", refuses)
    with pytest.raises(TrackingError, match="the disk is full"):
        rebuilt(past)
