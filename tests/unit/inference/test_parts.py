"""The tables of `infer`: each view of each image, at the size that the view asks for."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from visage.codes import Part
from visage.files.faces import FaceStore
from visage.files.paths import FAMILIAR, FAMILIARITY, PREDICTIONS
from visage.files.tables import read_table
from visage.inference.machine import machine
from visage.inference.parts import predict_parts
from visage.inference.torch_model import read_trained
from visage.preprocess.resize import to_model_size
from visage.schema import FAMILIARITY as FAMILIARITY_SCHEMA
from visage.schema import PREDICTIONS as PREDICTIONS_SCHEMA


@pytest.mark.parametrize(
    "names", [("identity", "hflip"), ("identity", "finer", "hflip", "finer_hflip")]
)
def test_each_view_is_a_row_at_its_own_size(
    names: tuple[str, ...],
    trained_folder: Path,
    store: FaceStore,
    labels: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = read_trained(trained_folder, view_names=None).network
    table = labels.assign(age_low=labels["age"], age_high=labels["age"])
    monkeypatch.chdir(tmp_path)

    def rows() -> Iterator[tuple[str, pd.DataFrame]]:
        yield Part.TEST, table.head(5)

    predict_parts(
        network,
        rows(),
        known=table.tail(12),
        nearest=3,
        stores={True: store, False: store},
        view_names=names,
        batch_size=4,
        machine=machine(),
    )
    found = read_table(PREDICTIONS / "test.parquet", PREDICTIONS_SCHEMA)
    assert found["view"].tolist() == list(names) * 5
    assert FAMILIAR.is_file()
    assert len(read_table(FAMILIARITY, FAMILIARITY_SCHEMA)) == 5
    for view, size in (("identity", 32), ("finer", 36)):
        images = np.stack([to_model_size(store.image(id_), size=size) for id_ in table["id"][:5]])
        with torch.inference_mode():
            features = network.features(torch.from_numpy(images).permute(0, 3, 1, 2))
            gender = network.from_features(features).gender
        assert gender is not None
        told = found.loc[found["view"] == view, "gender_probability"].to_numpy()
        if view in names:
            assert told == pytest.approx(gender.sigmoid().numpy(), abs=2e-3)  # twice smaller
