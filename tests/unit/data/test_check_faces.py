import cv2
import numpy as np
import pytest

from visage.data.album import SIDE, Pictures
from visage.data.check_faces import MIN_IMAGES, face_scores


def drawn_faces(n: int, *, seed: int = 0) -> Pictures:
    """Faces in outline: light ellipse, two eyes above a mouth, each a little elsewhere."""
    rng = np.random.default_rng(seed)
    faces = []
    for shift in rng.integers(-4, 5, (n, 2)):
        face = rng.integers(40, 90, (96, 96)).astype(np.uint8)
        x, y = 48 + shift
        cv2.ellipse(face, (int(x), int(y)), (30, 40), 0, 0, 360, 200, -1)
        for side in (-12, 12):
            cv2.circle(face, (int(x + side), int(y - 12)), 5, 50, -1)
        cv2.ellipse(face, (int(x), int(y + 18)), (12, 4), 0, 0, 360, 90, -1)
        faces.append(cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    return np.array(faces, dtype=np.uint8)


def textures(n: int) -> Pictures:
    noise = np.random.default_rng(9).integers(0, 256, (n, SIDE, SIDE)).astype(np.float32)
    soft = np.array([cv2.GaussianBlur(one, (0, 0), 2) for one in noise])
    return ((soft - soft.min()) * (255 / np.ptp(soft))).astype(np.uint8)


@pytest.fixture(scope="module")
def faces() -> Pictures:
    return drawn_faces(MIN_IMAGES + 100)


def test_few_ordinary_faces_are_named(faces: Pictures) -> None:
    scores = face_scores(faces)
    assert (scores < 0).mean() < 0.02
    assert np.median(scores) == pytest.approx(1, abs=0.1)


def test_planted_textures_are_found(faces: Pictures) -> None:
    scores = face_scores(np.concatenate([faces, textures(20)]))
    assert (scores[-20:] < 0).mean() > 0.8


def test_planted_faces_upside_down_are_found(faces: Pictures) -> None:
    scores = face_scores(np.concatenate([faces, drawn_faces(20, seed=4)[:, ::-1]]))
    assert (scores[-20:] < 0).mean() > 0.8


def test_too_few_pictures_have_no_score() -> None:
    assert np.isnan(face_scores(drawn_faces(MIN_IMAGES - 1))).all()


def test_the_same_pictures_have_the_same_scores(faces: Pictures) -> None:
    np.testing.assert_array_equal(face_scores(faces), face_scores(faces))


def test_pictures_without_contrast_have_a_finite_score(faces: Pictures) -> None:
    flat = np.full((3, SIDE, SIDE), 80, np.uint8)
    assert np.isfinite(face_scores(np.concatenate([faces, flat]))).all()


def test_the_order_of_the_pictures_changes_no_score_where_they_have_ids(faces: Pictures) -> None:
    ids = [f"{number * 7919 % 1000:03d}" for number in range(len(faces))]
    order = np.random.default_rng(1).permutation(len(faces))
    found = face_scores(faces[order], ids=[ids[place] for place in order])
    np.testing.assert_allclose(found, face_scores(faces, ids=ids)[order], atol=1e-9)
