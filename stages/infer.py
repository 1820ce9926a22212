"""infer: the age posterior and the gender probability of every image outside training, per view."""

from stages import run
from visage.files.faces import FaceStore
from visage.files.paths import (
    FACES,
    INDEX,
    MODEL,
    MODEL_JSON,
    PREDICTIONS,
    SPLITS,
    UNLABELLED_FACES,
)
from visage.files.tables import read_table
from visage.inference.machine import machine
from visage.inference.parts import parts_to_predict, predict_parts
from visage.models.checkpoint import load_model
from visage.params.infer import Infer
from visage.params.load import load
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA


def main() -> None:
    """Writes data/predictions/<part>.parquet for validation, calibration, test and unlabelled."""
    infer = load(Infer)
    index, splits = read_table(INDEX, INDEX_SCHEMA), read_table(SPLITS, SPLITS_SCHEMA)
    predict_parts(
        load_model(MODEL, MODEL_JSON),
        parts_to_predict(index, splits),
        stores={True: FaceStore(FACES), False: FaceStore(UNLABELLED_FACES)},
        folder=PREDICTIONS,
        view_names=infer.views,
        batch_size=infer.batch_size,
        machine=machine(),
    )


if __name__ == "__main__":
    run(main)
