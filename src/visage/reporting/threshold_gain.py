"""What the gender threshold gives, in words, for the page and for `visage show`.

It stands by itself because the command would wait for matplotlib, which draws the page.
"""

from collections.abc import Mapping
from typing import Any

from visage.reporting.formats import interval, number


def threshold_gain(details: Mapping[str, Any]) -> str:
    """Returns what metrics/details.json says the threshold gave over one half, or nothing."""
    effect = details.get("threshold_effect") or {}
    names = {"fitted": "the threshold taken", "cross_fitted": "thresholds fitted on nine tenths"}
    said = [
        f"{names[name]} {number(one['gain'], decimals=4, signed=True)} "
        f"({interval((one['low'], one['high']), decimals=4)})"
        for name, one in effect.items()
    ]
    if not said:
        return ""
    return f"Gain in F1 over 0.5, {details['part']} part, with its interval: {'; '.join(said)}."
