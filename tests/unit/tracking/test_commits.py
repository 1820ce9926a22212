"""Which commits hold which state, in the whole history and in experiments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.tracking import store as pages
from visage.tracking import tags
from visage.tracking.commits import all_states, committed_states, finished_runs, note_sweep
from visage.tracking.store import Run, Store

Git = Callable[..., str]


@pytest.fixture
def history(project: Path, git: Git, relock: Callable[[Path], None]) -> list[str]:
    """Commits with two states, and one without a new one between them, oldest first."""
    (project / ".gitignore").write_text("/mlflow/\n")
    git(project, "init", "-q")
    found = []
    for report, reads in (("one", "a"), ("one", "b"), ("two", "c")):
        if (project / "metrics/report.html").read_text() != report:
            (project / "metrics/report.html").write_text(report)
            relock(project)
        (project / "notes.txt").write_text(reads)
        git(project, "add", "-A")
        git(project, "commit", "-qm", report)
        found.append(git(project, "rev-parse", "HEAD"))
    return found


def as_experiment(project: Path, git: Git, commit: str, name: str) -> None:
    start = git(project, "rev-parse", f"{commit}^")
    git(project, "update-ref", f"refs/exps/{start[:2]}/{start[2:]}/{name}", commit)


def test_each_state_of_the_history_is_found_where_it_was_made(
    project: Path, history: list[str]
) -> None:
    states = all_states(project)

    assert [state.commit for state in states] == [history[2], history[0]]
    assert len({state.key for state in states}) == 2
    assert [state.commit for state in committed_states(project)] == [history[2]]


def test_an_experiment_is_found_by_its_name_only(
    project: Path, history: list[str], git: Git
) -> None:
    as_experiment(project, git, history[2], "mine")
    git(project, "reset", "-q", "--hard", history[1])

    assert [(state.commit, state.name) for state in all_states(project)] == [
        (history[0], None),
        (history[2], "mine"),
    ]


def test_a_stash_is_no_state(project: Path, history: list[str], git: Git) -> None:
    (project / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    git(project, "stash")

    assert [state.commit for state in all_states(project)] == [history[2], history[0]]


def test_a_project_without_git_has_no_state(project: Path) -> None:
    assert all_states(project) == []


def test_runs_of_a_sweep_bear_its_name_once(store: Store) -> None:
    def complete(key: str) -> Run:
        known = {tags.KEY: key, tags.STATUS: tags.Status.COMPLETE}
        return store.create(f"run {key}", known)

    member, other = complete("a"), complete("b")
    for sweep in ("seeds", "seeds", "sizes"):
        note_sweep(store, {"a"}, sweep=sweep)

    assert store.run(member.id).tags[tags.SWEEP] == "seeds, sizes"
    assert tags.SWEEP not in store.run(other.id).tags


def test_a_run_that_lacks_files_is_finished_too(store: Store) -> None:
    for status in (tags.Status.PARTIAL, tags.Status.COMPLETE, tags.Status.TRAINED):
        store.create(status, {tags.STATUS: status})

    assert {run.name for run in finished_runs(store)} == {"partial", "complete"}


def test_runs_beyond_the_first_page_are_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        store.create(str(number), {tags.STATUS: tags.Status.COMPLETE}, at_ms=1000 + number)
    monkeypatch.setattr(pages, "PAGE", 2)

    assert [run.name for run in finished_runs(store)] == ["4", "3", "2", "1", "0"]
