"""What `visage compare` found as JSON, for scripts: all slices and unrounded figures."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from visage.codes import Part
from visage.metrics.contrast import Settings
from visage.metrics.details import provenance
from visage.metrics.paired import Difference
from visage.metrics.slice_details import identity
from visage.sweep.contrast_page import Sides, verdict
from visage.sweep.judged import Judged


def contrast_json(sides: Sides, *, settings: Settings) -> dict[str, Any]:
    """Returns plain values: both sides, the test part, figures, slices, images."""
    found = sides.contrast
    return {
        "a": _references(sides.a),
        "b": _references(sides.b),
        **provenance(sides.a[0].labels, part=Part.TEST),
        **asdict(settings),
        "figures": {name: _plain(name, of) for name, of in found.figures.items()},
        "slices": [
            {
                "factor": row.slice.factor.value,
                **identity(row.slice),
                "n": row.slice.n,
                "figure": row.figure,
                **_plain(row.figure, row.difference),
            }
            for row in found.slices
        ],
        "ages": [asdict(change) for change in found.ages],
        "genders": [asdict(change) for change in found.genders],
    }


def _references(side: Sequence[Judged]) -> list[dict[str, Any]]:
    return [asdict(model.reference) for model in side]


def _plain(figure: str, difference: Difference) -> dict[str, Any]:
    return {
        **asdict(difference),
        "difference": difference.value,
        "verdict": verdict(figure, difference),
    }
