"""The page that `visage compare` prints: what two sides differ in, in Markdown.

Whatever says less than it seems to says so: slices and single trainings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from visage.codes import Part
from visage.metrics.contrast import (
    LOWER_IS_BETTER,
    Change,
    Contrast,
    Settings,
    SliceDifference,
    is_better,
)
from visage.metrics.details import provenance
from visage.metrics.paired import Difference
from visage.metrics.slice_details import identity
from visage.metrics.slices import OF_LABELS
from visage.reporting.formats import (
    MISSING,
    count,
    gender_name,
    interval,
    level,
    number,
    percent,
)
from visage.reporting.markdown import table
from visage.reporting.slice_names import slice_name
from visage.sweep.judged import Judged
from visage.sweep.same_test import changed_params, same_groups

NAMES: Final = {
    "mae": "MAE (years)",
    "rmse": "RMSE (years)",
    "gender_f1": "gender F1 (macro)",
    "gender_accuracy": "gender accuracy",
    "harmonic": "harmonic",
}
DECIMALS: Final = {"mae": 3, "rmse": 3}
TOO_FEW_LABELS: Final = "too few labels to tell"
_B_LESS_A = "B \N{MINUS SIGN} A"
_SHARES = 4  # decimals of what lies between 0 and 1


@dataclass(frozen=True, eq=False)
class Sides:
    """Two sides, each of models that differ by the seed, and what was found."""

    a: Sequence[Judged]
    b: Sequence[Judged]
    contrast: Contrast


def side_name(side: Sequence[Judged]) -> str:
    """Returns the names that a side was given as, with its commits."""
    return ", ".join(
        f"{model.reference.name} ({(model.reference.commit or 'uncommitted')[:10]})"
        for model in side
    )


def verdict(figure: str, difference: Difference) -> str:
    """Returns in words whether B is better than A."""
    if difference.interval is None:
        return TOO_FEW_LABELS
    if not difference.is_shown:
        return "no difference shown"
    return "B is better" if is_better(figure, difference) else "B is worse"


def contrast_page(sides: Sides, *, settings: Settings) -> str:
    """Returns the page."""
    promised, found = level(settings.level), sides.contrast
    blocks = [
        [f"A: {side_name(sides.a)}", "", f"B: {side_name(sides.b)}"],
        list(_figures(found, promised)),
        list(_reading(sides, settings, promised)),
        list(_slices(found, settings, promised)),
        list(_ages(found.ages)),
        list(_genders(found.genders)),
    ]
    return "\n".join(line for block in blocks if block for line in [*block, ""])


def _figures(found: Contrast, promised: str) -> Iterator[str]:
    headings = ["figure", "A", "B", _B_LESS_A, f"{promised} interval", "verdict"]
    rows = [
        [NAMES[name], *cells(name, difference), verdict(name, difference)]
        for name, difference in found.figures.items()
    ]
    yield from table(headings, rows, right=[False, True, True, True, True, False])


def cells(figure: str, difference: Difference) -> list[str]:
    """Returns both sides' figures, the difference and its interval as texts."""
    decimals = DECIMALS.get(figure, _SHARES)
    return [
        number(difference.a, decimals=decimals),
        number(difference.b, decimals=decimals),
        number(difference.value, decimals=decimals, signed=True),
        interval(difference.interval, decimals=decimals),
    ]


def _reading(sides: Sides, settings: Settings, promised: str) -> Iterator[str]:
    """Says on what it was measured, and what the interval holds."""
    first = sides.a[0]
    known = provenance(first.labels, part=Part.TEST)
    lower = ", ".join(NAMES[name] for name in LOWER_IS_BETTER)
    yield (
        f"The test part: {count(known['n'])} images in {count(known['n_groups'])} groups of "
        f"near-duplicates, ids and labels {known['data_sha256'][:12]}. {promised} intervals: "
        f"paired bootstrap by group, {count(settings.resamples)} resamples, seed {settings.seed}. "
        f"Lower is better: {lower}."
    )
    for name, side in (("A", sides.a), ("B", sides.b)):
        yield from _trainings(name, side)
    if not all(same_groups(first, model) for model in [*sides.a, *sides.b]):
        yield "The states group near-duplicates differently; those of A's first are taken."
    yield from _shared(sides)
    told = changed_params(first.params, sides.b[0].params)
    changed = [text for text in told if not text.startswith("seed: ")]
    yield f"Parameters, A → B: {'; '.join(changed) or 'all alike but for the seed'}."


def _shared(sides: Sides) -> Iterator[str]:
    for one in sides.a:
        for other in sides.b:
            if one.weights and one.weights == other.weights:
                yield (
                    f"{one.reference.name} of A and {other.reference.name} of B are the same "
                    "training, by the hash of its weights."
                )


def _trainings(name: str, side: Sequence[Judged]) -> Iterator[str]:
    if len(side) == 1:
        yield (
            f"{name} is one training: what another seed would give is not in the interval, so it "
            "is about this model and not about its parameters."
        )
        return
    yield f"{name} is the mean of {len(side)} trainings, and seeds are drawn as images are."
    more = {
        text.partition(":")[0]
        for model in side[1:]
        for text in changed_params(side[0].params, model.params)
        if not text.startswith("seed: ")
    }
    if more:
        yield f"They differ by more than the seed: {', '.join(sorted(more))}."
    if len({model.params["seed"] for model in side if "seed" in model.params}) < len(side):
        yield "Some of them have one seed, so that the interval knows fewer seeds than trainings."


def _slices(found: Contrast, settings: Settings, promised: str) -> Iterator[str]:
    if not found.slices:
        return
    shown = [row for row in found.slices if row.difference.is_shown]
    chance = (1 - settings.level) * len(found.slices)
    yield (
        f"Slices (exploratory): of {len(found.slices)} figures of slices, {len(shown)} differ; "
        f"about {number(chance, decimals=1)} would by chance if nothing differed. Slices of fewer "
        f"than {settings.min_slice} images are left out."
    )
    if shown:
        headings = ["slice", "images", "figure", "A", "B", _B_LESS_A, f"{promised} interval", "B"]
        right = [False, True, False, True, True, True, True, False]
        yield ""
        yield from table(headings, [_slice_row(row) for row in shown], right=right)


def _slice_row(row: SliceDifference) -> list[str]:
    name, factor = slice_name(identity(row.slice)), row.slice.factor
    who = name if factor in OF_LABELS else f"{factor}: {name}"
    won = "won" if is_better(row.figure, row.difference) else "lost"
    return [who, count(row.slice.n), NAMES[row.figure], *cells(row.figure, row.difference), won]


def _ages(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield "The images whose ages changed most (years):"
    yield ""
    rows = [
        [
            change.id,
            number(change.label, decimals=0),
            number(change.a, decimals=1),
            number(change.b, decimals=1),
            number(change.b - change.a, decimals=1, signed=True),
        ]
        for change in changes
    ]
    right = [False, True, True, True, True]
    yield from table(["image", "label", "A", "B", _B_LESS_A], rows, right=right)


def _genders(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield "The images whose genders changed most (probability of male):"
    yield ""
    rows = [
        [
            change.id,
            MISSING if change.label is None else gender_name(int(change.label)),
            percent(change.a, decimals=0),
            percent(change.b, decimals=0),
        ]
        for change in changes
    ]
    yield from table(["image", "label", "A", "B"], rows, right=[False, False, True, True])
