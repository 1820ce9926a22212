"""Pictures in a file are read by their places."""

import numpy as np

from visage.data.album import SIDE, Album
from visage.data.check_faces import face_scores


def test_pictures_come_back_in_the_order_asked_for() -> None:
    album = Album()
    pictures = np.random.default_rng(0).integers(0, 256, (5, SIDE, SIDE), dtype=np.uint8)
    for picture in pictures:
        album.append(picture.tobytes())
    places = np.array([4, 0, 0])
    assert len(album) == 5
    assert np.array_equal(album[places], pictures[places])
    assert album[places[:0]].shape == (0, SIDE, SIDE)


def test_scores_are_those_of_the_array() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (600, SIDE, SIDE), dtype=np.uint8)
    album = Album()
    for picture in pictures:
        album.append(picture.tobytes())
    assert np.array_equal(face_scores(album), face_scores(pictures))
