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


def training_fingerprint(params: TrainingParams) -> dict[str, Any]:
    """Returns the fingerprint of these parameters and the files in the current folder."""
    models, model = Path("src/visage/models"), params.model
    chosen = (models / f"pools/{model.pool}.py", models / f"heads/{model.age_head}.py")
    code = {*stage_modules("train", Path()), *chosen, Path("constraints.txt")}
    return fingerprint(
        params=params.to_json(),
        data=[CROP, FACES, INDEX, SPLITS, WEIGHTS],
        init=[INIT, INIT_JSON],
        code=sorted(path for path in code if path.is_file()),
    )
