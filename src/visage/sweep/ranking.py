"""Which point of a study is the best, before any of them has met the test part.

A figure of the test part that was chosen among many flatters: the published CelebA study ranked one
model and tested another. So points are ranked on the validation part, and one of them goes on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from visage.errors import VisageError
from visage.metrics.contrast import LOWER_IS_BETTER
from visage.sweep.members import Member, run_members
from visage.sweep.points import Point, winning
from visage.sweep.recipe import Rank
from visage.sweep.result import Result
from visage.sweep.score import metric_faults


class OtherModelError(VisageError):
    """The test part was met by another model than the one that was ranked."""


def rank_faults(tree: Mapping[str, Any], *, by: Rank | None) -> list[str]:
    """Returns why a point of these parameters, without faults, can't be ranked."""
    return metric_faults(tree, metric=by, key="rank_by") if by else []


def best(results: Iterable[Result], *, by: Rank) -> Result | None:
    """Returns the result with the best figure, the first of equal ones; None if none has it."""
    sign = 1 if by in LOWER_IS_BETTER else -1
    return min(
        (result for result in results if by in result.figures),
        key=lambda result: sign * result.figures[by],
        default=None,
    )


def run_best(
    found: Iterable[Point],
    results: Iterable[Result],
    root: Path,
    *,
    by: Rank,
    study: str,
    say: Callable[[str], None],
) -> Member | None:
    """Runs the best of a study's points again, to be measured on the test part; None if all failed.

    Args:
        found: the points.
        results: of them, on the validation part.
        root: the project.
        by: the figure that ranks them.
        study: the name of the study.
        say: tells the user what begins.
    """
    first = best(results, by=by)
    if first is None:
        return None
    chosen = next(point for point in found if point.name == first.name)
    return run_winner(chosen, root, study=study, say=say)


def run_winner(
    chosen: Point,
    root: Path,
    *,
    study: str,
    say: Callable[[str], None],
    there: Collection[str] = (),
) -> Member:
    """Runs the chosen point again for the test part; its training mostly comes from DVC's cache.

    there: names of experiments that are there already, and are not run again.
    """
    return run_members([winning(chosen, study=study)], root, say=say, there=there)[0]


def is_other_model(winner: Result, ranked: Result) -> bool:
    """Tells whether two results are known to be of different weights."""
    return bool(winner.model and ranked.model) and winner.model != ranked.model


def refuse_other_model(winner: Result, ranked: Result) -> None:
    """Makes sure that the winner's figures are those of the weights that won.

    Args:
        winner: the best point's result on the test part.
        ranked: the same on the validation part.

    Raises:
        OtherModelError: the hashes differ.
    """
    if is_other_model(winner, ranked):
        raise OtherModelError(
            f"{winner.name} has the weights {winner.model}, but those of {ranked.name}, the best "
            f"on the validation part, are {ranked.model}: it was trained again, and its figures "
            "are another model's. Code, parameters or data changed meanwhile, or DVC's cache lost "
            "the weights and the training does not repeat; run the study again with --force"
        )
