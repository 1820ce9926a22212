"""infer: the age posterior and the gender probability of every image outside training, per view."""

from stages import run
from visage import schema
from visage.files import paths
from visage.files.faces import FaceStore
from visage.files.tables import read_table
from visage.inference.known import draw_known
from visage.inference.machine import machine
from visage.inference.parts import parts_to_predict, predict_parts
from visage.models.checkpoint import load_model
from visage.params.infer import Infer
from visage.params.load import load
from visage.params.seed import Seed


def main() -> None:
    """Writes data/predictions/<part>.parquet for validation, calibration, test and unlabelled.

    And data/predictions/familiarity.parquet, by the faces in models/familiar.safetensors.
    """
    infer, seed = load(Infer), load(Seed).root
    index = read_table(paths.INDEX, schema.INDEX)
    splits = read_table(paths.SPLITS, schema.SPLITS)
    predict_parts(
        load_model(paths.MODEL, paths.MODEL_JSON),
        parts_to_predict(index, splits),
        known=draw_known(index, splits, most=infer.known_faces, seed=seed),
        nearest=infer.nearest,
        stores={True: FaceStore(paths.FACES), False: FaceStore(paths.UNLABELLED_FACES)},
        view_names=infer.views,
        batch_size=infer.batch_size,
        machine=machine(),
    )


if __name__ == "__main__":
    run(main)
