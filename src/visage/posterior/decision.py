"""What turns a posterior into a decision: the content of models/decision.json.

It is fitted once, on the calibration part, and travels with the model. Fields of a task that the
model does not have are None.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from visage.codes import Part, Task
from visage.errors import VisageError
from visage.posterior.views import IDENTITY

FORMER: Final = ("age_spread_years",)  # keys of earlier versions, which nothing ever read


class DecisionError(VisageError):
    """A decision file does not hold what it should."""


@dataclass(frozen=True)
class AgeLevel:
    """An interval that holds `coverage` of the true ages.

    Attributes:
        coverage: the promise, in (0, 1).
        margins_years: beyond the posterior's quantiles, one a group of predicted ages.
        half_width_years: of the interval of one width for all, to compare with.
    """

    coverage: float
    margins_years: tuple[float, ...]
    half_width_years: float


@dataclass(frozen=True)
class AgeIntervals:
    """How age intervals are made of posteriors (posterior/interval.py).

    Attributes:
        edges_years: predicted ages between the groups, one fewer than groups.
        levels: coverage rises.
        shown: index of the level that the headline takes.
    """

    edges_years: tuple[float, ...]
    levels: tuple[AgeLevel, ...]
    shown: int

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "AgeIntervals":
        """Returns the intervals in a JSON file's value; raises what a wrong value raises."""
        levels = [
            AgeLevel(**{**level, "margins_years": tuple(level["margins_years"])})
            for level in value["levels"]
        ]
        return cls(tuple(value["edges_years"]), tuple(levels), value["shown"])


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
        age_intervals: around the posterior mean.
        baseline: to compare with, and for images that can't be read.
        part: where all but the baseline was fitted.
        views: of test-time augmentation that were averaged there.
        familiarity_limit: below it a face is unfamiliar; None: nothing is said of that.
        unfamiliar_share: of faces like the calibration part's, called unfamiliar at most.
        model_sha256: of the weights that it was fitted for; None: of no file, or not known.
    """

    tasks: tuple[Task, ...]
    n: int
    gender_threshold: float | None
    gender_temperature: float | None
    age_intervals: AgeIntervals | None
    baseline: Baseline
    part: str = Part.CALIBRATION.value
    views: tuple[str, ...] = (IDENTITY,)
    familiarity_limit: float | None = None
    unfamiliar_share: float | None = None
    model_sha256: str | None = None

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
            intervals = value["age_intervals"]
            known = {name: one for name, one in value.items() if name not in FORMER}
            parsed = {
                "tasks": tuple(Task(name) for name in value["tasks"]),
                "age_intervals": None if intervals is None else AgeIntervals.from_json(intervals),
                "baseline": Baseline(**value["baseline"]),
                "views": tuple(value.get("views", (IDENTITY,))),
            }
            return cls(**{**known, **parsed})
        except (KeyError, TypeError, ValueError) as error:
            raise DecisionError(
                f"models/decision.json does not fit this version of visage: {error}; "
                "run `dvc repro calibrate`"
            ) from None
