"""Annotated copies show where and what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from visage.files.places import PlaceError
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


def drawn(folder: Path, paths: list[Path]) -> tuple[Artist, list[str]]:
    """Returns who drew a face on each photo, and the names of the copies."""
    artist = Artist(folder, paths)
    artist.draw([PhotoFaces(path, [Face(Box(1, 1, 9, 9), 5.0)]) for path in paths])
    return artist, sorted(path.name for path in folder.iterdir())


def test_a_number_that_another_photo_has_in_its_name_is_not_given_again(
    tmp_path: Path, grey: Grey
) -> None:
    paths = [grey("x/a.jpg"), grey("y/a.jpg"), grey("z/a.jpg.1")]
    names = drawn(tmp_path / "drawn", paths)[1]
    assert names == ["a.jpg.1.1.jpg", "a.jpg.1.jpg", "a.jpg.jpg"]


def test_names_that_differ_in_case_alone_stay_apart_on_any_disk(tmp_path: Path, grey: Grey) -> None:
    names = drawn(tmp_path / "drawn", [grey("x/A.JPG"), grey("y/a.jpg")])[1]
    assert names == ["A.JPG.jpg", "a.jpg.1.jpg"]


def test_a_copy_never_replaces_a_photo(tmp_path: Path, grey: Grey) -> None:
    paths = [grey("p/a.jpg"), grey("p/a.jpg.jpg")]
    (tmp_path / "link").symlink_to(tmp_path / "p")
    for folder in ("p", "link"):
        with pytest.raises(PlaceError, match=r"would replace .*a.jpg.jpg; name another folder"):
            Artist(tmp_path / folder, paths)
    Artist(tmp_path / "p", paths[:1])


def test_a_file_in_the_folders_place_is_said_at_once(tmp_path: Path, grey: Grey) -> None:
    with pytest.raises(PlaceError, match=r"--draw .*a.jpg is no folder"):
        Artist(grey("a.jpg"), [tmp_path / "b.jpg"])


def test_a_photo_that_is_gone_meanwhile_is_left_out_and_counted(tmp_path: Path, grey: Grey) -> None:
    artist, names = drawn(tmp_path / "drawn", [tmp_path / "gone.jpg", grey("a.jpg")])
    assert names == ["a.jpg.jpg"]
    assert artist.n_gone == 1


def test_a_photo_too_wide_for_a_jpeg_is_drawn_smaller(tmp_path: Path) -> None:
    path, face = tmp_path / "wide.png", Face(Box(0, 0, 66_000, 40))
    cv2.imwrite(str(path), np.zeros((40, 66_000, 3), np.uint8))
    Artist(tmp_path / "drawn", [path]).draw([PhotoFaces(path, [face])])
    copy = read_photo(tmp_path / "drawn/wide.png.jpg")
    assert copy.shape == (40, 65_500, 3)
    assert copy[:, -1].mean() > 100
