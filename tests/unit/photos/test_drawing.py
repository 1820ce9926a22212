"""Annotated copies show where and what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from visage.finding.box import Box
from visage.photos.drawing import COLOUR, Artist, annotated, caption
from visage.photos.faces import Face
from visage.photos.reading import read_photo
from visage.photos.rows import PhotoFaces

Grey = Callable[..., Path]
FACE = Face(Box(100, 120, 200, 260), 34.4, 28.1, 40.6, 0, 0.03)


def test_the_box_is_drawn_where_the_face_is() -> None:
    photo = np.zeros((400, 300, 3), np.uint8)
    drawn = annotated(photo, [FACE])
    assert photo.max() == 0
    assert tuple(drawn[260, 150]) == COLOUR
    assert tuple(drawn[190, 150]) == (0, 0, 0)


def test_the_caption_says_what_is_known() -> None:
    assert caption(2, FACE) == "2: 34 (28-41) F 97%"
    assert caption(0, Face(FACE.box, gender=1, gender_probability=0.8)) == "0: M 80%"


def test_an_unfamiliar_face_is_marked() -> None:
    assert caption(2, replace(FACE, unfamiliar=True)) == "2: 34 (28-41) F 97% ?"
    assert caption(2, replace(FACE, unfamiliar=False)) == caption(2, FACE)


def test_a_caption_at_the_edges_stays_in_the_photo() -> None:
    drawn = annotated(np.zeros((60, 200, 3), np.uint8), [Face(Box(180, 0, 230, 50), 1.0)])
    assert (drawn[:, 100:180] == COLOUR).all(axis=2).any()


def test_photos_with_equal_names_are_both_written_and_those_without_a_face_are_not(
    tmp_path: Path, grey: Grey
) -> None:
    paths = [grey("a/x.jpg"), grey("b/x.jpg"), grey("c/y.jpg")]
    box = Face(Box(1, 1, 9, 9), 5.0)
    artist = Artist(tmp_path / "drawn", paths)
    artist.draw([PhotoFaces(paths[0], [box]), PhotoFaces(paths[1], [box]), PhotoFaces(paths[2])])
    assert sorted(p.name for p in (tmp_path / "drawn").iterdir()) == ["x.jpg.1.jpg", "x.jpg.jpg"]
    assert read_photo(tmp_path / "drawn/x.jpg.jpg").shape == (40, 60, 3)
