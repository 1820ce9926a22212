"""The `infer` stage's work: predictions of every image outside training, as tables."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from visage.files.faces import FaceStore
from visage.files.tables import write_table
from visage.inference.machine import Machine
from visage.inference.predictor import Predictions, Predictor, views
from visage.inference.processes import gathered_by_first, wait
from visage.models.network import Network
from visage.schema import PREDICTIONS, UNLABELLED, Part
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
    stores: Mapping[bool, FaceStore],
    folder: Path,
    view_names: Sequence[str],
    batch_size: int,
    machine: Machine,
) -> None:
    """Writes a table of predictions for each part into `folder`.

    stores: the images of labelled (True) and of unlabelled (False) rows.
    """
    predictor = Predictor(network, views(view_names), device=machine.device)
    for name, table in rows:
        share = table.iloc[machine.rank :: machine.processes]
        data = faces(stores[name != UNLABELLED], share, image_size=network.spec.image_size)
        read = batches(data, in_order(data), batch_size=batch_size, workers=machine.workers)
        predictions = predictor(batch.images for batch in read) if len(data) else None
        found = gathered_by_first(prediction_table(share, predictions, view_names), on=machine)
        if machine.is_first:
            write_table(folder / f"{name}.parquet", _in_order(found, table), PREDICTIONS)
    wait(machine)


def _in_order(found: list[pd.DataFrame], table: pd.DataFrame) -> pd.DataFrame:
    """Returns the processes' predictions as one process would have written them."""
    if len(found) == 1:
        return found[0]
    place = pd.Series(np.arange(len(table)), index=table["id"])
    joined = pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)
    return joined.sort_values("id", key=lambda ids: ids.map(place), kind="stable").reset_index(
        drop=True
    )


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


def _flat(posterior: np.ndarray) -> np.ndarray:
    return posterior.reshape(-1, posterior.shape[-1])
