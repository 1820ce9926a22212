"""evaluate: the figures of the test part, or the validation part's, and the plots' tables."""

import pandas as pd

from stages import run
from visage import schema
from visage.files import paths
from visage.files.jsons import read_json, write_json
from visage.files.tables import read_table, write_table
from visage.metrics.results import Results, results, unmeasured
from visage.params.evaluate import Evaluate
from visage.params.load import load
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate, trivial
from visage.posterior.views import average_views, identity_view


def main() -> None:
    """Writes evaluate.json, details.json and three tables into metrics/."""
    params = load(Evaluate)
    table = read_table(paths.PREDICTIONS / f"{params.part}.parquet", schema.PREDICTIONS)
    found = unmeasured(params.part) if table.empty else measured(table, params)
    write_json(paths.EVALUATE_METRICS, found.figures)
    write_json(paths.DETAILS, found.details)
    write_table(paths.AGE_BINS, found.age_bins, schema.AGE_BINS)
    write_table(paths.AGE_SCATTER, found.age_scatter, schema.AGE_SCATTER)
    write_table(paths.GENDER_CONFUSION, found.gender_confusion, schema.GENDER_CONFUSION)


def measured(table: pd.DataFrame, params: Evaluate) -> Results:
    """Returns the results of the predictions in `table`."""
    decision = Decision.from_json(read_json(paths.DECISION))
    views, one = average_views(table), identity_view(table)
    shown = estimate(views.posterior, views.male_probability, decision=decision)
    plain = estimate(one.posterior, one.male_probability, decision=decision)
    baseline = trivial(decision.baseline, len(views.labels.id))
    others = {"views": views.views, **params.model_dump()}
    return results(views.labels, shown, without_tta=plain, baseline=baseline, **others)


if __name__ == "__main__":
    run(main)
