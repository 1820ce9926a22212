"""The metadata on top of a model card, in Hugging Face's own form.

No licence is named: it follows from those of the data and of the initial weights, which only the
publisher can weigh; the card's text says so. The results carry their interval as the metric's
arguments, because the form has no place of its own for one.
"""

from dataclasses import dataclass
from typing import Final

from huggingface_hub import EvalResult, ModelCardData

from visage.codes import Task
from visage.reporting.inputs import Inputs
from visage.reporting.summary import SCORES

BOTH: Final = ("other", "Age and gender")


@dataclass(frozen=True)
class _Measured:
    metric: str  # Hugging Face's name where it has one
    task: tuple[str, str]  # its kind and its name


_AGE = ("image-regression", "Age estimation")
_GENDER = ("image-classification", "Gender classification")
_RESULTS: Final = {
    "harmonic": _Measured("harmonic", BOTH),
    "mae": _Measured("mae", _AGE),
    "rmse": _Measured("rmse", _AGE),
    "r2": _Measured("r_squared", _AGE),
    "gender_f1": _Measured("f1", _GENDER),
    "gender_accuracy": _Measured("accuracy", _GENDER),
}
_TAGS = {Task.AGE: "age-estimation", Task.GENDER: "gender-classification"}


def metadata(inputs: Inputs) -> ModelCardData:
    """Returns the metadata of a finished run."""
    backbone, found = str(inputs.model.get("backbone", "model")), results(inputs)
    return ModelCardData(
        library_name="timm",
        pipeline_tag="image-classification",
        tags=[*(_TAGS[task] for task in inputs.tasks), "faces", "visage", backbone],
        datasets=sources(inputs),
        metrics=list(dict.fromkeys(result.metric_type for result in found)) or None,
        model_name=f"visage-{backbone}" if found else None,
        eval_results=found or None,
    )


def sources(inputs: Inputs) -> list[str]:
    """Returns the data sources that the labelled faces came from."""
    return sorted(set(inputs.index["source"].dropna().astype(str)))


def results(inputs: Inputs) -> list[EvalResult]:
    """Returns the measured figures, unrounded as metrics/evaluate.json has them."""
    if inputs.unmeasured:
        return []
    names = {score.key: score.name for score in SCORES}
    return [
        _result(inputs, key, name=names[key])
        for key in _RESULTS
        if inputs.scores.get(key) is not None
    ]


def _result(inputs: Inputs, key: str, *, name: str) -> EvalResult:
    measured, details, used = _RESULTS[key], inputs.details, sources(inputs)
    interval = details.get("intervals", {}).get(key)
    return EvalResult(
        task_type=measured.task[0],
        task_name=measured.task[1],
        dataset_type="+".join(used),
        dataset_name=", ".join(used),
        dataset_split=inputs.part.value,
        dataset_args={"n": inputs.scores.get("n"), "data_sha256": details.get("data_sha256")},
        metric_type=measured.metric,
        metric_name=name,
        metric_value=inputs.scores[key],
        metric_args=None
        if interval is None
        else {"interval": list(interval), "level": details.get("level")},
    )
