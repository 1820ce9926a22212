"""calibrate: gender threshold, temperature and age intervals, from the calibration part."""

from dataclasses import replace

from stages import run
from visage import schema
from visage.codes import Part
from visage.files import paths
from visage.files.hashes import sha256_file
from visage.files.jsons import write_json
from visage.files.tables import read_table
from visage.params.calibrate import Calibrate
from visage.params.load import load
from visage.posterior.calibration import fit_decision
from visage.posterior.views import average_views


def main() -> None:
    """Writes models/decision.json."""
    predictions = paths.PREDICTIONS / f"{Part.CALIBRATION}.parquet"
    params = load(Calibrate)
    decision = fit_decision(
        average_views(read_table(predictions, schema.PREDICTIONS)),
        index=read_table(paths.INDEX, schema.INDEX),
        splits=read_table(paths.SPLITS, schema.SPLITS),
        familiarity=read_table(paths.FAMILIARITY, schema.FAMILIARITY),
        unfamiliar=params.unfamiliar,
        coverages=params.coverages,
        shown=params.coverage,
        min_group=params.min_group,
    )
    fitted_for = replace(decision, model_sha256=sha256_file(paths.MODEL))
    write_json(paths.DECISION, fitted_for.to_json())


if __name__ == "__main__":
    run(main)
