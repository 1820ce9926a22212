from pathlib import Path
from types import SimpleNamespace

import pytest

from visage.sweep import references
from visage.sweep.references import Reference, UnknownReferenceError, find
from visage.tracking import tags
from visage.tracking.commits import Committed
from visage.tracking.speaking import TrackingError
from visage.tracking.state import StateError
from visage.tracking.store import Run

RUN = "0123456789abcdef" * 2


class FakeStore:
    """Stands for MLflow's store, with one run."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def run(self, run_id: str) -> Run:
        if run_id != self._run.id:
            raise TrackingError("MLflow at sqlite:///x.db: no such run")
        return self._run


@pytest.fixture
def tracked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A project without commits, whose store's run has these tags.

    `states` are those of HEAD and of experiments, `history` those of older commits.
    """
    states = [Committed("k", "c" * 40, "x")]
    known = SimpleNamespace(tags={tags.KEY: "k"}, states=states, history=[])

    def connect(address: object, *, seconds: int) -> FakeStore:
        return FakeStore(Run(RUN, "nice", "FINISHED", tags=known.tags))

    monkeypatch.setattr(references, "connect", connect)
    monkeypatch.setattr(references, "committed_states", lambda root: known.states)
    monkeypatch.setattr(references, "all_states", lambda root: known.history)
    return known


def test_a_run_leads_to_the_commit_that_holds_its_state(
    tracked: SimpleNamespace, tmp_path: Path
) -> None:
    tracked.states.insert(0, Committed("another", "a" * 40, None))
    assert find(RUN, tmp_path) == Reference(RUN, "c" * 40)


def test_a_run_of_an_older_commit_leads_to_it(tracked: SimpleNamespace, tmp_path: Path) -> None:
    tracked.states.clear()
    tracked.history.append(Committed("k", "d" * 40, None))
    assert find(RUN, tmp_path) == Reference(RUN, "d" * 40)


def test_a_run_whose_state_is_in_no_commit_is_refused(
    tracked: SimpleNamespace, tmp_path: Path
) -> None:
    tracked.states.clear()
    with pytest.raises(UnknownReferenceError, match=r"no commit here holds .*'nice'.*dvc exp pull"):
        find(RUN, tmp_path)


def test_a_run_of_a_training_alone_is_refused(tracked: SimpleNamespace, tmp_path: Path) -> None:
    tracked.tags = {tags.STATUS: tags.Status.KILLED}
    with pytest.raises(UnknownReferenceError, match=r"not a finished state \(status killed\)"):
        find(RUN, tmp_path)


def test_an_unknown_run_is_refused_with_the_way_to_see_them(
    tracked: SimpleNamespace, tmp_path: Path
) -> None:
    with pytest.raises(UnknownReferenceError, match="no such run; `visage ui` shows the runs"):
        find("f" * 32, tmp_path)


def test_a_workspace_that_was_never_finished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"dvc\.lock is missing; run `dvc repro`"):
        find("workspace", tmp_path)
