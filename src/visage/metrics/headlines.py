"""The four figures by which models are compared, and how far two sides are apart in them.

Comparing, the gain of test-time augmentation and that of an ensemble are one question: the same
images, judged twice.
"""

from collections.abc import Sequence
from typing import Any, Final

from visage.estimates import Estimates, Floats, Labels
from visage.metrics.evaluation import figures, measured_on
from visage.metrics.independent import n_independent
from visage.metrics.paired import Difference, differences

HEADLINES: Final = ("mae", "rmse", "gender_f1", "harmonic")


def headlines(
    labels: Labels, estimates: Estimates, weights: Floats | None = None
) -> dict[str, Floats]:
    """Returns the headline figures of the tasks that the estimates hold."""
    found = figures(labels, estimates, weights, names=HEADLINES)
    return {name: found[name] for name in HEADLINES if name in found}


def headline_groups(labels: Labels) -> dict[str, int]:
    """Returns of how many groups the images are that each headline figure is taken over."""
    return {name: n_independent(labels.group, measured_on(labels, name)) for name in HEADLINES}


def headline_differences(
    labels: Labels, a: Sequence[Estimates], b: Sequence[Estimates], **bootstrap: Any
) -> dict[str, Difference]:
    """Returns the headline figures of sides a and b with the interval of b - a.

    Args:
        labels: the truth.
        a: estimates of the first side's models, which differ by the seed.
        b: of the second side's.
        bootstrap: resamples, level and seed, as in `differences`.
    """
    return differences(
        lambda model, weights: headlines(labels, model, weights),
        a,
        b,
        labels.group,
        n_groups=headline_groups(labels),
        **bootstrap,
    )
