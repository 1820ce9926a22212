"""The `explain` stage's work, without torch where there is nothing to explain.

Off by default (`explain.faces: 0`): importing torch and captum alone would take seconds of every
run.
"""

from collections.abc import Sequence
from pathlib import Path

from visage.explain.records import Chosen, Explanations
from visage.files.faces import FaceStore


def explain(
    chosen: Sequence[Chosen],
    *,
    weights: Path,
    card: Path,
    faces: Path,
    part: str,
    window: float,
    stride: float,
) -> Explanations:
    """Returns the explanations of the chosen faces; none where there are none.

    Args:
        chosen: faces of `part`.
        weights: of the model.
        card: the model's JSON.
        faces: the folder of their images.
        part: of the split.
        window: the covering square's side, as a share of the image's.
        stride: from one square to the next, likewise.
    """
    if not chosen:
        return Explanations(part)
    from visage.explain.looking import look
    from visage.inference.machine import machine
    from visage.models.checkpoint import load_model

    return look(
        chosen,
        load_model(weights, card),
        store=FaceStore(faces),
        part=part,
        window=window,
        stride=stride,
        device=machine().device,
    )
