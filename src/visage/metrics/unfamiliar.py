"""How many of the measured faces are called unfamiliar, and what the model's figures are with them.

On faces like the calibration part's the share is what was promised; more says that the part is of
another kind. The figures of both sides tell whether the flag finds what the model is bad at.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Estimates, Labels
from visage.metrics.age import mae
from visage.metrics.gender import accuracy
from visage.metrics.independent import n_effective, share_interval

Rows = NDArray[np.bool_]


def unfamiliar_details(labels: Labels, estimates: Estimates) -> dict[str, Any]:
    """Returns the part `unfamiliar` of details.json; nothing where the model does not tell.

    low, high: an exact 95 % interval of the share, in which near-duplicates are no further evidence
    (metrics.independent).
    """
    found = estimates.unfamiliar
    if found is None:
        return {}
    n, told = len(found), int(found.sum())
    low, high = share_interval(np.array([told / n]), np.array([n_effective(labels.group)]))
    return {
        "unfamiliar": {
            "limit": estimates.familiarity_limit,
            "promised": estimates.unfamiliar_share,
            "n": n,
            "n_unfamiliar": told,
            "share": told / n,
            "low": float(low[0]),
            "high": float(high[0]),
            "figures": {
                "unfamiliar": _figures(labels, estimates, found),
                "familiar": _figures(labels, estimates, ~found),
            },
        }
    }


def _figures(labels: Labels, estimates: Estimates, rows: Rows) -> dict[str, float | int | None]:
    """Returns n, and MAE and gender accuracy of these rows; None where none has the label."""
    aged, gendered = rows & labels.has_age, rows & labels.has_gender
    figures: dict[str, float | int | None] = {"n": int(rows.sum())}
    if estimates.age is not None:
        errors = labels.age[aged], estimates.age[aged]
        figures["mae"] = float(mae(*errors)) if aged.any() else None
    if estimates.gender is not None:
        told = labels.gender[gendered], estimates.gender[gendered]
        figures["gender_accuracy"] = float(accuracy(*told)) if gendered.any() else None
    return figures
