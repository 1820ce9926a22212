"""The page of an ensemble: who its members are, and what it gains over the best of them."""

from collections.abc import Iterator, Sequence

from visage.ensemble.choosing import Scores
from visage.ensemble.making import Ensemble
from visage.ensemble.member import Member
from visage.metrics.contrast import LOWER_IS_BETTER, is_better
from visage.metrics.paired import Difference
from visage.reporting.formats import count, level, number
from visage.reporting.markdown import table
from visage.sweep.contrast_page import DECIMALS, NAMES, TOO_FEW_LABELS, cells

_SHARES = 4  # decimals of what lies between 0 and 1
_NO_LIMIT = (
    "No face is called unfamiliar: the members' features lie in spaces of their own, so that no "
    "limit fits all."
)
_LESS = "ensemble \N{MINUS SIGN} best"


def ensemble_page(made: Ensemble, *, name: str, command: str) -> str:
    """Returns the page in Markdown.

    Args:
        made: the ensemble.
        name: its name.
        command: that makes it again.
    """
    blocks = [
        [f"# The ensemble {name}", "", *_members(made)],
        list(_scores(made, part=made.chosen_on, found=made.chosen)),
        list(_scores(made, part=made.evaluate.part, found=made.measured)),
        list(_gain(made)),
        list(_reading(made)),
        ["Made again by:", "", f"    {command}"],
    ]
    return "\n".join(line for block in blocks if block for line in [*block, ""])


def _members(made: Ensemble) -> Iterator[str]:
    yield (
        f"The mean of the probabilities of {len(made.members)} models; threshold, temperature and "
        f"age intervals are fitted on it, on the calibration part ({count(made.decision.n)} "
        "images)."
    )
    yield ""
    rows = [
        [member.name, _commit(member), number(share, decimals=3), model(member)[:12]]
        for member, share in zip(made.members, made.shares, strict=True)
    ]
    right = [False, False, True, False]
    yield from table(["member", "commit", "weight", "model (sha256)"], rows, right=right)


def model(member: Member) -> str:
    """Returns the hash of a member's weights."""
    return str(member.origin.get("model_sha256", ""))


def _commit(member: Member) -> str:
    return (member.reference.commit or "uncommitted")[:10]


def _scores(made: Ensemble, *, part: str, found: Sequence[Scores]) -> Iterator[str]:
    figures = list(found[-1])
    if not figures:
        return
    yield f"On the {part} part ({count(_images(made, part))} images):"
    yield ""
    names = [*(member.name for member in made.members), "the ensemble"]
    rows = [
        [name, *(number(of[key], decimals=DECIMALS.get(key, _SHARES)) for key in figures)]
        for name, of in zip(names, found, strict=True)
    ]
    headings = ["model", *(NAMES[key] for key in figures)]
    yield from table(headings, rows, right=[False] + [True] * len(figures))


def _images(made: Ensemble, part: str) -> int:
    return int(made.tables[part]["id"].nunique())


def _gain(made: Ensemble) -> Iterator[str]:
    if not made.differences:
        yield (
            f"The {made.evaluate.part} part is empty: what the ensemble gains is not measured. Its "
            "submission is made."
        )
        return
    yield (
        f"The best member on the {made.chosen_on} part is {made.best.name}. The ensemble beside it "
        f"on the {made.evaluate.part} part:"
    )
    yield ""
    headings = [
        "figure",
        "best member",
        "ensemble",
        _LESS,
        f"{level(made.evaluate.level)} interval",
        "verdict",
    ]
    rows = [
        [NAMES[name], *cells(name, difference), _verdict(name, difference)]
        for name, difference in made.differences.items()
    ]
    yield from table(headings, rows, right=[False, True, True, True, True, False])


def _verdict(figure: str, difference: Difference) -> str:
    if difference.interval is None:
        return TOO_FEW_LABELS
    if not difference.is_shown:
        return "no difference shown"
    return f"the ensemble is {'better' if is_better(figure, difference) else 'worse'}"


def _reading(made: Ensemble) -> Iterator[str]:
    details = made.results.details
    if not made.differences:
        return
    lower = ", ".join(NAMES[name] for name in LOWER_IS_BETTER)
    yield (
        f"The {details['part']} part: {count(details['n'])} images in {count(details['n_groups'])} "
        f"groups of near-duplicates, ids and labels {details['data_sha256'][:12]}. Intervals: "
        f"paired bootstrap by group, {count(details['resamples'])} resamples, seed "
        f"{details['seed']}. Lower is better: {lower}. They are about these models: what other "
        "seeds would give is not in them."
    )
    yield ""
    yield _NO_LIMIT
