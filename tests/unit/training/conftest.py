from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from visage.codes import Task
from visage.files.faces import FaceStore
from visage.inference.machine import Machine
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.params.train import LossWeights, Mix, Plateau, Train
from visage.training.course import Course
from visage.training.fit import Fitted, fit
from visage.training.keeper import Keeper
from visage.training.observer import Observer, Silent
from visage.training.resuming import Resume
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer
from visage.vision.dataset import faces

BOTH = (Task.AGE, Task.GENDER)


def _recipe(**changes: Any) -> Train:
    facts: dict[str, Any] = {
        "epochs": 3,
        "batch_size": 5,
        "lr": None,
        "lr_by_backbone": {"default": 1e-3, "resnet18": 2e-3},
        "random_init_lr_factor": 5.0,
        "accumulate": 1,
        "optimizer": "adamw",
        "head_lr_factor": 1.0,
        "layer_decay": 1.0,
        "schedule": "cosine",
        "plateau": Plateau(factor=0.1, patience=3),
        "finetune": "full",
        "frozen_stages": 0,
        "freeze_norms_after": None,
        "ema_decay": None,
        "erase": 0.0,
        "mix": Mix(method="none", alpha=0.2),
        "first_image_size": None,
        "compile": False,
        "weight_decay": 5e-5,
        "clip_grad_norm": 1.0,
        "warmup_epochs": 1,
        "augment": "seed",
        "amp": "off",
        "channels_last": False,
        "balance": "static",
        "loss_weights": LossWeights(age=1.0, gender=1.0),
        "gender_pos_weight": 1.1,
        "label_sigma_years": 2.0,
        "regression_scale_years": 100.0,
        "monitor": "harmonic",
        "patience": None,
    }
    return Train(**{**facts, **changes})


@pytest.fixture
def recipe() -> Callable[..., Train]:
    """Makes a recipe; arguments are changes."""
    return _recipe


@pytest.fixture
def data(store: FaceStore, labels: pd.DataFrame) -> TrainingData:
    return TrainingData(
        train=faces(store, labels.head(16), image_size=32),
        weights=np.linspace(0.5, 1.5, 16),
        validation=faces(store, labels.tail(8), image_size=32),
    )


@pytest.fixture
def trainer() -> Callable[..., Trainer]:
    """Makes a trainer of a tiny network on data.

    spec: changes to the network; further arguments are changes to the recipe.
    """

    def make(
        data: TrainingData,
        *,
        tasks: tuple[Task, ...] = BOTH,
        workers: int = 0,
        spec: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Trainer:
        torch.manual_seed(1)
        plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
        whole = NetworkSpec("test_resnet", {}, 0.0, tasks, "regression", 100, (8,), 0.2, 32, plain)
        made = _recipe(**changes)
        network = Network(replace(whole, **(spec or {})), gender_pos_weight=made.gender_pos_weight)
        return Trainer(
            network,
            data,
            recipe=made,
            lr=made.lr_for("other", random_init=False),
            seed=3,
            on=Machine(torch.device("cpu"), workers),
        )

    return make


@pytest.fixture
def fitted() -> Callable[..., Fitted]:
    """Trains to the end, without a state on the disk unless a keeper is given."""

    def run(
        made: Trainer, observer: Observer | None = None, *, keeper: Keeper | None = None
    ) -> Fitted:
        kept = keeper or Keeper(None, code="", mode=Resume.NEVER, minutes=10)
        course: Course = kept.resume(made)
        return fit(made, observer or Silent(), course=course, keeper=kept)

    return run
