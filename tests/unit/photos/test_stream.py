"""Photos stream through: in order, broken ones too, boxes in the photo's own pixels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visage.finding.box import Box
from visage.photos.faces import FaceReader
from visage.photos.rows import PhotoFaces
from visage.photos.stream import read_faces

MakeModel = Callable[..., Any]
Grey = Callable[..., Path]


def read(paths: list[Path], model: Any, *, batch: int = 64, crop: str = "none") -> list[PhotoFaces]:
    reader = FaceReader(model, crop=crop, batch_size=batch)
    return [photo for group in read_faces(paths, reader, workers=2) for photo in group]


def test_rows_come_in_the_order_of_the_photos(make_model: MakeModel, grey: Grey) -> None:
    percents = [90, 10, 50, 70, 30]
    paths = [grey(f"{percent}.jpg", percent) for percent in percents]
    found = read(paths, make_model(resize="stretch"), batch=2)
    assert [photo.path for photo in found] == paths
    assert [photo.faces[0].age for photo in found] == pytest.approx(percents, abs=0.5)


def test_a_broken_photo_is_a_result_and_not_the_end(make_model: MakeModel, grey: Grey) -> None:
    bad = grey("bad.jpg")
    bad.write_bytes(b"no image")
    found = read([grey("a.jpg"), bad, bad.with_name("gone.jpg"), grey("b.jpg")], make_model())
    assert [photo.error for photo in found] == [None, "no image, 8 bytes", "no such file", None]


def test_a_reduced_photo_has_its_box_in_its_own_pixels(make_model: MakeModel, grey: Grey) -> None:
    (photo,) = read([grey("a.jpg", height=600, width=1000)], make_model(), crop="center")
    assert photo.faces[0].box == Box(200, 0, 800, 600)


def test_a_reduced_photo_ends_where_it_ends_on_both_axes(make_model: MakeModel, grey: Grey) -> None:
    (photo,) = read([grey("a.jpg", height=801, width=1000)], make_model(image_size=96))
    box = photo.faces[0].box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((0, 0, 1000, 801))


def test_the_model_gets_full_batches(make_model: MakeModel, grey: Grey) -> None:
    model = make_model()
    read([grey(f"{number}.jpg") for number in range(5)], model, batch=2)
    assert model.batches == [2, 2, 1]


def test_photos_without_faces_do_not_gather(make_model: MakeModel, grey: Grey) -> None:
    reader = FaceReader(make_model(), crop="face", batch_size=2)
    groups = list(read_faces([grey(f"{number}.jpg") for number in range(5)], reader, workers=1))
    assert [len(group) for group in groups] == [2, 2, 1]
    assert {photo.error for group in groups for photo in group} == {"no face found"}
