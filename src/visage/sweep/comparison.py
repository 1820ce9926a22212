"""The table that a study ends with: published rows beside ours, in Markdown, to be committed.

Experiments are Git refs that a clone does not have, so what they found goes to a file. Like an
output it names no commit or host, and no time but the seconds of those trainings that MLflow has
seen (docs/decisions/0007-speed-is-no-output.md): the same trainings give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import mean, stdev
from typing import Final

from visage.codes import Part
from visage.reporting.formats import level
from visage.reporting.markdown import table
from visage.sweep.ranking import best
from visage.sweep.recipe import Published, Recipe
from visage.sweep.result import Result
from visage.sweep.rows import (
    COLUMNS,
    figure,
    judged_on,
    keys_of,
    own_name,
    own_row,
    part_of,
    same_model,
)

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
    seconds: Mapping[str, float] | None = None,
) -> str:
    """Returns the page: what was compared, the table, and how to read it.

    Args:
        recipe: what was run.
        results: of its points.
        seed: the training seed of our rows.
        smoke: it was reduced.
        winner: the best point's result on the test part, where the recipe ranks its points.
        curves: the name of the file beside the page that shows the epochs.
        seconds: of the trainings, by fingerprint, as far as they are known.
    """
    ours = list(results)
    keys = _keys(recipe, ours)
    costs = _costs(ours, seconds or {})
    rows = [_published_row(row, keys) for row in recipe.published]
    rows += [_trivial_row(result, keys) for result in ours if "baseline" in result.details][:1]
    rows += [own_row(result, keys) for result in ours]
    rows += [own_row(winner, keys)] if winner else []
    rows += [_mean_row(ours, keys)] if recipe.mean else []
    rows = [
        [*row, *(texts.get(row[0], "") for texts in costs.values()), note] for *row, note in rows
    ]
    headings = ["run", *(COLUMNS[key][0] for key in keys), "n", "data", *costs, "note"]
    right = [name not in ("run", "data", "note") for name in headings]
    return "\n".join(
        [
            recipe.purpose,
            "",
            *([SMOKE, ""] if smoke else []),
            *table(headings, rows, right=right),
            "",
            *([f"![Curves]({curves})", ""] if curves else []),
            _reading(ours, seed, part=_part(recipe, ours), choice=_choice(recipe, ours, winner)),
            "",
        ]
    )


def _keys(recipe: Recipe, ours: Iterable[Result]) -> list[str]:
    found = {key for row in recipe.published for key in COLUMNS if getattr(row, key) is not None}
    return keys_of(found.union(*(result.figures for result in ours)))


def _published_row(row: Published, keys: Sequence[str]) -> list[str]:
    figures = [figure(key, row.model_dump(), {}) for key in keys]
    return [f"published: {row.name}", *figures, "", "", row.note]


def _trivial_row(result: Result, keys: Sequence[str]) -> list[str]:
    baseline = result.details["baseline"]
    figures = [figure(key, baseline, {}) for key in keys]
    return ["trivial predictor", *figures, *judged_on(result), "mean age, more frequent gender"]


def _costs(ours: Iterable[Result], seconds: Mapping[str, float]) -> dict[str, dict[str, str]]:
    """Returns columns that say what trainings cost, by heading: a text by the name of a row.

    A column without any text is left out.
    """
    rows = {own_name(result): result for result in ours}
    columns = {
        "learnt parameters": {
            name: f"{result.n_learnt:,}"
            for name, result in rows.items()
            if result.n_learnt is not None
        },
        "training (s)": {
            name: f"{seconds[result.fingerprint]:.0f}"
            for name, result in rows.items()
            if result.fingerprint in seconds
        },
    }
    return {heading: texts for heading, texts in columns.items() if texts}


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


def _choice(recipe: Recipe, ours: Iterable[Result], winner: Result | None) -> str:
    """Says how the model that met the test part was chosen, and whether it is that very model."""
    if recipe.rank_by is None:
        return ""
    how = f"Ranked by {COLUMNS[recipe.rank_by][0]} there; "
    ranked = best(ours, by=recipe.rank_by)
    if ranked is None or winner is None or not winner.figures.get("n"):
        return f"{how}nothing was measured on the test part. "
    return f"{how}{same_model(winner, ranked)} "


def _part(recipe: Recipe, ours: Iterable[Result]) -> str:
    """Says which part the points were measured on, as far as they or the recipe know it."""
    known = [part_of(result) for result in ours] + ([Part.VALIDATION] if recipe.rank_by else [])
    parts = set(filter(None, known))
    if len(parts) > 1:
        return "the part that each row names, "
    return f"the {parts.pop()} part, " if parts else ""


def _reading(results: list[Result], seed: int, *, part: str, choice: str) -> str:
    said = next((result.details for result in results if "level" in result.details), {})
    intervals = f"{level(said['level'])} bootstrap intervals" if said else "no intervals"
    return (
        f"Ours: {part}training seed {seed}, {intervals} in brackets. {choice}RMSE and MAE in "
        "years, lower is better; gender accuracy, gender F1 (macro) and harmonic: higher is better."
    )
