import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.tracking import tags
from visage.tracking.state import StateError
from visage.tracking.store import Store
from visage.tracking.track import track_softly, track_state

Git = Callable[..., str]


@pytest.fixture
def committed(project: Path, git: Git) -> str:
    """The commit that holds the project's state."""
    (project / ".gitignore").write_text("/mlflow/\n")
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "state")
    return git(project, "rev-parse", "HEAD")


def test_state_of_head_gets_its_commit(project: Path, store: Store, committed: str) -> None:
    run = store.run(track_state(project).run_id)

    assert (run.tags[tags.COMMIT], run.tags[tags.BASELINE]) == (committed, committed)


def test_commit_is_noted_when_it_is_made_later(project: Path, store: Store, git: Git) -> None:
    before = store.run(track_state(project).run_id)
    git(project, "init", "-q")
    git(project, "add", "dvc.lock")
    git(project, "commit", "-qm", "state")

    after = store.run(track_state(project).run_id)

    assert (before.id, tags.COMMIT in before.tags) == (after.id, False)
    assert after.tags[tags.COMMIT] == git(project, "rev-parse", "HEAD")


def test_state_of_an_experiment_gets_its_name_and_commit(
    project: Path, store: Store, committed: str, git: Git, relock: Callable[[Path], None]
) -> None:
    (project / "metrics/report.html").write_text("another state")
    relock(project)
    git(project, "commit", "-qam", "experiment")
    found = git(project, "rev-parse", "HEAD")
    git(project, "update-ref", f"refs/exps/{committed[:2]}/{committed[2:]}/lr-high", found)
    git(project, "reset", "-q", "--soft", committed)

    run = store.run(track_state(project).run_id)

    assert (run.tags[tags.COMMIT], run.tags[tags.EXPERIMENTS]) == (found, "lr-high")


def test_member_of_a_sweep_that_equals_head_adds_its_name(
    project: Path, store: Store, committed: str
) -> None:
    track_softly(project)
    mirrored = track_state(project, "resnet18")

    assert [run.id for run in store.runs({})] == [mirrored.run_id]
    assert mirrored.name == "resnet18"


def test_deleted_store_is_written_again(
    project: Path, store: Store, empty_database: Path, committed: str
) -> None:
    before = store.run(track_state(project, "mine").run_id)
    shutil.rmtree(project / "mlflow/artifacts")
    store.delete(before)

    after = store.run(track_state(project, "mine").run_id)

    assert (after.name, after.metrics, after.params) == (before.name, before.metrics, before.params)


def test_stage_warns_and_goes_on_without_a_store(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    track_softly(project)

    assert "NOT in MLflow; `make track` adds it" in caplog.text


def test_stage_is_silent_when_tracking_is_off(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAGE_TRACK", "off")
    track_softly(project)

    assert not (project / "mlflow").exists()


def test_unfinished_state_is_refused(project: Path, store: Store) -> None:
    (project / "metrics/evaluate.json").write_text("{}")

    with pytest.raises(StateError, match=r"metrics/evaluate\.json"):
        track_state(project)
