"""Writes what a training leaves: the model, its fingerprint, its history, and how fast it was.

Speed and memory would make equal results differ: they stand in metrics/train.json alone, which is
no output of the pipeline (docs/decisions/0007-speed-is-no-output.md).
"""

from importlib.metadata import version
from typing import Any

from visage.files.jsons import read_json, write_json
from visage.files.paths import (
    CROP,
    FINGERPRINT,
    HISTORY,
    INIT_JSON,
    MODEL,
    MODEL_JSON,
    TRAIN_METRICS,
)
from visage.files.tables import write_table
from visage.inference.processes import wait
from visage.models.checkpoint import save_model
from visage.models.network import count_parameters
from visage.schema import HISTORY as HISTORY_SCHEMA
from visage.training.fit import Fitted
from visage.training.trainer import Trainer


def save(trainer: Trainer, fitted: Fitted, identity: dict[str, Any]) -> None:
    """Writes models/model.*, models/fingerprint.json, metrics/history.csv, metrics/train.json.

    Of several processes the first one does, and all return when it has.
    """
    if trainer.machine.is_first:
        _save(trainer, fitted, identity)
    wait(trainer.machine)


def _save(trainer: Trainer, fitted: Fitted, identity: dict[str, Any]) -> None:
    facts = {
        "fingerprint": identity["fingerprint"],
        "best_epoch": fitted.best_epoch,
        "epochs_run": len(fitted.history),
        "lr": trainer.lr,
        "stopped_because": fitted.stopped_because,
    }
    n_parameters = count_parameters(trainer.network)
    save_model(
        MODEL,
        MODEL_JSON,
        spec=trainer.network.spec,
        state=fitted.state,
        facts={
            **facts,
            **read_json(CROP),
            "monitor": trainer.recipe.monitor if trainer.validated else None,
            "n_parameters": n_parameters,
            "n_learnt": n_parameters - trainer.freezer.frozen(len(fitted.history)),
            "n_train": len(trainer.data.train),
            "n_validation": len(trainer.data.validation),
            "seed": trainer.seed,
            "init": read_json(INIT_JSON),
            "versions": {name: version(name) for name in ("torch", "timm")},
        },
    )
    write_json(FINGERPRINT, identity)
    write_table(HISTORY, fitted.history, HISTORY_SCHEMA)
    speed = {
        "images_per_second": round(fitted.images_per_second, 1),
        "train_seconds": round(fitted.train_seconds, 1),
        "peak_memory_mb": round(fitted.peak_memory_mb, 1),
        "device": trainer.machine.device.type,
        "processes": trainer.machine.processes,
    }
    write_json(TRAIN_METRICS, {**facts, **speed})
