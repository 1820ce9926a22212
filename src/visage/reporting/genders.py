"""How well gender is estimated, before and after calibration."""

from collections.abc import Mapping, Sequence
from typing import Any

from visage.codes import FEMALE, MALE, Task
from visage.reporting.blocks import Cell, Figure, Matrix, Section, Table
from visage.reporting.formats import count, gender_name, interval, number, percent
from visage.reporting.gender_figures import reliability, threshold_curve
from visage.reporting.inputs import Inputs
from visage.reporting.threshold_gain import threshold_gain


def genders(inputs: Inputs) -> Section | None:
    """Returns the section on gender, or None where it is not estimated."""
    if Task.GENDER not in inputs.tasks:
        return None
    return Section(
        key="gender",
        title="Gender",
        blocks=(
            *_matrices(inputs),
            *_report(inputs),
            *_curve(inputs),
            *_reliability(inputs),
            _effect(inputs),
        ),
    )


def _report(inputs: Inputs) -> tuple[Table, ...]:
    rows = inputs.details.get("classification_report")
    if not rows:
        return ()
    shares = ("precision", "recall", "f1")
    table = Table(
        title="By gender",
        columns=("Gender", "Precision", "Recall", "F1", "Faces"),
        rows=tuple(
            (
                gender_name(row["gender"]),
                *(number(row[share], decimals=3) for share in shares),
                count(row["support"]),
            )
            for row in rows
        ),
        note=f"After calibration, at the threshold {_threshold(inputs)}.",
    )
    return (table,)


def _effect(inputs: Inputs) -> Table:
    half = inputs.details.get("at_half_threshold") or {}
    error = inputs.details.get("gender_calibration_error") or {}
    after = inputs.scores
    f1 = [number(figures.get("gender_f1"), decimals=3) for figures in (half, after)]
    accuracy = [percent(figures.get("gender_accuracy")) for figures in (half, after)]
    calibration = [percent(error.get(when)) for when in ("before", "after")]
    return Table(
        title="What calibration changed",
        columns=("Figure", "Before", "After"),
        rows=(
            ("Threshold on the probability of male", "0.5", _threshold(inputs)),
            ("F1 (macro)", *f1),
            ("Accuracy", *accuracy),
            ("Temperature", "1", number(inputs.decision.gender_temperature, decimals=3)),
            ("Calibration error", *calibration),
        ),
        note=f"Fitted on {count(inputs.decision.n)} faces of the calibration part, measured on the "
        f"{inputs.part} part. The threshold changes F1 and accuracy; the temperature changes the "
        "calibration error: how far, on average, a probability is from the share that it promises.",
        wide=True,
        fixed=True,
    )


def _curve(inputs: Inputs) -> tuple[Figure, ...]:
    taken = inputs.decision.gender_threshold
    if taken is None or inputs.threshold_curve.empty:
        return ()
    figure = Figure(
        svg=threshold_curve(inputs.threshold_curve, threshold=taken),
        title="F1 by threshold, calibration part",
        caption=threshold_gain(inputs.details)
        or "Broad tops mean that the threshold matters little.",
        alt="Macro F1 of the calibration part at each threshold, with the one that was taken.",
    )
    return (figure,)


def _reliability(inputs: Inputs) -> tuple[Figure | Table, ...]:
    found = inputs.details.get("gender_reliability") or {}
    if not found.get("after"):
        return ()
    figure = Figure(
        svg=reliability(found["before"], found["after"]),
        title="What a probability is worth",
        caption="Share of men among faces of about the same probability, with its 95 % interval. "
        "On the line a probability holds what it says; before and after the temperature.",
        alt="Reliability diagram: share of men by probability. The table has the values.",
    )
    return figure, _probabilities(found["after"])


def _probabilities(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        title="Probability of male and share of men",
        ordered=True,
        columns=("Told", "Faces", "Men (95 % interval)"),
        rows=tuple(
            (
                f"{100 * row['told_from']:.0f} to {percent(row['told_to'], decimals=0)}",
                count(row["n"]),
                f"{percent(row['share_male'])} "
                f"({interval((100 * row['low'], 100 * row['high']), decimals=0)})",
            )
            for row in rows
        ),
        note="After the temperature.",
    )


def _threshold(inputs: Inputs) -> str:
    return number(inputs.decision.gender_threshold, decimals=3)


def _matrices(inputs: Inputs) -> list[Matrix]:
    titles = {
        "gender_confusion_at_half": "Before: threshold 0.5",
        "gender_confusion": f"After: threshold {_threshold(inputs)}",
    }
    return [
        _matrix(inputs.details[key], title=title)
        for key, title in titles.items()
        if inputs.details.get(key) is not None
    ]


def _matrix(rows: Sequence[Sequence[int]], *, title: str) -> Matrix:
    return Matrix(
        title=title,
        caption="Faces; the shade is the share of the row.",
        labels=(gender_name(FEMALE), gender_name(MALE)),
        rows=tuple(
            tuple(Cell(count(cell), round(cell / max(sum(row), 1), 3)) for cell in row)
            for row in rows
        ),
    )
