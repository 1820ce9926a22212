from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import f1_score, mean_absolute_error, root_mean_squared_error

from visage.codes import Task
from visage.files.faces import FaceStore
from visage.models.backbone import Normalisation, build
from visage.models.network import NetworkSpec
from visage.params.train import Train
from visage.records import Metric
from visage.training.fit import Fitted
from visage.training.observer import Silent
from visage.training.setup import TrainingData, TrainingDataError, training_data
from visage.training.trainer import Trainer
from visage.vision.dataset import faces

BOTH = (Task.AGE, Task.GENDER)
Make = Callable[..., Trainer]
Recipe = Callable[..., Train]
Run = Callable[..., Fitted]


@pytest.fixture
def trained(trainer: Make, fitted: Run) -> Callable[..., Fitted]:
    return lambda data, **changes: fitted(trainer(data, **changes))


def test_training_repeats_to_the_bit_whatever_the_number_of_workers(
    data: TrainingData, trained: Callable[..., Fitted]
) -> None:
    first, second = trained(data), trained(data, workers=2)
    pd.testing.assert_frame_equal(first.history, second.history, check_exact=True)
    assert all(torch.equal(tensor, second.state[name]) for name, tensor in first.state.items())


def test_what_ran_before_changes_nothing(
    data: TrainingData, trainer: Make, fitted: Run, trained: Callable[..., Fitted]
) -> None:
    first = trained(data)
    made = trainer(data)
    torch.rand(100)
    assert fitted(made).history.equals(first.history)


def test_the_network_learns(data: TrainingData, trained: Callable[..., Fitted]) -> None:
    history = trained(data, epochs=30, augment="none", lr=1e-2).history
    assert history["train_loss"].iloc[-1] < 0.5 * history["train_loss"].iloc[0]


def test_the_best_epochs_tensors_are_kept(data: TrainingData, trainer: Make, fitted: Run) -> None:
    made = trainer(data, epochs=6, lr=0.05, monitor="loss")
    found = fitted(made)
    made.network.load_state_dict(found.state)
    again = made.validate()["val_loss"]
    assert found.best_epoch == int(found.history["val_loss"].idxmin()) + 1
    assert again == pytest.approx(found.history["val_loss"].min(), rel=1e-6)


def test_training_stops_early_when_patience_ends(
    data: TrainingData, trained: Callable[..., Fitted]
) -> None:
    found = trained(data, epochs=20, lr=1e-12, monitor="gender_f1", patience=2, warmup_epochs=0)
    assert len(found.history) < 20
    assert "no better gender_f1 in 2 epochs" in found.stopped_because


def test_the_learning_rate_is_resolved_by_backbone(recipe: Recipe) -> None:
    assert recipe().lr_for("resnet18", random_init=False) == 2e-3
    assert recipe().lr_for("other", random_init=False) == 1e-3
    assert recipe(lr=0.5).lr_for("resnet18", random_init=True) == 0.5


def test_random_weights_take_the_rate_several_times(recipe: Recipe) -> None:
    assert recipe().lr_for("resnet18", random_init=True) == pytest.approx(5 * 2e-3)


@pytest.mark.parametrize("task", list(Task))
def test_a_single_task_trains_and_leaves_the_others_columns_empty(
    data: TrainingData, task: Task, trained: Callable[..., Fitted]
) -> None:
    history = trained(data, tasks=(task,), monitor="loss", epochs=1).history
    assert history["val_mae"].isna().all() == (task != Task.AGE)
    assert history["val_gender_f1"].isna().all() == (task != Task.GENDER)
    assert history["val_harmonic"].isna().all()


def test_validation_figures_are_those_of_scikit_learn(data: TrainingData, trainer: Make) -> None:
    made = trainer(data)
    found = made.validate()
    read = [data.validation.store.image(name) for name in data.validation.ids]
    from visage.preprocess.resize import to_model_size

    images = np.stack([to_model_size(image, size=32) for image in read]).transpose(0, 3, 1, 2)
    with torch.inference_mode():
        outputs = made.network.eval()(torch.from_numpy(images.copy()))
    age = (outputs.age.clamp(0, 1) * 100).numpy()
    gender = (outputs.gender > 0).int().numpy()
    truth = data.validation
    assert found["val_mae"] == pytest.approx(mean_absolute_error(truth.ages[:, 0], age), rel=1e-5)
    assert found["val_rmse"] == pytest.approx(
        root_mean_squared_error(truth.ages[:, 0], age), rel=1e-5
    )
    f1 = f1_score(truth.gender, gender, average="macro", zero_division=0)
    assert found["val_gender_f1"] == pytest.approx(f1)


def test_channels_last_changes_the_layout_and_hardly_the_losses(
    data: TrainingData, trainer: Make, fitted: Run, trained: Callable[..., Fitted]
) -> None:
    made = trainer(data, channels_last=True)
    kernels = [weight for weight in made.network.parameters() if weight.ndim == 4]
    assert all(weight.is_contiguous(memory_format=torch.channels_last) for weight in kernels)
    plain, last = trained(data, epochs=1).history, fitted(made).history
    assert last["train_loss"].iloc[0] == pytest.approx(plain["train_loss"].iloc[0], rel=1e-3)


@pytest.mark.parametrize("amp", ["bf16", "fp16"])
def test_mixed_precision_trains(
    data: TrainingData, amp: str, trained: Callable[..., Fitted]
) -> None:
    assert trained(data, amp=amp, epochs=1).history["train_loss"].notna().all()


def test_a_last_batch_of_one_is_no_trap_for_batch_norm(
    data: TrainingData, trainer: Make, fitted: Run
) -> None:
    made = trainer(data, batch_size=15, epochs=1)
    assert made.feed.steps_per_epoch == 1
    assert len(fitted(made).history) == 1


class Notes(Silent):
    def __init__(self) -> None:
        self.steps: list[int] = []
        self.final: dict[str, float] = {}

    def epoch_ended(self, metrics: Sequence[Metric]) -> None:
        self.steps += sorted({metric.step for metric in metrics})

    def ended(self, metrics: Sequence[Metric]) -> None:
        self.final = {metric.name: metric.value for metric in metrics}


def test_an_observer_hears_of_each_epoch_and_the_end(
    data: TrainingData, trainer: Make, fitted: Run
) -> None:
    notes = Notes()
    fitted(trainer(data), notes)
    assert notes.steps == [1, 2, 3]
    speed = {"images_per_second", "train_seconds", "peak_memory_mb"}
    assert notes.final.keys() == {"best_epoch", *speed}


@pytest.mark.parametrize("changes", [{}, {"finetune": "head_only", "augment": "none"}])
def test_training_seconds_have_all_that_a_choice_costs(
    data: TrainingData, trainer: Make, fitted: Run, changes: dict[str, Any]
) -> None:
    made = trainer(data, **changes)
    spent = fitted(made).train_seconds
    assert made.position.validating > 0
    assert (made.feed.preparing > 0) == bool(changes)
    assert spent == made.feed.preparing + made.position.seconds + made.position.validating


def test_a_single_training_image_is_refused(store: FaceStore, labels: pd.DataFrame) -> None:
    splits = labels[["id"]].assign(part=["train"] + ["validation"] * (len(labels) - 1))
    with pytest.raises(TrainingDataError, match="has 1 training images, but 2 are needed"):
        training_data(store, labels, splits, splits.assign(weight=1.0), image_size=32, tasks=BOTH)


def test_a_task_without_labels_is_refused(store: FaceStore, labels: pd.DataFrame) -> None:
    splits = labels[["id"]].assign(part=["train", "validation"] * 12)
    rows = labels.assign(age=np.nan)
    with pytest.raises(
        TrainingDataError, match=r"12 training images .* age; set tasks: \[gender\]"
    ):
        training_data(store, rows, splits, splits.assign(weight=1.0), image_size=32, tasks=BOTH)


def test_images_with_one_label_train_the_head_that_they_have_it_for(
    store: FaceStore, labels: pd.DataFrame, trained: Callable[..., Fitted]
) -> None:
    rows = labels.assign(
        age_low=labels["age"].where(labels.index < 12),
        age_high=labels["age"].where(labels.index < 12),
        gender=labels["gender"].astype("Int8").where(labels.index >= 8),
    )
    shown = faces(store, rows, image_size=32)
    found = trained(TrainingData(train=shown, weights=np.ones(24), validation=shown))
    assert found.history[["val_mae", "val_gender_f1", "train_loss"]].notna().all(axis=None)


@pytest.fixture
def refit(store: FaceStore, labels: pd.DataFrame) -> TrainingData:
    """All images are to be trained on: there is no validation part."""
    splits = labels[["id"]].assign(part="train")
    weights = splits.assign(weight=np.linspace(0.5, 1.5, len(labels)))
    return training_data(store, labels, splits, weights, image_size=32, tasks=BOTH)


def test_without_validation_the_last_epoch_is_kept(
    refit: TrainingData, trainer: Make, fitted: Run
) -> None:
    made = trainer(refit, epochs=3, patience=1)
    found = fitted(made)
    last = made.network.state_dict()
    assert found.best_epoch == len(found.history) == 3
    assert all(torch.equal(tensor, last[name]) for name, tensor in found.state.items())
    assert found.stopped_because == (
        "all 3 epochs are done; without a validation part the last one is kept"
    )


def test_without_validation_its_columns_are_empty(
    refit: TrainingData, trained: Callable[..., Fitted]
) -> None:
    history = trained(refit, epochs=1).history
    empty = history.isna().all()
    assert set(empty[empty].index) == {name for name in history if name.startswith("val_")}


def test_with_validation_nothing_is_said(
    data: TrainingData, caplog: pytest.LogCaptureFixture, trained: Callable[..., Fitted]
) -> None:
    trained(data, epochs=1)
    assert caplog.text == ""


def test_the_initial_weights_reach_the_network(recipe: Recipe) -> None:
    from visage.models.weights import InitialWeights
    from visage.training.setup import initial_network

    state = {name: torch.full_like(t, 2) for name, t in build("test_resnet").state_dict().items()}
    plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    spec = NetworkSpec("test_resnet", {}, 0.0, BOTH, "regression", 100, (), 0.0, 32, plain)
    weights = InitialWeights(state, plain, "test", "none")
    network = initial_network(spec, weights, seed=1, recipe=recipe())
    assert all((tensor == 2).all() for tensor in network.backbone.state_dict().values())
