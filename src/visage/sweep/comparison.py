"""The table that a study ends with: published rows beside ours, in Markdown, to be committed.

Experiments are Git refs that a clone does not have, so what they found goes to a file. Like every
output it names no commit, time or host: the same results give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import mean, stdev
from typing import Any, Final

from visage.sweep.markdown import table
from visage.sweep.recipe import Published, Recipe
from visage.sweep.result import Result

COLUMNS: Final = {  # key -> heading, decimals
    "rmse": ("RMSE", 2),
    "mae": ("MAE", 2),
    "gender_accuracy": ("gender accuracy", 4),
    "gender_f1": ("gender F1", 3),
    "harmonic": ("harmonic", 3),
}
SMOKE: Final = (
    "**Smoke run: reduced, on generated faces. It shows that the study runs; its figures say "
    "nothing about the published ones.**"
)


def comparison(
    recipe: Recipe,
    results: Iterable[Result],
    *,
    seed: int,
    smoke: bool,
    winner: Result | None = None,
    curves: str = "",
) -> str:
    """Returns the page: what was compared, the table, and how to read it.

    Args:
        recipe: what was run.
        results: of its points.
        seed: the training seed of our rows.
        smoke: it was reduced.
        winner: the best point's result on the test part, where the recipe ranks its points.
        curves: the name of the file beside the page that shows the epochs.
    """
    ours = list(results)
    keys = _keys(recipe, ours)
    rows = [_published_row(row, keys) for row in recipe.published]
    rows += [_trivial_row(result, keys) for result in ours if "baseline" in result.details][:1]
    rows += [_own_row(result, keys) for result in ours]
    rows += [_own_row(winner, keys)] if winner else []
    rows += [_mean_row(ours, keys)] if recipe.mean else []
    headings = ["run", *(COLUMNS[key][0] for key in keys), "n", "test data", "note"]
    right = [1 <= place <= len(keys) + 1 for place in range(len(headings))]
    return "\n".join(
        [
            recipe.purpose,
            "",
            *([SMOKE, ""] if smoke else []),
            *table(headings, rows, right=right),
            "",
            *([f"![Curves]({curves})", ""] if curves else []),
            _reading(ours, seed, ranked=recipe.rank_by),
            "",
        ]
    )


def _keys(recipe: Recipe, ours: Iterable[Result]) -> list[str]:
    """Returns the figures that a row has; accuracy says little beside harmonic's macro F1."""
    found = {key for row in recipe.published for key in COLUMNS if getattr(row, key) is not None}
    found |= {key for result in ours for key in result.figures}
    if "harmonic" in found:
        found.discard("gender_accuracy")
    return [key for key in COLUMNS if key in found]


def _published_row(row: Published, keys: Sequence[str]) -> list[str]:
    figures = [_figure(key, row.model_dump(), {}) for key in keys]
    return [f"published: {row.name}", *figures, "", "", row.note]


def _trivial_row(result: Result, keys: Sequence[str]) -> list[str]:
    baseline = result.details["baseline"]
    figures = [_figure(key, baseline, {}) for key in keys]
    return ["trivial predictor", *figures, *_origin(result), "mean age, more frequent gender"]


def _own_row(result: Result, keys: Sequence[str]) -> list[str]:
    if not result.figures:
        return [f"ours: {result.name}", *[""] * (len(keys) + 2), "failed"]
    intervals = result.details.get("intervals", {})
    figures = [_figure(key, result.figures, intervals) for key in keys]
    model = [f"model {result.model}"] if result.model else []
    note = ", ".join(filter(None, [result.details.get("unmeasured"), *model]))
    return [f"ours: {result.name}", *figures, *_origin(result), note]


def _mean_row(results: list[Result], keys: Sequence[str]) -> list[str]:
    """The mean of each figure and its standard deviation, of the runs that were measured."""
    measured = [result.figures for result in results if result.figures.get("n")]
    told = [_spread(key, [run[key] for run in measured if key in run]) for key in keys]
    n = str(sum(run["n"] for run in measured))
    return ["ours: mean", *told, n, "", f"mean ± standard deviation of {len(measured)} runs"]


def _spread(key: str, values: list[float]) -> str:
    if len(values) < 2:
        return ""
    decimals = COLUMNS[key][1]
    return f"{mean(values):.{decimals}f} ± {stdev(values):.{decimals}f}"


def _figure(key: str, figures: Mapping[str, Any], intervals: Mapping[str, Any]) -> str:
    if figures.get(key) is None:
        return ""
    decimals = COLUMNS[key][1]
    text = f"{figures[key]:.{decimals}f}"
    if key not in intervals:
        return text
    low, high = intervals[key]
    return f"{text} [{low:.{decimals}f}, {high:.{decimals}f}]"


def _origin(result: Result) -> list[str]:
    return [str(result.figures.get("n", "")), str(result.details.get("data_sha256", ""))[:12]]


def _reading(results: list[Result], seed: int, *, ranked: str | None) -> str:
    said = next((result.details for result in results if "level" in result.details), {})
    level = f"{100 * said['level']:.0f} % bootstrap intervals" if said else "no intervals"
    choice = (
        f"Ranked by {COLUMNS[ranked][0]} there; the winner alone was measured on the test part, "
        "the same model by its hash. "
        if ranked
        else ""
    )
    return (
        f"Ours: the {'validation' if ranked else 'test'} part, training seed {seed}, {level} in "
        f"brackets. {choice}RMSE and MAE in years, lower is better; gender accuracy, gender F1 "
        "(macro) and harmonic: higher is better."
    )
