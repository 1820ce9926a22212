"""The top of the page: headline figures with intervals, beside what needs no model at all.

The trivial predictor says the mean age and the more frequent gender of the training part, whatever
the face; a figure that is no better than its figure has learnt nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visage.codes import Part
from visage.params.report import Published
from visage.reporting.blocks import Card, Cards, Section, Table
from visage.reporting.formats import (
    MISSING,
    TOO_FEW,
    count,
    gender_name,
    interval,
    level,
    number,
)
from visage.reporting.inputs import Inputs
from visage.reporting.tta import tta_table


@dataclass(frozen=True)
class Score:
    """How a key of metrics/evaluate.json is shown; `scale` 100 makes a share a percentage."""

    key: str
    name: str
    unit: str
    decimals: int
    scale: int = 1

    def text(self, figures: Mapping[str, Any]) -> str:
        """Returns the figure as text without its unit, or a dash."""
        value = figures.get(self.key)
        return number(None if value is None else value * self.scale, decimals=self.decimals)

    def interval(self, intervals: Mapping[str, Any]) -> str:
        """Returns the figure's interval as text without its unit, or a dash."""
        if self.key not in intervals:
            return MISSING
        bounds = intervals[self.key]
        scaled = None if bounds is None else [bound * self.scale for bound in bounds]
        return interval(scaled, decimals=self.decimals)


SCORES = (
    Score("harmonic", "Harmonic score", "", 3),
    Score("mae", "Age MAE", "years", 2),
    Score("rmse", "Age RMSE", "years", 2),
    Score("r2", "Age R²", "", 3),
    Score("within_3", "Within 3 years", "%", 1, 100),
    Score("within_5", "Within 5 years", "%", 1, 100),
    Score("within_10", "Within 10 years", "%", 1, 100),
    Score("gender_f1", "Gender F1 (macro)", "", 3),
    Score("gender_accuracy", "Gender accuracy", "%", 1, 100),
)
_HEADLINES = {"harmonic", "mae", "rmse", "gender_f1", "gender_accuracy"}
_MAX_CARDS = 4


def summary(inputs: Inputs) -> Section:
    """Returns the section with the cards and the table of all figures."""
    shown = [score for score in SCORES if inputs.scores.get(score.key) is not None]
    headlines = [score for score in shown if score.key in _HEADLINES][:_MAX_CARDS]
    return Section(
        key="summary",
        title="Summary",
        lead=_lead(inputs),
        blocks=()
        if inputs.unmeasured
        else (
            Cards(tuple(_card(score, inputs) for score in headlines)),
            _table(shown, inputs),
            *tta_table(inputs.details, inputs.scores),
        ),
    )


_UNSEEN = {
    Part.TEST: "None was used to train, to choose the epoch or to fit threshold and intervals.",
    Part.VALIDATION: "They chose the epoch, and are here to choose among models: a figure of the "
    "best of many flatters, and the test part has the honest one.",
}


def _lead(inputs: Inputs) -> str:
    if inputs.unmeasured:
        return f"There is {inputs.unmeasured}. The model is for use, not for a comparison."
    groups = inputs.details.get("n_groups")
    distinct = "" if groups is None else f", {count(groups)} of them distinct"
    return (
        f"Measured on the {inputs.part} part: {count(inputs.scores.get('n'))} faces{distinct}"
        f"{_partly_labelled(inputs)}. {_UNSEEN[inputs.part]}"
    )


def _partly_labelled(inputs: Inputs) -> str:
    named = (("n_age", "an age"), ("n_gender", "a gender"))
    known = [
        f"{count(inputs.scores[key])} with {what}" for key, what in named if key in inputs.scores
    ]
    return f" ({', '.join(known)})" if known else ""


def _level(inputs: Inputs) -> str:
    return level(inputs.details.get("level"))


def _published(inputs: Inputs) -> Sequence[Published]:
    """Returns the rows to show: that of the same backbone, if there is one."""
    same = [row for row in inputs.published if row.name == inputs.model.get("backbone")]
    return same or inputs.published


def _card(score: Score, inputs: Inputs) -> Card:
    published = _published(inputs)
    notes = (
        (f"{_level(inputs)} interval", score.interval(inputs.details.get("intervals", {}))),
        ("trivial predictor", score.text(inputs.details.get("baseline", {}))),
        *(("published", score.text(_figures(row))) for row in published if len(published) == 1),
    )
    return Card(
        name=score.name,
        value=score.text(inputs.scores),
        unit=score.unit,
        notes=tuple((name, text) for name, text in notes if text != MISSING),
    )


def _figures(row: Published) -> Mapping[str, float]:
    return {str(name): value for name, value in row.figures.items()}


def _table(shown: list[Score], inputs: Inputs) -> Table:
    details, published = inputs.details, _published(inputs)
    rows = [
        (
            f"{score.name} ({score.unit})" if score.unit else score.name,
            score.text(inputs.scores),
            score.interval(details.get("intervals", {})),
            score.text(details.get("without_tta", {})),
            score.text(details.get("baseline", {})),
            *(score.text(_figures(row)) for row in published),
        )
        for score in shown
    ]
    return Table(
        title="All figures",
        columns=(
            "Figure",
            "Value",
            f"{_level(inputs)} interval",
            "Without TTA",
            "Trivial predictor",
            *(f"Published: {row.name}" for row in published),
        ),
        rows=tuple(rows),
        wide=True,
        fixed=True,
        note=" ".join(
            filter(None, [_trivial(inputs), _bootstrap(inputs), _reading(), _others(published)])
        ),
    )


def _trivial(inputs: Inputs) -> str:
    baseline = inputs.decision.baseline
    said = []
    if baseline.age_years is not None:
        said.append(f"{number(baseline.age_years, decimals=1)} years")
    if baseline.gender is not None:
        said.append(gender_name(baseline.gender))
    known = f" (here: {', '.join(said)})" if said else ""
    return f"The trivial predictor says the training part's mean age and majority gender{known}."


def _bootstrap(inputs: Inputs) -> str:
    details = inputs.details
    if details.get("resamples") is None:
        return ""
    return (
        f"Intervals: bootstrap over groups of near-duplicates, {count(details['resamples'])} "
        f"resamples, seed {details.get('seed', MISSING)}.{_people(inputs)}{_too_few(details)}"
    )


def _people(inputs: Inputs) -> str:
    """Says what was not resampled, where the source knows who is on which photo."""
    if not inputs.split.get("identities"):
        return ""
    return (
        " Different photos of one person count as different faces: people were not resampled, so "
        "that intervals are too narrow where many have several photos."
    )


def _too_few(details: Mapping[str, Any]) -> str:
    """Says which resamples no figure was taken from, and why a figure has no interval."""
    names = {score.key: score.name for score in SCORES}
    left_out = [
        f"{count(n)} for {names[key]}"
        for key, n in (details.get("undefined_resamples") or {}).items()
    ]
    said = ""
    if left_out:
        said = (
            " Resamples without a face that has the label, or without one of the genders, are left "
            f"out: {', '.join(left_out)}."
        )
    if None in details.get("intervals", {}).values():
        said += (
            f" {TOO_FEW.capitalize()}: fewer than two distinct faces have the label, too many "
            "resamples are left out, or none moves the figure from the end of its scale."
        )
    return said


def _reading() -> str:
    return "MAE and RMSE: lower is better; all others: higher is better."


def _others(published: Sequence[Published]) -> str:
    if not published:
        return ""
    notes = [f"{row.name}: {row.note}" for row in published if row.note]
    said = f" ({'; '.join(notes)})" if notes else ""
    return f"Published figures are their authors' own, as a rule on other faces{said}."
