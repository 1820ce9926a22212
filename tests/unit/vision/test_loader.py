from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from visage.files.faces import FaceStore
from visage.vision.augment import augmentation
from visage.vision.dataset import Faces, faces
from visage.vision.decoded import DecodedFaces
from visage.vision.loader import batches, draw, in_order


@pytest.fixture
def data(store: FaceStore, labels: pd.DataFrame) -> Faces:
    return faces(store, labels, image_size=32)


def epoch(data: Faces, *, workers: int, number: int = 1) -> torch.Tensor:
    draws = draw(np.arange(1.0, 25.0), seed=7, epoch=number)
    read = batches(data, draws, batch_size=5, workers=workers, augment=augmentation("seed"))
    return torch.cat([batch.images for batch in read])


def test_workers_change_no_byte(data: Faces) -> None:
    assert torch.equal(epoch(data, workers=0), epoch(data, workers=2))


def test_epochs_differ(data: Faces) -> None:
    assert not torch.equal(epoch(data, workers=0), epoch(data, workers=0, number=2))


def test_two_draws_of_one_face_are_augmented_apart(data: Faces) -> None:
    draws = draw(np.array([1.0] + [1e-9] * 23), seed=1, epoch=1)
    read = batches(data, draws, batch_size=24, workers=0, augment=augmentation("seed"))
    images = next(iter(read)).images
    assert set(draws.order) == {0}
    assert len({image.numpy().tobytes() for image in images}) > 12


def test_images_come_with_their_own_labels(data: Faces, labels: pd.DataFrame) -> None:
    read = list(batches(data, in_order(data), batch_size=10, workers=0))
    assert [len(batch) for batch in read] == [10, 10, 4]
    ages = torch.cat([b.ages for b in read])
    assert ages[:, 0].tolist() == ages[:, 1].tolist() == pytest.approx(labels["age"].tolist())
    assert torch.cat([b.gender for b in read]).tolist() == labels["gender"].tolist()
    assert read[0].images.dtype == torch.uint8
    assert read[0].images.shape == (10, 3, 32, 32)


def test_equal_weights_draw_each_row_once() -> None:
    assert sorted(draw(np.ones(50), seed=1, epoch=1).order) == list(range(50))


def test_rows_are_drawn_in_proportion_to_their_weights() -> None:
    weights = np.repeat([1.0, 3.0], 5000)
    order = draw(weights, seed=1, epoch=1).order
    assert (order >= 5000).mean() == pytest.approx(0.75, abs=0.02)


def test_labels_that_are_not_there_are_told_apart(store: FaceStore, labels: pd.DataFrame) -> None:
    some = labels["id"].isin(["0", "5"])
    rows = labels.assign(
        age_low=labels["age_low"].where(some), gender=labels["gender"].astype("Int8").where(~some)
    )
    data = faces(store, rows, image_size=32)
    batch = next(batches(data, in_order(data), batch_size=24, workers=0))
    assert batch.has_age.tolist() == some.tolist()
    assert batch.has_gender.tolist() == (~some).tolist()


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("room", [0, 7 * 40 * 40 * 3, 10**6])
def test_decoded_images_change_no_byte(data: Faces, workers: int, room: int) -> None:
    kept = DecodedFaces(data.store, data.ids, room=room)
    for number in (1, 2):
        kept.refresh()
        read = epoch(replace(data, store=kept), workers=workers, number=number)
        assert torch.equal(read, epoch(data, workers=0, number=number))
