"""The headline figures: few, flat, one name each, for `dvc metrics diff` and MLflow.

`figures` takes weights, so that `details` gets every figure's interval from the same code.
"""

from visage.estimates import Estimates, Labels
from visage.metrics.age import mae, r2, rmse, within_k
from visage.metrics.averages import Floats
from visage.metrics.gender import accuracy, macro_f1
from visage.metrics.harmonic import harmonic

DECIMALS = 4


def figures(
    labels: Labels, estimates: Estimates, weights: Floats | None = None
) -> dict[str, Floats]:
    """Returns the figures of the tasks that the estimates hold; harmonic needs both."""
    found: dict[str, Floats] = {}
    if estimates.age is not None:
        pair = labels.age, estimates.age
        found |= {
            "rmse": rmse(*pair, weights),
            "mae": mae(*pair, weights),
            "r2": r2(*pair, weights),
            "within_3": within_k(*pair, weights, k=3),
            "within_5": within_k(*pair, weights, k=5),
            "within_10": within_k(*pair, weights, k=10),
        }
    if estimates.gender is not None:
        found["gender_accuracy"] = accuracy(labels.gender, estimates.gender, weights)
        found["gender_f1"] = macro_f1(labels.gender, estimates.gender, weights)
    if "rmse" in found and "gender_f1" in found:
        found["harmonic"] = harmonic(found["rmse"], found["gender_f1"])
    return found


def flat(labels: Labels, estimates: Estimates) -> dict[str, float | int]:
    """Returns the content of metrics/evaluate.json, four decimals."""
    found = {
        name: round(float(value), DECIMALS) for name, value in figures(labels, estimates).items()
    }
    return {**found, "n": len(labels.id)}
