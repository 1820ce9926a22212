"""The fingerprint of a training in a project of empty files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import Task
from visage.files.paths import CROP, FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS
from visage.params.model import Model
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.training.identity import TrainingParams, training_fingerprint

CHOSEN = Path("src/visage/models")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goes into a folder that has the inputs of a training, and the members of two registries."""
    monkeypatch.chdir(tmp_path)
    members = [CHOSEN / f"{name}.py" for name in ("pools/average", "pools/other", "heads/ordinal")]
    for path in (CROP, FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS, *members):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    Path("stages").mkdir()
    Path("stages/train.py").touch()


@pytest.mark.parametrize(
    ("member", "changes"),
    [("pools/average", True), ("heads/ordinal", True), ("pools/other", False)],
)
def test_the_code_of_the_chosen_members_counts_and_no_others(
    project: None, recipe: Callable[..., Train], member: str, changes: bool
) -> None:
    model = Model(
        image_size=64,
        pool="average",
        age_head="ordinal",
        mlp=(),
        dropout=0.0,
        drop_path_rate=0.0,
        normalise="weights",
    )
    params = TrainingParams(100, "test_resnet", model, 1, Tasks((Task.AGE,)), recipe())
    before = training_fingerprint(params)
    (CHOSEN / f"{member}.py").write_text("changed")
    assert (training_fingerprint(params) != before) == changes
