"""What a reader must know before using the figures."""

from visage.reporting.blocks import Points, Section
from visage.reporting.formats import count
from visage.reporting.inputs import Inputs

_ESTIMATES = (
    "Estimates are guesses from looks: an apparent age, and the apparent gender of labels that "
    "know two values. They say nothing of identity and are no ground for a decision about a person."
)
_LABELS = "Labels are wrong at times: some of the worst errors are errors of the label."
_INTERVALS = (
    "The figures rest on {n} faces of one source. The intervals cover the choice of these faces, "
    "but neither another source, camera or population nor another training seed."
)
_LICENCES = "The licences of data and weights apply to what is made of them."
FACES = (
    "This page shows faces of the data set: pass it on only where its licence and the people shown "
    "allow it."
)


def limits(inputs: Inputs) -> Section:
    """Returns the last section of every page."""
    measured = () if inputs.unmeasured else (_LABELS, _intervals(inputs))
    points = Points((_ESTIMATES, *measured, _LICENCES, FACES))
    return Section(key="limits", title="Limits", blocks=(points,))


def _intervals(inputs: Inputs) -> str:
    return _INTERVALS.format(n=count(inputs.scores.get("n")))
