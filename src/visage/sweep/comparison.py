"""The table that a study ends with: published rows beside ours, in Markdown, to be committed.

Experiments are Git refs that a clone does not have, so what they found goes to a file. Like every
output it names no commit, time or host: the same results give the same bytes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any, Final

from visage.files.paths import DETAILS, EVALUATE_METRICS
from visage.sweep.markdown import table
from visage.sweep.recipe import Published, Recipe
from visage.sweep.repository import committed_text, experiments

COLUMNS: Final = {"rmse": 2, "mae": 2, "gender_f1": 3, "harmonic": 3}  # key -> decimals
HEADINGS: Final = ("run", "RMSE", "MAE", "gender F1", "harmonic", "n", "test data", "note")
RIGHT: Final = (False, True, True, True, True, True, False, False)  # which columns hold numbers
SMOKE: Final = (
    "**Smoke run: reduced, on generated faces. It shows that the study runs; its figures say "
    "nothing about the published ones.**"
)


@dataclass(frozen=True)
class Result:
    """What an experiment found; empty where it failed."""

    name: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def read_result(name: str, root: Path, *, start: str) -> Result:
    """Returns what the experiment of this name that starts from a commit found."""
    commit = experiments(root, start=start).get(name)
    text = commit and committed_text(root, commit, EVALUATE_METRICS)
    if not (commit and text):
        return Result(name)
    return Result(name, json.loads(text), _details(root, commit))


def comparison(recipe: Recipe, results: Iterable[Result], *, seed: int, smoke: bool) -> str:
    """Returns the page: what was compared, the table, and how to read it.

    seed: the training seed of our rows.
    """
    ours = list(results)
    rows = [_published_row(row) for row in recipe.published]
    rows += [_trivial_row(result) for result in ours if "baseline" in result.details][:1]
    rows += [_own_row(result) for result in ours]
    rows += [_mean_row(ours)] if recipe.mean else []
    return "\n".join(
        [
            recipe.purpose,
            "",
            *([SMOKE, ""] if smoke else []),
            *table(HEADINGS, rows, right=RIGHT),
            "",
            _reading(ours, seed),
            "",
        ]
    )


def _details(root: Path, commit: str) -> dict[str, Any]:
    """Intervals and the like; an experiment is worth a row without them."""
    from dvc import api  # half a second, which a refused recipe need not wait for
    from dvc.exceptions import DvcException

    try:
        found: dict[str, Any] = json.loads(api.read(str(DETAILS), repo=str(root), rev=commit))
    except (DvcException, FileNotFoundError):
        return {}
    return found


def _published_row(row: Published) -> list[str]:
    figures = [f"{getattr(row, key):.{decimals}f}" for key, decimals in COLUMNS.items()]
    return [f"published: {row.name}", *figures, "", "", row.note]


def _trivial_row(result: Result) -> list[str]:
    baseline = result.details["baseline"]
    figures = [_figure(key, baseline, {}) for key in COLUMNS]
    return ["trivial predictor", *figures, *_origin(result), "mean age, more frequent gender"]


def _own_row(result: Result) -> list[str]:
    if not result.figures:
        return [f"ours: {result.name}", *[""] * (len(HEADINGS) - 2), "failed"]
    intervals = result.details.get("intervals", {})
    figures = [_figure(key, result.figures, intervals) for key in COLUMNS]
    note = result.details.get("unmeasured", "")
    return [f"ours: {result.name}", *figures, *_origin(result), note]


def _mean_row(results: list[Result]) -> list[str]:
    """The mean of each figure and its standard deviation, of the runs that were measured."""
    measured = [result.figures for result in results if result.figures.get("n")]
    told = [_spread(key, [run[key] for run in measured if key in run]) for key in COLUMNS]
    n = str(sum(run["n"] for run in measured))
    return ["ours: mean", *told, n, "", f"mean ± standard deviation of {len(measured)} runs"]


def _spread(key: str, values: list[float]) -> str:
    if len(values) < 2:
        return ""
    return f"{mean(values):.{COLUMNS[key]}f} ± {stdev(values):.{COLUMNS[key]}f}"


def _figure(key: str, figures: Mapping[str, Any], intervals: Mapping[str, Any]) -> str:
    if figures.get(key) is None:
        return ""
    decimals = COLUMNS[key]
    text = f"{figures[key]:.{decimals}f}"
    if key not in intervals:
        return text
    low, high = intervals[key]
    return f"{text} [{low:.{decimals}f}, {high:.{decimals}f}]"


def _origin(result: Result) -> list[str]:
    return [str(result.figures.get("n", "")), str(result.details.get("data_sha256", ""))[:12]]


def _reading(results: list[Result], seed: int) -> str:
    said = next((result.details for result in results if "level" in result.details), {})
    level = f"{100 * said['level']:.0f} % bootstrap intervals" if said else "no intervals"
    return (
        f"Ours: the test part, training seed {seed}, {level} in brackets. RMSE and MAE in years, "
        "lower is better; gender F1 (macro) and harmonic: higher is better."
    )
