"""From the names that a user gives to what their models differ in.

A side is names separated by commas: trainings that differ by the seed. Each side after the first
is compared with the first.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from pathlib import Path

from visage.errors import VisageError
from visage.metrics.contrast import Settings, contrast
from visage.metrics.traits import Traits
from visage.sweep.contrast_page import Sides
from visage.sweep.judged import Judged, read_judged
from visage.sweep.known_traits import known_traits
from visage.sweep.references import find
from visage.sweep.same_test import refuse_other_tests


class SidesError(VisageError):
    """The sides can't be compared."""


def compare_sides(names: Sequence[str], root: Path, *, settings: Settings) -> list[Sides]:
    """Returns what each side but the first differs in from the first.

    Raises:
        SidesError: fewer than two sides, a training twice in one, or no task in common.
        UnknownReferenceError: a name stands for nothing.
        OtherTestPartError: not all were judged on the same images.
    """
    wanted = [_split(text) for text in names]
    if len(wanted) < 2:
        raise SidesError(
            "one side can't be compared; give two, e.g. `visage compare HEAD other`, seeds of a "
            "side with commas: `visage compare a1,a2,a3 b1,b2,b3`"
        )
    found = {name: find(name, root) for name in dict.fromkeys(chain(*wanted))}
    models = {name: read_judged(reference, root) for name, reference in found.items()}
    refuse_other_tests(list(models.values()))
    sides = [[models[name] for name in side] for side in wanted]
    for trained in sides:
        _refuse_twins(trained)
    return list(_contrasts(sides, settings, known_traits(sides[0][0], root)))


def _contrasts(
    sides: Sequence[Sequence[Judged]], settings: Settings, traits: Traits | None
) -> Iterator[Sides]:
    first = sides[0]
    for other in sides[1:]:
        estimates = [[model.estimates for model in side] for side in (first, other)]
        contrasted = contrast(first[0].labels, *estimates, settings=settings, traits=traits)
        if not contrasted.figures:
            raise SidesError("the models have no task in common, so no figure can be compared")
        yield Sides(first, other, contrasted)


def _split(text: str) -> list[str]:
    names = text.split(",")
    if not all(names):
        raise SidesError(f"{text!r}: has an empty name; write a side as a1,a2,a3 without spaces")
    return names


def _refuse_twins(side: Sequence[Judged]) -> None:
    """The same training twice would look like seeds that agree."""
    for first, second in combinations(side, 2):
        if first.is_same_training(second):
            names = [model.reference.name for model in (first, second)]
            raise SidesError(
                f"{' and '.join(names)}: a side holds a training twice (the same weights, or the "
                "same parameters where the weights are not known); its seeds must be different ones"
            )
