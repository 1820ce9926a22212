"""The mean cosine to the nearest, against scikit-learn's search for neighbours."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from visage.inference.familiarity import (
    Familiarity,
    among,
    load_familiarity,
    save_familiarity,
    unit_vectors,
)
from visage.models.tensors import CheckpointError


def drawn(seed: int, rows: int, width: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.5, 1, (rows, width)).astype(np.float32)


@given(
    seed=st.integers(0, 2**32 - 2),
    n_known=st.integers(1, 30),
    nearest=st.integers(1, 30),
    scale=st.floats(0.01, 100),
)
def test_the_score_is_that_of_an_exact_search(
    seed: int, n_known: int, nearest: int, scale: float
) -> None:
    known, features = drawn(seed, n_known), drawn(seed + 1, 5) * np.float32(scale)
    used = min(nearest, n_known)
    found = Familiarity(unit_vectors(torch.from_numpy(known)), nearest=nearest)
    search = NearestNeighbors(n_neighbors=used, metric="cosine").fit(known)
    distances, _ = search.kneighbors(features)
    expected = 1 - distances.mean(axis=1)
    score = found(torch.from_numpy(features)).numpy()
    assert score == pytest.approx(expected, abs=1e-3)  # half precision has eleven bits


def test_what_lies_apart_is_less_familiar_than_the_known() -> None:
    known = drawn(1, 50) + 2
    score = Familiarity(unit_vectors(torch.from_numpy(known)), nearest=5)
    again, opposite = score(torch.from_numpy(known)), score(torch.from_numpy(-known))
    assert again.min() > opposite.max()


def test_known_faces_come_back_from_their_file(tmp_path: Path) -> None:
    kept = Familiarity(unit_vectors(torch.from_numpy(drawn(2, 6))), nearest=3)
    save_familiarity(tmp_path / "familiar.safetensors", kept)
    found = load_familiarity(tmp_path / "familiar.safetensors", width=8)
    assert found.known.dtype == torch.half
    features = torch.from_numpy(drawn(3, 4))
    assert torch.equal(found(features), kept(features))


def test_another_models_file_is_refused(tmp_path: Path) -> None:
    kept = Familiarity(unit_vectors(torch.from_numpy(drawn(2, 6))), nearest=3)
    save_familiarity(tmp_path / "familiar.safetensors", kept)
    with pytest.raises(CheckpointError, match="holds no 9 features a face"):
        load_familiarity(tmp_path / "familiar.safetensors", width=9)


def test_a_networks_tensors_hold_no_known_faces() -> None:
    assert among({"backbone.weight": torch.ones(1)}) is None
