from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from visage.sweep import tracked
from visage.sweep.references import Reference
from visage.sweep.tracked import NotTrackedError, tracked_run
from visage.tracking import tags
from visage.tracking.store import Run

RUN = "0123456789abcdef" * 2
ADDRESS = SimpleNamespace(shown="sqlite:///x.db", experiment="visage")


class FakeStore:
    """Stands for MLflow's store, with one run of the state k."""

    address = ADDRESS

    def __init__(self, status: str = "complete") -> None:
        known = {tags.KEY: "k", tags.STATUS: status}
        self.mine = Run(RUN, "nice", "FINISHED", tags=known)

    def find(self, run_id: str) -> Run | None:
        return self.mine if run_id == self.mine.id else None

    def runs(self, wanted: dict[str, str]) -> list[Run]:
        return [self.mine] if wanted.items() <= self.mine.tags.items() else []


@pytest.fixture
def store() -> Any:
    return FakeStore()


@pytest.fixture(autouse=True)
def commits(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """The keys of the states in commits, by the names that lead to them."""
    known: dict[str, str | None] = {"mine": "k", "other": "o", "empty": None}
    monkeypatch.setattr(tracked, "find", lambda name, root: Reference(name, name))
    monkeypatch.setattr(tracked, "key_at", lambda root, commit: known[commit])
    return known


def test_a_run_is_found_by_its_id_without_a_commit(store: Any, tmp_path: Path) -> None:
    assert tracked_run(RUN, tmp_path, store=store).name == "nice"


def test_a_revision_leads_to_the_run_of_its_state(store: Any, tmp_path: Path) -> None:
    assert tracked_run("mine", tmp_path, store=store).id == RUN


def test_an_unknown_id_is_refused(store: Any, tmp_path: Path) -> None:
    with pytest.raises(NotTrackedError, match="has no such run in its experiment 'visage'"):
        tracked_run("f" * 32, tmp_path, store=store)


def test_a_state_without_a_run_is_refused_with_the_remedy(store: Any, tmp_path: Path) -> None:
    with pytest.raises(NotTrackedError, match=r"no finished run of this state.*--rebuild"):
        tracked_run("other", tmp_path, store=store)


def test_a_state_whose_results_are_not_written_yet_has_no_run(tmp_path: Path) -> None:
    unfinished: Any = FakeStore(status="trained")
    with pytest.raises(NotTrackedError, match="no finished run of this state"):
        tracked_run("mine", tmp_path, store=unfinished)


def test_a_commit_without_a_state_is_refused(store: Any, tmp_path: Path) -> None:
    with pytest.raises(NotTrackedError, match=r"commit empty holds no finished state"):
        tracked_run("empty", tmp_path, store=store)
