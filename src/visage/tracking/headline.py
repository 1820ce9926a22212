"""The description of a run: its figures in a sentence, with n, part, seed and data hash."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NAMES = {
    "rmse": "RMSE {:.2f} years",
    "mae": "MAE {:.2f} years",
    "gender_accuracy": "gender accuracy {:.3f}",
    "gender_f1": "gender F1 {:.3f}",
    "harmonic": "harmonic {:.3f}",
}


def headline(backbone: str, *, figures: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """Returns Markdown: one line of figures with their intervals, one on where they come from."""
    if "unmeasured" in details:
        return f"**{backbone}**: {details['unmeasured']}; page: artifact `report.html`"
    shown = [name for name in NAMES if isinstance(figures.get(name), int | float)]
    line = ", ".join(_figure(name, figures, details.get("intervals", {})) for name in shown)
    part, seed = details.get("part", "test"), details.get("seed", "?")
    data = str(details.get("data_sha256", "?"))[:12]
    where = f"{figures.get('n', '?')} faces of the {part} part, data {data}, bootstrap seed {seed}"
    return f"**{backbone}**: {line}\n\n{where}; page: artifact `report.html`"


def told_missing(missing: Sequence[Path]) -> str:
    """Returns the sentence on files that were not at hand, nothing where all were."""
    if not missing:
        return ""
    names = ", ".join(f"`{path.as_posix()}`" for path in missing)
    return f"\n\nNot in DVC's cache when this was written: {names}; see `visage track --rebuild`"


def _figure(name: str, figures: Mapping[str, Any], intervals: Mapping[str, Any]) -> str:
    text = NAMES[name].format(figures[name])
    if intervals.get(name) is None:
        return text
    low, high = intervals[name]
    digits = 2 if name in ("rmse", "mae") else 3
    return f"{text} ({low:.{digits}f} to {high:.{digits}f})"
