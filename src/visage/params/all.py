"""Every section, and a check of the whole file at once.

No stage imports this module: a stage depends on the sections that it uses, and nothing else. The
guard in front of every stage and `visage check` do.
"""

import difflib
from pathlib import Path
from typing import Any

from visage.params.age_max import AgeMax
from visage.params.backbone import Backbone
from visage.params.calibrate import Calibrate
from visage.params.data import Data
from visage.params.demo import Demo
from visage.params.evaluate import Evaluate
from visage.params.explain import Explain
from visage.params.infer import Infer
from visage.params.ingest import Ingest
from visage.params.init import Init
from visage.params.load import PARAMS_FILE, ParamsError, read_params, validate_all
from visage.params.model import Model
from visage.params.report import Report
from visage.params.section import Scalar, Section
from visage.params.seed import Seed
from visage.params.split import Split
from visage.params.tasks import Tasks
from visage.params.train import Train, monitor_fault
from visage.params.weights import Weights

SECTIONS: tuple[type[Section | Scalar[Any]], ...] = (
    Backbone,
    Tasks,
    Seed,
    AgeMax,
    Data,
    Model,
    Demo,
    Ingest,
    Split,
    Weights,
    Init,
    Train,
    Infer,
    Calibrate,
    Evaluate,
    Explain,
    Report,
)


def check(path: Path = PARAMS_FILE) -> None:
    """Checks every section of a params file and what the sections say of each other.

    Raises:
        ParamsError: with every fault of the file.
    """
    faults = faults_of(read_params(path), path=path)
    if faults:
        raise ParamsError(path, faults)


def faults_of(tree: dict[str, Any], *, path: Path = PARAMS_FILE) -> list[str]:
    """Returns every fault of a whole tree of parameters; `path` names its file in messages."""
    found, faults = validate_all(SECTIONS, tree, path=path)
    known = {section.key for section in SECTIONS}
    faults += [f"{key}: unknown section{_near(key, known)}" for key in tree if key not in known]
    if faults:
        return faults
    concerned = ("tasks", "model", "ingest", "init", "train")
    return _contradictions(**{key: found[key] for key in concerned})


def _near(key: str, known: set[str]) -> str:
    close = difflib.get_close_matches(key, sorted(known), n=3)
    names = ", ".join(close or sorted(known))
    return f"; did you mean {names}?" if close else f"; known: {names}"


def _contradictions(
    *, tasks: Tasks, model: Model, ingest: Ingest, init: Init, train: Train
) -> list[str]:
    faults = []
    if model.image_size > ingest.store_size:
        faults.append(
            f"model.image_size: {model.image_size} is larger than ingest.store_size "
            f"({ingest.store_size}); raise ingest.store_size"
        )
    if train.first_image_size is not None and train.first_image_size > model.image_size:
        faults.append(
            f"train.first_image_size: {train.first_image_size} is larger than model.image_size "
            f"({model.image_size}), to which images grow; lower it, or set null"
        )
    if init.source == "file" and init.path is None:
        faults.append("init.path: is null; init.source=file needs a .safetensors or .pth file")
    if init.source == "faceres" and train.freeze_norms_after != 0:
        faults.append(
            f"train.freeze_norms_after: {train.freeze_norms_after}; norms of init.source=faceres "
            "only scale and shift, and would change what the network computes if they moved; set 0"
        )
    if train.warmup_epochs > train.epochs:
        faults.append(
            f"train.warmup_epochs: {train.warmup_epochs} is more than train.epochs "
            f"({train.epochs}); lower it"
        )
    weights = train.loss_weights.model_dump()
    if train.balance == "static" and not any(weights[task] for task in tasks.root):
        faults.append(
            f"train.loss_weights: is 0 for {' and '.join(tasks.root)}, so nothing would be learnt; "
            "give a weight above 0"
        )
    fault = monitor_fault(train.monitor, tasks)
    return faults + ([fault] if fault else [])
