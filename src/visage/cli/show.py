"""`visage show`: the finished pipeline's figures as a table, beside the trivial predictor's."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from visage.files.jsons import read_json
from visage.files.paths import DETAILS, EVALUATE_METRICS, REPORT
from visage.params.load import read_params
from visage.reporting.formats import level
from visage.reporting.summary import SCORES
from visage.reporting.threshold_gain import threshold_gain

NEXT = f"""
The page           {REPORT}
All runs           make ui
Another backbone   dvc exp run -S backbone=efficientnet_b0
Comparison         dvc exp show, dvc metrics diff, dvc plots diff
"""


def show() -> None:
    """Show the figures of the finished pipeline, with intervals, beside the trivial predictor's."""
    params, scores, details = read_params(), read_json(EVALUATE_METRICS), read_json(DETAILS)
    console = Console(width=None if Console().is_terminal else 100)
    backbone = str(params["backbone"])
    if "unmeasured" in details:
        console.print(f"{backbone}: {details['unmeasured']}")
    else:
        console.print(figures(scores, details, backbone=backbone))
        console.print(threshold_gain(details), highlight=False)
    console.print(NEXT, highlight=False)


def figures(scores: Mapping[str, Any], details: Mapping[str, Any], *, backbone: str) -> Table:
    """Returns the table of metrics/evaluate.json with what metrics/details.json says of it."""
    table = Table(title=backbone, caption=provenance(details), caption_justify="left")
    table.add_column("")
    for heading in ("value", f"{level(details['level'])} interval", "trivial"):
        table.add_column(heading, justify="right")
    for score in SCORES:
        if score.key in scores:
            name = f"{score.name} ({score.unit})" if score.unit else score.name
            bounds, trivial = details["intervals"], details["baseline"]
            table.add_row(name, score.text(scores), score.interval(bounds), score.text(trivial))
    return table


def provenance(details: Mapping[str, Any]) -> str:
    """Says on what the figures were measured."""
    return (
        f"{details['n']} faces of the {details['part']} part, data {details['data_sha256'][:12]}, "
        f"bootstrap seed {details['seed']}; trivial: always the training part's mean age and "
        "more frequent gender"
    )
