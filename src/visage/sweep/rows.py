"""An experiment as a row of a table: its figures with their intervals, and what it was judged on.

A study's page and a search's show the same row, so that they say the same of one experiment.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from visage.sweep.ranking import is_other_model
from visage.sweep.result import Result

COLUMNS: Final = {  # key -> heading, decimals
    "rmse": ("RMSE", 2),
    "mae": ("MAE", 2),
    "gender_accuracy": ("gender accuracy", 4),
    "gender_f1": ("gender F1", 3),
    "harmonic": ("harmonic", 3),
}


def keys_of(found: Iterable[str]) -> list[str]:
    """Returns those figures that a table shows; accuracy says little beside harmonic's macro F1."""
    known = set(found)
    if "harmonic" in known:
        known.discard("gender_accuracy")
    return [key for key in COLUMNS if key in known]


def own_name(result: Result) -> str:
    """Returns what an experiment's row is called."""
    return f"ours: {result.name}"


def own_row(result: Result, keys: Sequence[str]) -> list[str]:
    """Returns name, figures, n, part and data, note."""
    if not result.figures:
        return [own_name(result), *[""] * (len(keys) + 2), "failed"]
    intervals = result.details.get("intervals", {})
    figures = [figure(key, result.figures, intervals) for key in keys]
    model = [f"model {result.model}"] if result.model else []
    note = ", ".join(filter(None, [result.details.get("unmeasured"), *model]))
    return [own_name(result), *figures, *judged_on(result), note]


def figure(key: str, figures: Mapping[str, Any], intervals: Mapping[str, Any]) -> str:
    """Returns a figure as text, with its interval where there is one."""
    if figures.get(key) is None:
        return ""
    decimals = COLUMNS[key][1]
    text = f"{figures[key]:.{decimals}f}"
    if intervals.get(key) is None:
        return text
    low, high = intervals[key]
    return f"{text} [{low:.{decimals}f}, {high:.{decimals}f}]"


def judged_on(result: Result) -> list[str]:
    """Returns how many images, and their part with the hash of their ids and labels."""
    part, data = part_of(result), str(result.details.get("data_sha256", ""))[:12]
    return [str(result.figures.get("n", "")), " ".join(filter(None, [part, data]))]


def part_of(result: Result) -> str:
    """Returns the part that an experiment was judged on, "" where that is not known."""
    return str(result.details.get("part", ""))


def same_model(winner: Result, ranked: Result) -> str:
    """Says whether the model that met the test part is the one that was ranked best."""
    if is_other_model(winner, ranked):
        return (
            f"**the winner's row is NOT of the model that won: {winner.model} instead of "
            f"{ranked.model}, so it says nothing about it.**"
        )
    same = (
        "the same model by its hash"
        if winner.model and ranked.model
        else "whether it is the same model is not known, because a hash is not at hand"
    )
    return f"the winner alone was measured on the test part, {same}."
