"""What a probability of gender is worth: the share of men among the images that were told about it.

The rows of a reliability diagram (DeGroot & Fienberg 1983), over the bins of the calibration error
(metrics.gender), so that the drawing shows what that figure sums up.
"""

import numpy as np

from visage.estimates import Ints
from visage.metrics.averages import Array
from visage.metrics.independent import n_effective, share_interval

BINS = 10


def reliability(
    gender: Array, male_probability: Array, group: Ints, *, bins: int = BINS
) -> list[dict[str, float | int]]:
    """Returns a row for each bin [told_from, told_to) that has images; the last one is closed.

    Args:
        gender: (N,), 1 for men.
        male_probability: (N,), 0 to 1.
        group: of near-duplicates, which are no further evidence, (N,).
        bins: their number; all are of one width.

    Returns:
        Rows of `told_from`, `told_to`, `n`, `mean_told`, `share_male` and the ends `low` and
        `high` of the share's exact 95 % interval.
    """
    members = np.minimum((male_probability * bins).astype(np.int64), bins - 1)
    found, n = np.unique(members, return_counts=True)
    told, men = (
        np.bincount(members, weights=values.astype(np.float64), minlength=bins)[found]
        for values in (male_probability, gender)
    )
    effective = np.array([n_effective(group[members == at]) for at in found])
    low, high = share_interval(men / n, effective)
    return [
        {
            "told_from": int(at) / bins,
            "told_to": (int(at) + 1) / bins,
            "n": int(n[row]),
            "mean_told": float(told[row] / n[row]),
            "share_male": float(men[row] / n[row]),
            "low": float(low[row]),
            "high": float(high[row]),
        }
        for row, at in enumerate(found)
    ]
