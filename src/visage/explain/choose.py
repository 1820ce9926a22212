"""Whose estimates are explained: the worst, the best and, so that nobody is misled, random faces.

Maps of the worst alone look odd because the faces are odd; the random ones are what the model does
every day. Ranked is by the age's error, or, without an age, by the probability of the wrong gender.
No face is in two groups.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from visage.codes import MALE
from visage.estimates import Estimates, Floats, Labels
from visage.explain.records import Chosen, Group
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.views import average_views


def choose(table: pd.DataFrame, decision: Decision, *, n: int, seed: int) -> tuple[Chosen, ...]:
    """Returns up to `n` faces of each group, out of a table of schema.PREDICTIONS."""
    if not n or table.empty:
        return ()
    views = average_views(table)
    told = estimate(views.posterior, views.male_probability, decision=decision)
    rows = grouped(views.labels.id, errors(views.labels, told), n=n, seed=seed)
    return tuple(_chosen(group, row, views.labels, told) for group, row in rows)


def errors(labels: Labels, estimates: Estimates) -> Floats:
    """Returns the absolute age errors, (N,) years, or the wrong gender's probability; NaN: unknown.

    The second is for models without an age.
    """
    if estimates.age is not None:
        return np.abs(estimates.age - labels.age)
    assert estimates.male_probability is not None, "a model has at least one task"
    male = estimates.male_probability
    wrong = np.where(labels.gender == MALE, 1 - male, male)
    return np.where(labels.has_gender, wrong, np.nan)


def grouped(ids: Iterable[str], found: Floats, *, n: int, seed: int) -> Iterator[tuple[Group, int]]:
    """Yields (group, row), worst and best from the extreme inwards; ties and draws go by id."""
    names = list(ids)
    known = np.flatnonzero(~np.isnan(found)).tolist()
    ranked = sorted(known, key=lambda row: (-found[row], names[row]))
    worst, rest = ranked[:n], ranked[n:]
    best, others = rest[::-1][:n], rest[: max(0, len(rest) - n)]
    drawn = np.random.default_rng(seed).permutation(sorted(others, key=names.__getitem__))[:n]
    for group, rows in ((Group.WORST, worst), (Group.BEST, best), (Group.RANDOM, drawn.tolist())):
        for row in rows:
            yield group, row


def _chosen(group: Group, row: int, labels: Labels, told: Estimates) -> Chosen:
    return Chosen(
        id=str(labels.id[row]),
        group=group,
        age=float(labels.age[row]) if labels.has_age[row] else None,
        age_estimate=None if told.age is None else round(float(told.age[row]), 2),
        gender=int(labels.gender[row]) if labels.has_gender[row] else None,
        gender_estimate=None if told.gender is None else int(told.gender[row]),
    )
