"""weights: how often the sampler draws each training image."""

from stages import run
from visage import schema
from visage.codes import Part
from visage.data.index import rows_of_part
from visage.data.weights import age_histogram, sampling_weights
from visage.files import paths
from visage.files.tables import read_table, write_table
from visage.params.load import load
from visage.params.weights import Weights
from visage.registry import resolve


def main() -> None:
    """Writes data/weights.csv and metrics/age_histogram.csv."""
    params = load(Weights)
    scheme = resolve("visage.data.schemes", params.scheme, "weigh", param="weights.scheme")
    index, splits = read_table(paths.INDEX, schema.INDEX), read_table(paths.SPLITS, schema.SPLITS)
    train = rows_of_part(index, splits=splits, part=Part.TRAIN)
    weights = sampling_weights(train, scheme=scheme, params=params)
    write_table(paths.WEIGHTS, weights, schema.WEIGHTS)
    histogram = age_histogram(train, weights=weights, age_bin_years=params.age_bin_years)
    write_table(paths.AGE_HISTOGRAM, histogram, schema.AGE_HISTOGRAM)


if __name__ == "__main__":
    run(main)
