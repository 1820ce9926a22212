from collections.abc import Callable
from pathlib import Path

import pytest

from visage.tracking.contents import FOLDERS
from visage.tracking.state import (
    StateError,
    read_stages,
    refuse_unfinished,
    stages_of,
    state_key,
)

LOCK = """
schema: '2.0'
stages:
  train:
    outs:
    - path: model
      md5: {model}
  track:
    deps:
    - path: model
      md5: {tracked}
"""


def key(model: str = "m", tracked: str = "t") -> str:
    return state_key(stages_of(LOCK.format(model=model, tracked=tracked)))


def test_own_entry_is_no_part_of_the_state() -> None:
    assert key(tracked="a") == key(tracked="b")


def test_another_output_is_another_state() -> None:
    assert key(model="a") != key(model="b")


def test_finished_state_is_accepted(project: Path) -> None:
    stages = read_stages(project)
    assert any(stage.get("outs") for stage in stages.values())  # there is something to refuse
    refuse_unfinished(stages, project, FOLDERS)


def test_output_changed_since_the_run_is_refused(project: Path) -> None:
    (project / "metrics/report.html").write_text("other")

    with pytest.raises(StateError, match=r"metrics/report\.html: not what dvc\.lock records"):
        refuse_unfinished(read_stages(project), project, FOLDERS)


def test_folder_changed_since_the_run_is_refused(project: Path) -> None:
    (project / "metrics/drawings/training-loss.svg").write_text("other")

    with pytest.raises(StateError, match=r"^metrics/drawings: not what dvc\.lock records"):
        refuse_unfinished(read_stages(project), project, FOLDERS)


def test_output_missing_since_the_run_is_refused(project: Path) -> None:
    (project / "models/model.safetensors").unlink()

    with pytest.raises(StateError, match=r"models/model\.safetensors"):
        refuse_unfinished(read_stages(project), project, FOLDERS)


def test_param_changed_since_the_run_is_refused(project: Path) -> None:
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("seed: 42", "seed: 43"))

    with pytest.raises(StateError, match=r"params\.yaml: seed: not what"):
        refuse_unfinished(read_stages(project), project, FOLDERS)


def test_project_that_never_ran_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="dvc repro"):
        read_stages(tmp_path)


@pytest.mark.parametrize("text", ["", "a: [", "schema: '2.0'", "- 1"])
def test_broken_lock_is_refused(text: str) -> None:
    with pytest.raises(StateError, match=r"dvc\.lock"):
        stages_of(text)


def test_same_state_has_the_same_key(project: Path, relock: Callable[[Path], None]) -> None:
    before = state_key(read_stages(project))
    relock(project)

    assert state_key(read_stages(project)) == before
