"""A tuning file: a study whose points are chosen one after the other, by what those before found.

Like a recipe it has a purpose, what the user must give, overrides and a quick run; in place of a
grid it has a space. The score is a figure of the validation part: a search that looked at the test
part would make its figure worthless.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from visage.params.section import Count, PositiveInt
from visage.sweep.study import RECIPES, Smoke, Study, load_study

TUNINGS: Final = RECIPES / "tune"
Number = int | float
Metric = Literal["val_harmonic", "val_rmse", "val_mae", "val_gender_f1", "val_loss"]


class Dimension(BaseModel):
    """Either numbers from `low` to `high`, both inclusive, or one of `choices`.

    Numbers are whole where both ends are. `step`: multiples above `low` only; `log`: evenly on a
    logarithmic scale.
    """

    # Extra keys are refused below: the reader of parameters knows no key of a mapping's values.
    model_config = ConfigDict(strict=True, frozen=True, extra="allow", allow_inf_nan=False)
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    log: bool = False
    choices: Annotated[list[JsonValue], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "Dimension":
        if self.model_extra:
            known = ", ".join(type(self).model_fields)
            raise ValueError(f"unknown key {', '.join(self.model_extra)}; known: {known}")
        if self.choices is None:
            self._check_numbers()
        elif {"low", "high", "step", "log"} & self.model_fields_set:
            raise ValueError("has choices and a range; leave one of them out")
        return self

    def _check_numbers(self) -> None:
        if self.low is None or self.high is None:
            raise ValueError("needs low and high, or choices")
        if not self.low < self.high:
            raise ValueError(f"low {self.low} must be below high {self.high}")
        if self.log and (self.low <= 0 or self.step is not None):
            raise ValueError("log needs a low above 0, and no step")
        if self.step is not None:
            self._check_step(self.high - self.low, self.step)

    def _check_step(self, span: Number, step: Number) -> None:
        if self.whole and isinstance(step, float):
            raise ValueError(f"step {step} must be whole, as low and high are")
        if step <= 0 or abs(span / step - round(span / step)) > 1e-9:
            raise ValueError(f"high must be a whole number of steps of {step} above low")

    @property
    def whole(self) -> bool:
        """Whether the numbers are whole."""
        return isinstance(self.low, int) and isinstance(self.high, int)


class SmokeTuning(Smoke):
    """A quick run, with its own number of trials."""

    trials: PositiveInt
    startup_trials: Count


class Tuning(Study):
    """What is searched, for how long, and by which figure."""

    space: Annotated[dict[str, Dimension], Field(min_length=1)]
    trials: PositiveInt  # of the whole study, pruned and failed ones included
    metric: Metric = "val_harmonic"
    sampler: Literal["tpe", "random"] = "tpe"
    seed: Count = 0  # of the sampler
    startup_trials: Count = 5  # drawn at random and never pruned: there is little to go by yet
    pruner: Literal["median", "none"] = "median"
    pruner_warmup_epochs: Count = 1  # no trial is stopped before its epochs are more than these
    smoke: SmokeTuning | None = None


def load_tuning(path: Path, *, smoke: bool) -> Tuning:
    """Returns the search in a YAML file; of a quick run, with its numbers of trials.

    Raises:
        ParamsError: with every fault of the file.
    """
    tuning = load_study(Tuning, path, folder=TUNINGS)
    if not (smoke and tuning.smoke):
        return tuning
    quick = tuning.smoke
    return tuning.model_copy(
        update={"trials": quick.trials, "startup_trials": quick.startup_trials}
    )
