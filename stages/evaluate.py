"""evaluate: the figures of the test part, their details, and the tables of the plots."""

from stages import run
from visage import schema
from visage.files import paths
from visage.files.jsons import read_json, write_json
from visage.files.tables import read_table, write_table
from visage.metrics import slices
from visage.metrics.details import details
from visage.metrics.evaluation import flat
from visage.params.evaluate import Evaluate
from visage.params.load import load
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate, trivial
from visage.posterior.views import average_views, identity_view


def main() -> None:
    """Writes evaluate.json, details.json and three tables into metrics/."""
    params = load(Evaluate)
    decision = Decision.from_json(read_json(paths.DECISION))
    table = read_table(paths.PREDICTIONS / f"{schema.Part.TEST}.parquet", schema.PREDICTIONS)
    views, one = average_views(table), identity_view(table)
    labels, baseline = views.labels, trivial(decision.baseline, len(views.labels.id))
    shown = estimate(views.posterior, views.male_probability, decision=decision)
    plain = estimate(one.posterior, one.male_probability, decision=decision)
    others = {"views": views.views, **params.model_dump()}
    found = details(labels, shown, without_tta=plain, baseline=baseline, **others)
    bins = slices.bins_table(labels, shown, bin_years=params.age_bin_years)
    write_json(paths.EVALUATE_METRICS, flat(labels, shown))
    write_json(paths.DETAILS, found)
    write_table(paths.AGE_BINS, bins, schema.AGE_BINS)
    write_table(paths.AGE_SCATTER, slices.age_scatter(labels, shown), schema.AGE_SCATTER)
    write_table(paths.GENDER_CONFUSION, slices.gender_pairs(labels, shown), schema.GENDER_CONFUSION)


if __name__ == "__main__":
    run(main)
