"""What turns a posterior into a decision: the content of models/decision.json.

It is fitted once, on the calibration part, and travels with the model. Fields of a task that the
model does not have are None.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from visage.errors import VisageError
from visage.schema import Part, Task


class DecisionError(VisageError):
    """A decision file does not hold what it should."""


@dataclass(frozen=True)
class AgeInterval:
    """mean ± half width, cut at the ends of the age grid, holds `coverage` of the true ages."""

    coverage: float
    half_width_years: float


@dataclass(frozen=True)
class Baseline:
    """The trivial predictor: the train part's mean age and its more frequent gender."""

    age_years: float | None
    gender: int | None


@dataclass(frozen=True)
class Decision:
    """How ages and genders are decided.

    Attributes:
        tasks: what the model estimates.
        n: number of calibration images.
        gender_threshold: at this calibrated probability and above, male.
        gender_temperature: divides the logit.
        age_spread_years: RMS error of the posterior mean, the spread of a point-mass posterior.
        age_interval: around the posterior mean.
        baseline: to compare with, and for images that can't be read.
        part: where all but the baseline was fitted.
    """

    tasks: tuple[Task, ...]
    n: int
    gender_threshold: float | None
    gender_temperature: float | None
    age_spread_years: float | None
    age_interval: AgeInterval | None
    baseline: Baseline
    part: str = Part.CALIBRATION.value

    def to_json(self) -> dict[str, Any]:
        """Returns plain values for a JSON file."""
        return {**asdict(self), "tasks": [task.value for task in self.tasks]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Decision":
        """Returns the decision in a JSON file's value.

        Raises:
            DecisionError: keys are missing, unknown, or hold something else.
        """
        try:
            interval = value["age_interval"]
            parsed = {
                "tasks": tuple(Task(name) for name in value["tasks"]),
                "age_interval": None if interval is None else AgeInterval(**interval),
                "baseline": Baseline(**value["baseline"]),
            }
            return cls(**{**value, **parsed})
        except (KeyError, TypeError, ValueError) as error:
            raise DecisionError(
                f"models/decision.json does not fit this version of visage: {error}; "
                "run `dvc repro calibrate`"
            ) from None
