"""`train`: the recipe."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from visage.params.section import Count, Nested, PositiveFloat, PositiveInt, Section, Share
from visage.params.tasks import Tasks

NonNegative = Annotated[float, Field(ge=0)]
Amp = Literal["off", "bf16", "fp16"]
Augment = Literal["none", "flip", "flip_crop", "face", "seed"]
MixMethod = Literal["none", "mixup", "cutmix"]
Optimizer = Literal["adamw", "adam", "sgd"]


class LossWeights(Nested):
    """Static factors of the two losses."""

    age: NonNegative
    gender: NonNegative


class Plateau(Nested):
    """The schedule `plateau`: the rate times `factor` after more than `patience` worse epochs."""

    factor: Annotated[float, Field(gt=0, lt=1)]
    patience: Count


class Mix(Nested):
    """Mixing pairs of images: the share of the first is drawn from Beta(alpha, alpha)."""

    method: MixMethod
    alpha: PositiveFloat


class Train(Section):
    """Optimisation, augmentation and stopping."""

    key: ClassVar[str] = "train"
    epochs: PositiveInt
    batch_size: Annotated[int, Field(ge=2)]  # batch norm needs two
    accumulate: PositiveInt
    optimizer: Optimizer
    lr: PositiveFloat | None
    lr_by_backbone: dict[str, PositiveFloat]
    random_init_lr_factor: PositiveFloat
    head_lr_factor: PositiveFloat
    layer_decay: Annotated[float, Field(gt=0, le=1)]
    weight_decay: NonNegative
    clip_grad_norm: PositiveFloat
    schedule: str
    warmup_epochs: Count
    plateau: Plateau
    finetune: str
    frozen_stages: Count
    freeze_norms_after: Count | None
    ema_decay: Annotated[float, Field(gt=0, lt=1)] | None
    augment: Augment
    erase: Share
    mix: Mix
    first_image_size: Annotated[int, Field(ge=16)] | None
    amp: Amp
    channels_last: bool
    compile: bool
    balance: Literal["static", "uncertainty"]
    loss_weights: LossWeights
    gender_pos_weight: PositiveFloat
    label_sigma_years: PositiveFloat
    regression_scale_years: PositiveFloat
    monitor: Literal["harmonic", "rmse", "mae", "gender_f1", "gender_accuracy", "loss"]
    patience: PositiveInt | None

    @model_validator(mode="after")
    def _has_default_rate(self) -> "Train":
        if self.lr is None and "default" not in self.lr_by_backbone:
            raise ValueError("lr is null and lr_by_backbone has no row `default`; add one")
        return self

    def lr_for(self, backbone: str, *, random_init: bool) -> float:
        """Returns the peak learning rate: `lr`, else the backbone's row, else the default row.

        The rows are for pretrained weights; random ones take them `random_init_lr_factor` times.
        """
        if self.lr is not None:
            return self.lr
        row = self.lr_by_backbone.get(backbone, self.lr_by_backbone["default"])
        return row * self.random_init_lr_factor if random_init else row


def monitor_fault(monitor: str, tasks: Tasks) -> str | None:
    """Says why `monitor` can't choose the best epoch of a model with these tasks, or None."""
    needs_age = monitor in ("harmonic", "rmse", "mae")
    needs_gender = monitor in ("harmonic", "gender_f1", "gender_accuracy")
    if (needs_age and not tasks.age) or (needs_gender and not tasks.gender):
        able = (["rmse", "mae"] if tasks.age else ["gender_f1", "gender_accuracy"]) + ["loss"]
        names = ", ".join(tasks.root)
        return (
            f"train.monitor: {monitor} does not exist with tasks [{names}]; set {', '.join(able)}"
        )
    return None
