"""split: train, validation, calibration and test, stratified, near-duplicates kept together."""

from stages import run
from visage import schema
from visage.data.index import labelled_rows
from visage.data.split import assign_parts, split_metrics
from visage.files import paths
from visage.files.jsons import write_json
from visage.files.tables import read_table, write_table
from visage.params.load import load
from visage.params.split import Split


def main() -> None:
    """Writes data/splits.csv and metrics/split.json."""
    params = load(Split)
    labelled = labelled_rows(read_table(paths.INDEX, schema.INDEX))
    years, seed = params.age_bin_years, params.seed
    fractions = params.fractions.model_dump()
    splits = assign_parts(labelled, fractions=fractions, age_bin_years=years, seed=seed)
    write_table(paths.SPLITS, splits, schema.SPLITS)
    metrics = split_metrics(labelled, splits=splits, age_bin_years=years, seed=seed)
    write_json(paths.SPLIT_METRICS, metrics)


if __name__ == "__main__":
    run(main)
