"""evaluate: the figures of the test part, or the validation part's, and the plots' tables."""

import pandas as pd

from stages import run
from visage import schema
from visage.files import paths
from visage.files.jsons import read_json, write_json
from visage.files.tables import read_table, write_table
from visage.metrics.results import results, unmeasured
from visage.metrics.traits import traits
from visage.params.evaluate import Evaluate
from visage.params.load import load
from visage.posterior.decision import Decision
from visage.posterior.judged import gender_curve, judge


def main() -> None:
    """Writes evaluate.json, details.json and the plots' tables into metrics/."""
    params, decision = load(Evaluate), Decision.from_json(read_json(paths.DECISION))
    table, curve = predictions(params.part), gender_curve(predictions("calibration"), decision)
    found = unmeasured(params.part)
    if not table.empty:
        known_faces = read_table(paths.FAMILIARITY, schema.FAMILIARITY)
        told = judge(table, decision, seed=params.seed, familiarity=known_faces)
        index = read_table(paths.INDEX, schema.INDEX)
        quality = read_table(paths.QUALITY, schema.QUALITY)
        known = traits(told.labels.id, index=index, quality=quality)
        found = results(**vars(told), traits=known, **params.model_dump())
    write_json(paths.EVALUATE_METRICS, found.figures)
    write_json(paths.DETAILS, found.details)
    write_table(paths.AGE_BINS, found.age_bins, schema.AGE_BINS)
    write_table(paths.AGE_COVERAGE, found.age_coverage, schema.AGE_COVERAGE)
    write_table(paths.AGE_SCATTER, found.age_scatter, schema.AGE_SCATTER)
    write_table(paths.GENDER_CONFUSION, found.gender_confusion, schema.GENDER_CONFUSION)
    write_table(paths.THRESHOLD_CURVE, curve, schema.THRESHOLD_CURVE)


def predictions(part: str) -> pd.DataFrame:
    """Returns the predictions of a part (schema.PREDICTIONS)."""
    return read_table(paths.PREDICTIONS / f"{part}.parquet", schema.PREDICTIONS)


if __name__ == "__main__":
    run(main)
