"""The fingerprint of a training in a project of empty files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.codes import Task
from visage.files.closure import stage_registries
from visage.files.paths import CROP, FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS
from visage.params.model import Model
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.training.identity import TrainingParams, chosen_members, training_fingerprint

ROOT = Path(__file__).parents[3]
SOURCES = Path("src/visage")
MEMBERS = (
    "models/pools/average",
    "models/pools/other",
    "models/heads/ordinal",
    "optim/schedules/cosine",
    "optim/schedules/plateau",
    "optim/policies/full",
)


@pytest.fixture
def params(recipe: Callable[..., Train]) -> TrainingParams:
    model = Model(
        image_size=64,
        pool="average",
        age_head="ordinal",
        mlp=(),
        dropout=0.0,
        drop_path_rate=0.0,
        normalise="weights",
    )
    return TrainingParams(100, "test_resnet", model, 1, Tasks((Task.AGE,)), recipe())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goes into a folder that has the inputs of a training, and members of the registries."""
    monkeypatch.chdir(tmp_path)
    members = [SOURCES / f"{name}.py" for name in MEMBERS]
    for path in (CROP, FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS, *members):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    Path("stages").mkdir()
    Path("stages/train.py").touch()


@pytest.mark.parametrize(
    ("member", "changes"),
    [
        ("models/pools/average", True),
        ("models/pools/other", False),
        ("models/heads/ordinal", True),
        ("optim/schedules/cosine", True),
        ("optim/schedules/plateau", False),
        ("optim/policies/full", True),
    ],
)
def test_the_code_of_the_chosen_members_counts_and_no_others(
    project: None, params: TrainingParams, member: str, changes: bool
) -> None:
    before = training_fingerprint(params)
    (SOURCES / f"{member}.py").write_text("changed")
    assert (training_fingerprint(params) != before) == changes


def test_every_registry_that_training_reaches_has_its_member_counted(
    params: TrainingParams,
) -> None:
    reached = {str(folder.relative_to(SOURCES)) for folder in stage_registries("train", ROOT)}
    assert set(chosen_members(params)) == reached
