"""From parameters and files to what the loop needs: the network and the two parts of the data."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from visage.codes import Part, Task
from visage.errors import VisageError
from visage.files.faces import FaceStore
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.models.weights import InitialWeights, fit
from visage.params.model import Model
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.vision.dataset import Faces, faces

IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


class TrainingDataError(VisageError):
    """There are too few images to train on, or too few labels."""


@dataclass(frozen=True)
class TrainingData:
    """The train part with its sampling weights, (N,), and the validation part, perhaps empty."""

    train: Faces
    weights: NDArray[np.float64]
    validation: Faces


def training_data(
    store: FaceStore,
    index: pd.DataFrame,
    splits: pd.DataFrame,
    weights: pd.DataFrame,
    *,
    image_size: int,
    tasks: Collection[Task],
) -> TrainingData:
    """Returns the images of the parts `train` and `validation`.

    Raises:
        TrainingDataError: the train part has fewer than two images, or none of a part that is
            there has the label of a task.
    """
    part = index["id"].map(splits.set_index("id")["part"])
    train, validation = index[part == Part.TRAIN], index[part == Part.VALIDATION]
    if len(train) < 2:
        raise TrainingDataError(
            f"the split has {len(train)} training images, but 2 are needed; raise "
            "split.fractions.train or give more images"
        )
    for name, rows in (("training", train), ("validation", validation)):
        if len(rows):
            _check_labels(rows, tasks=tasks, name=name)
    return TrainingData(
        train=faces(store, train, image_size=image_size),
        weights=train["id"].map(weights.set_index("id")["weight"]).to_numpy(np.float64),
        validation=faces(store, validation, image_size=image_size),
    )


def _check_labels(rows: pd.DataFrame, *, tasks: Collection[Task], name: str) -> None:
    """Passes if each task has a label in a part; one may come from some of the sources alone."""
    lacking = [task.value for task in tasks if rows[task.value].isna().all()]
    if lacking:
        labelled = [task.value for task in Task if task.value not in lacking]
        raise TrainingDataError(
            f"tasks: none of the {len(rows)} {name} images has a label for {', '.join(lacking)}; "
            f"set tasks: [{', '.join(labelled)}], or join a data set that has such labels "
            "(data.source: joined)"
        )


def network_spec(
    *,
    backbone: str,
    backbone_kwargs: dict[str, Any],
    model: Model,
    tasks: Tasks,
    age_max: int,
    weights: InitialWeights,
) -> NetworkSpec:
    """Returns the network's specification."""
    return NetworkSpec(
        backbone=backbone,
        backbone_kwargs=backbone_kwargs,
        drop_path_rate=model.drop_path_rate,
        tasks=tasks.root,
        age_head=model.age_head,
        age_max=age_max,
        mlp=model.mlp,
        dropout=model.dropout,
        image_size=model.image_size,
        normalisation=IMAGENET if model.normalise == "imagenet" else weights.normalisation,
        pool=model.pool,
    )


def initial_network(
    spec: NetworkSpec, weights: InitialWeights, *, seed: int, recipe: Train
) -> Network:
    """Returns the network with the backbone's initial weights; the rest is drawn from the seed."""
    torch.manual_seed(seed)
    network = Network(
        spec,
        gender_pos_weight=recipe.gender_pos_weight,
        label_sigma_years=recipe.label_sigma_years,
        regression_scale_years=recipe.regression_scale_years,
    )
    fit(network.backbone, weights.state, origin="models/init.safetensors")
    return network
