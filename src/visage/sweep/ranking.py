"""Which point of a study is the best, before any of them has met the test part.

A figure of the test part that was chosen among many flatters: the published CelebA study ranked one
model and tested another. So points are ranked on the validation part, and one of them goes on.
"""

from collections.abc import Iterable

from visage.sweep.recipe import Rank
from visage.sweep.result import Result

LOWER_IS_BETTER = ("rmse", "mae")


def best(results: Iterable[Result], *, by: Rank) -> Result | None:
    """Returns the result with the best figure, the first of equal ones; None if none has it."""
    sign = 1 if by in LOWER_IS_BETTER else -1
    return min(
        (result for result in results if by in result.figures),
        key=lambda result: sign * result.figures[by],
        default=None,
    )
