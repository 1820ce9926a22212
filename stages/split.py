"""split: train, validation, calibration and test; near-duplicates and people kept together."""

from stages import run
from visage import schema
from visage.data.index import labelled_rows
from visage.data.split import assign_parts
from visage.data.split_counts import age_counts, split_metrics
from visage.files import paths
from visage.files.jsons import write_json
from visage.files.tables import read_table, write_table
from visage.params.ingest import Ingest
from visage.params.load import load
from visage.params.split import Split
from visage.registry import resolve


def main() -> None:
    """Writes data/splits.csv, metrics/split.json and metrics/split_counts.json."""
    params, max_bits = load(Split), load(Ingest).near_duplicate_bits
    method = resolve("visage.data.splits", params.method, "assign", param="split.method")
    labelled = labelled_rows(read_table(paths.INDEX, schema.INDEX))
    splits = assign_parts(labelled, method=method, params=params)
    write_table(paths.SPLITS, splits, schema.SPLITS)
    metrics = split_metrics(labelled, splits=splits, params=params, max_bits=max_bits)
    write_json(paths.SPLIT_METRICS, metrics)
    counts = age_counts(labelled, splits=splits, years=params.age_bin_years)
    write_json(paths.SPLIT_COUNTS, counts)


if __name__ == "__main__":
    run(main)
