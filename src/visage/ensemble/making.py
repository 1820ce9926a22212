"""From members to an ensemble, by the functions of calibrate, evaluate and predict.

Sections `calibrate` and `evaluate` are the first member's: the members alone determine the result,
whatever params.yaml says meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from visage.codes import UNLABELLED, Part
from visage.ensemble.averaging import average, in_order_of
from visage.ensemble.choosing import Scores, best, choosing_part, scores, told
from visage.ensemble.member import Member
from visage.ensemble.same_data import refuse_other_data
from visage.metrics.headlines import headline_differences
from visage.metrics.paired import Difference
from visage.metrics.results import Results, results, unmeasured
from visage.metrics.traits import traits
from visage.params.calibrate import Calibrate
from visage.params.evaluate import Evaluate
from visage.params.load import PARAMS_FILE, validate
from visage.posterior.calibration import fit_decision
from visage.posterior.decision import Decision
from visage.posterior.judged import judge
from visage.posterior.submission import Submission, make_submission
from visage.posterior.views import average_views


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What comes of members.

    Attributes:
        members: as given.
        weights: of the members, as given.
        tables: the mean predictions by part (schema.PREDICTIONS).
        decision: fitted on the calibration part of the mean.
        results: as of stage evaluate.
        submission: as of stage predict.
        evaluate: parameters of results and differences.
        chosen_on: the part that told which member is best.
        chosen: headline figures there, of each member and, last, of the ensemble.
        measured: the same on the part that is judged on; no figures if it is empty.
        differences: the ensemble less the best member there; empty if it is empty.
    """

    members: Sequence[Member]
    weights: Sequence[float]
    tables: Mapping[str, pd.DataFrame]
    decision: Decision
    results: Results
    submission: Submission
    evaluate: Evaluate
    chosen_on: str
    chosen: Sequence[Scores]
    measured: Sequence[Scores]
    differences: Mapping[str, Difference]

    @property
    def shares(self) -> list[float]:
        """The weights, sum 1."""
        return _shares(self.weights)

    @property
    def best(self) -> Member:
        """The best member."""
        return self.members[best(self.chosen[:-1])]


def make_ensemble(members: Sequence[Member], weights: Sequence[float]) -> Ensemble:
    """Returns the ensemble of members; weights: one each, positive.

    Raises:
        OtherDataError: the members were not made for the same images.
        CalibrationError: the calibration part can't fit a decision.
    """
    refuse_other_data(members)
    first = members[0]
    members = [first, *(_in_order_of(first, other) for other in members[1:])]
    shares = _shares(weights)
    tables = {part: average([m.tables[part] for m in members], shares) for part in first.tables}
    decision = _decision(tables, first)
    evaluate = validate(Evaluate, first.params, path=_where(first))
    chosen_on = choosing_part(tables, judged_on=evaluate.part)
    chosen, measured = (
        [*(scores(m.tables[part], m.decision) for m in members), scores(tables[part], decision)]
        for part in (chosen_on, evaluate.part)
    )
    best_one = members[best(chosen[:-1])]
    return Ensemble(
        members=members,
        weights=weights,
        tables=tables,
        decision=decision,
        results=_results(tables[evaluate.part], decision, evaluate, first),
        submission=_submission(tables, decision, first),
        evaluate=evaluate,
        chosen_on=chosen_on,
        chosen=chosen,
        measured=measured,
        differences=_differences(best_one, tables, decision, evaluate),
    )


def _shares(weights: Sequence[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


def _in_order_of(first: Member, other: Member) -> Member:
    tables = {part: in_order_of(first.tables[part], table) for part, table in other.tables.items()}
    return replace(other, tables=tables)


def _decision(tables: Mapping[str, pd.DataFrame], first: Member) -> Decision:
    params = validate(Calibrate, _without_limit(first.params), path=_where(first))
    return fit_decision(
        average_views(tables[Part.CALIBRATION]),
        index=first.index,
        splits=first.splits,
        coverages=params.coverages,
        shown=params.coverage,
        min_group=params.min_group,
    )


def _without_limit(params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns parameters that call no face unfamiliar: each member's features are its own.

    Members of older commits have no such parameter.
    """
    return {**params, "calibrate": {**params.get("calibrate", {}), "unfamiliar": None}}


def _results(table: pd.DataFrame, decision: Decision, evaluate: Evaluate, first: Member) -> Results:
    if table.empty:
        return unmeasured(evaluate.part)
    judged = judge(table, decision, seed=evaluate.seed)
    known = traits(judged.labels.id, index=first.index, quality=first.quality)
    return results(**vars(judged), traits=known, **evaluate.model_dump())


def _submission(
    tables: Mapping[str, pd.DataFrame], decision: Decision, first: Member
) -> Submission:
    return make_submission(
        index=first.index,
        rejected=first.rejected,
        unlabelled=tables[UNLABELLED],
        test=tables[Part.TEST],
        decision=decision,
    )


def _differences(
    member: Member, tables: Mapping[str, pd.DataFrame], decision: Decision, evaluate: Evaluate
) -> dict[str, Difference]:
    """Returns the ensemble's headline figures less the member's, on the part that is judged on."""
    table = tables[evaluate.part]
    if table.empty:
        return {}
    _, alone = told(member.tables[evaluate.part], member.decision)
    labels, together = told(table, decision)
    bootstrap: dict[str, Any] = evaluate.model_dump(include={"resamples", "level", "seed"})
    return headline_differences(labels, [alone], [together], **bootstrap)


def _where(member: Member) -> Path:
    """Returns what a faulty parameter's file is called."""
    return Path(f"{member.name}:{PARAMS_FILE}")
