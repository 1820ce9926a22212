"""The parameters of a training, and the fingerprint of all its inputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visage.files.closure import stage_modules
from visage.files.paths import CROP, FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS
from visage.params.model import Model
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.training.fingerprint import fingerprint


@dataclass(frozen=True)
class TrainingParams:
    """The sections of params.yaml that the `train` stage declares."""

    age_max: int
    backbone: str
    model: Model
    seed: int
    tasks: Tasks
    train: Train

    def to_json(self) -> dict[str, Any]:
        """Returns them as JSON values."""
        sections = {"model": self.model, "tasks": self.tasks, "train": self.train}
        plain = {"age_max": self.age_max, "backbone": self.backbone, "seed": self.seed}
        return plain | {name: section.model_dump(mode="json") for name, section in sections.items()}


def chosen_members(params: TrainingParams) -> dict[str, str]:
    """Returns the members that parameters choose, by their registries' folders of src/visage."""
    return {
        "models/heads": params.model.age_head,
        "models/pools": params.model.pool,
        "optim/policies": params.train.finetune,
        "optim/schedules": params.train.schedule,
    }


def training_fingerprint(params: TrainingParams) -> dict[str, Any]:
    """Returns the fingerprint of these parameters and the files in the current folder."""
    members = chosen_members(params).items()
    chosen = (Path("src/visage", folder, f"{name}.py") for folder, name in members)
    code = {*stage_modules("train", Path()), *chosen, Path("constraints.txt")}
    return fingerprint(
        params=params.to_json(),
        data=[CROP, FACES, INDEX, SPLITS, WEIGHTS],
        init=[INIT, INIT_JSON],
        code=sorted(path for path in code if path.is_file()),
    )
