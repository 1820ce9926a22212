"""Which member is best, told on a part that the ensemble is not judged on.

The best of several on the test part would be best by luck, too, and the ensemble's gain over it
too small; and to look there for the ensemble's weights would make it too large.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from visage.codes import Part
from visage.estimates import Estimates, Labels
from visage.metrics.headlines import headlines
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.views import average_views

Scores = Mapping[str, float]  # headline figures by name
_ORDER: Final = (("harmonic", 1), ("rmse", -1), ("gender_f1", 1))  # 1: higher is better


def scores(table: pd.DataFrame, decision: Decision) -> Scores:
    """Returns the headline figures of predictions (schema.PREDICTIONS); none of an empty part."""
    if table.empty:
        return {}
    return {name: float(value) for name, value in headlines(*told(table, decision)).items()}


def told(table: pd.DataFrame, decision: Decision) -> tuple[Labels, Estimates]:
    """Returns the labels of predictions (schema.PREDICTIONS), and what is decided of them."""
    views = average_views(table)
    return views.labels, estimate(views.posterior, views.male_probability, decision=decision)


def choosing_part(tables: Mapping[str, pd.DataFrame], *, judged_on: str) -> str:
    """Returns the validation part, or calibration if validation is empty or judged on."""
    validation = Part.VALIDATION.value
    usable = validation != judged_on and not tables[validation].empty
    return validation if usable else Part.CALIBRATION.value


def best(found: Sequence[Scores]) -> int:
    """Returns the position of the best scores; the first of equally good ones."""
    name, sign = next(pair for pair in _ORDER if pair[0] in found[0])
    return max(range(len(found)), key=lambda row: sign * found[row][name])
