"""The `infer` stage's work: predictions of every image outside training, as tables.

And how familiar each looks, with the training faces that say so: they travel with the model.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from torch import Tensor

from visage.codes import UNLABELLED, Part
from visage.files.faces import FaceStore
from visage.files.paths import FAMILIAR, FAMILIARITY, PREDICTIONS
from visage.files.tables import write_table
from visage.inference.familiarity import save_familiarity
from visage.inference.known import learn_known
from visage.inference.machine import Machine
from visage.inference.predictor import Predictions, Predictor
from visage.inference.processes import gathered_by_first, wait
from visage.inference.seeing import refuse_sizes, views
from visage.inference.sizes import given_size
from visage.models.network import Network
from visage.schema import FAMILIARITY as FAMILIARITY_SCHEMA
from visage.schema import PREDICTIONS as PREDICTIONS_SCHEMA
from visage.vision.dataset import faces
from visage.vision.loader import batches, in_order

LABELLED_PARTS = (Part.VALIDATION, Part.CALIBRATION, Part.TEST)


def parts_to_predict(
    index: pd.DataFrame, splits: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yields (name, rows of the index) for each labelled part but train, and for the unlabelled."""
    part_of = splits.set_index("id")["part"]
    part = index["id"].map(part_of)
    for name in LABELLED_PARTS:
        yield name.value, index[part == name.value]
    yield UNLABELLED, index[index["official_part"] == UNLABELLED]


def predict_parts(
    network: Network,
    rows: Iterator[tuple[str, pd.DataFrame]],
    *,
    known: pd.DataFrame,
    nearest: int,
    stores: Mapping[bool, FaceStore],
    view_names: Sequence[str],
    batch_size: int,
    machine: Machine,
) -> None:
    """Writes the known faces, a table of predictions for each part, and one of familiarity.

    Args:
        network: the model.
        rows: of the index, by part.
        known: rows of the index, of the train part, whose faces the others are held to.
        nearest: how many of them count.
        stores: the images of labelled (True) and of unlabelled (False) rows.
        view_names: files of inference/views.
        batch_size: images at once.
        machine: whose processes share the work; the first one writes.
    """
    size = given_size(view_names, image_size=network.spec.image_size)
    read = partial(_images, image_size=size, batch_size=batch_size, workers=machine.workers)
    predictor = Predictor(network, views(view_names), device=machine.device)
    refuse_sizes(predictor.network, predictor.views)
    images = partial(read, stores[True])
    familiarity = learn_known(predictor, known, images, nearest=nearest, machine=machine)
    if machine.is_first:
        save_familiarity(FAMILIAR, familiarity)
    predictor.know(familiarity)
    scored: list[pd.DataFrame] = []
    for name, table in rows:
        share = table.iloc[machine.rank :: machine.processes]
        predictions = predictor(read(stores[name != UNLABELLED], share)) if len(share) else None
        told = prediction_table(share, predictions, view_names), score_table(share, predictions)
        found = gathered_by_first(told, on=machine)
        if machine.is_first:
            predicted = _in_order([one for one, _ in found], table)
            write_table(PREDICTIONS / f"{name}.parquet", predicted, PREDICTIONS_SCHEMA)
            scored.append(_in_order([one for _, one in found], table))
    if machine.is_first:
        write_table(FAMILIARITY, _joined(scored), FAMILIARITY_SCHEMA)
    wait(machine)


def _images(
    store: FaceStore, table: pd.DataFrame, *, image_size: int, batch_size: int, workers: int
) -> Iterable[Tensor]:
    """Returns batches of the rows' image bytes, (N, 3, H, W)."""
    data = faces(store, table, image_size=image_size)
    read = batches(data, in_order(data), batch_size=batch_size, workers=workers)
    return (batch.images for batch in read)


def _in_order(found: list[pd.DataFrame], table: pd.DataFrame) -> pd.DataFrame:
    """Returns the processes' rows as one process would have written them."""
    if len(found) == 1:
        return found[0]
    place = pd.Series(np.arange(len(table)), index=table["id"])
    return _joined(found).sort_values("id", key=lambda ids: ids.map(place), kind="stable")


def _joined(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Returns all rows; tables without any are left out, because they have no types."""
    return pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)


def prediction_table(
    table: pd.DataFrame, predictions: Predictions | None, view_names: Sequence[str]
) -> pd.DataFrame:
    """Returns one row an image and view, with the columns of schema.PREDICTIONS."""
    repeated = table.loc[table.index.repeat(len(view_names)), ["id", "age", "gender", "group"]]
    posterior = predictions.posterior if predictions else None
    probability = predictions.gender_probability if predictions else None
    return repeated.reset_index(drop=True).assign(
        view=list(view_names) * len(table),
        posterior=None if posterior is None else list(_flat(posterior)),
        gender_probability=None if probability is None else probability.ravel(),
    )


def score_table(table: pd.DataFrame, predictions: Predictions | None) -> pd.DataFrame:
    """Returns one row an image, with the columns of schema.FAMILIARITY."""
    scores = predictions.familiarity if predictions else None
    return table[["id"]].reset_index(drop=True).assign(familiarity=scores)


def _flat(posterior: np.ndarray) -> np.ndarray:
    return posterior.reshape(-1, posterior.shape[-1])
