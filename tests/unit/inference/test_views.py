"""Each view against a closed form: on a ramp, cutting, moving and bilinear resizing are exact."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional

from visage.export.artefact import read_artefact
from visage.export.formats.onnx import write
from visage.files.faces import FaceStore
from visage.inference.face_model import FaceModelError, load_face_model
from visage.inference.seeing import at_side, pictures, views
from visage.inference.sizes import given_size
from visage.preprocess.resize import to_model_size
from visage.registry import members

NAMES = members("visage.inference.views")
SIDE, INSIDE, BY = 40, 36, 2  # 40 / 1.1, and 0.05 of 40, in whole pixels
MIRRORED = [
    ("crop_top_left", "crop_top_right"),
    ("crop_bottom_left", "crop_bottom_right"),
    ("shift_left", "shift_right"),
]


def seen(name: str, images: Tensor) -> Tensor:
    (view,) = views([name])
    return view.see(images)


@pytest.fixture
def images() -> Tensor:
    generator = torch.Generator().manual_seed(5)
    return torch.randint(0, 256, (2, 3, SIDE, SIDE), dtype=torch.uint8, generator=generator)


@pytest.fixture
def ramp() -> Tensor:
    """Returns an image whose level is 100 at the top left, 2 more a column, 3 more a row."""
    place = torch.arange(SIDE, dtype=torch.float32)
    levels = 100 + 2 * place[None, :] + 3 * place[:, None]
    return levels.expand(1, 3, SIDE, SIDE)


@pytest.mark.parametrize("name", NAMES)
def test_a_view_has_the_image_s_size_and_range(name: str, images: Tensor) -> None:
    found = seen(name, images).float()
    assert found.shape == images.shape
    assert found.min() >= 0
    assert found.max() <= 255


@pytest.mark.parametrize("name", NAMES)
def test_bytes_and_levels_are_seen_alike(name: str, images: Tensor) -> None:
    assert torch.equal(seen(name, images).float(), seen(name, images.float()))


@pytest.mark.parametrize("name", NAMES)
def test_no_frame_of_another_colour_appears(name: str) -> None:
    grey = torch.full((1, 3, SIDE, SIDE), 90, dtype=torch.uint8)
    assert torch.allclose(seen(name, grey).float(), torch.tensor(90.0), atol=1e-4)


@pytest.mark.parametrize(("one", "other"), MIRRORED)
def test_left_is_right_of_the_mirror_image(one: str, other: str, images: Tensor) -> None:
    assert torch.allclose(seen(one, images), seen(other, images.flip(-1)).flip(-1), atol=1e-3)


@pytest.mark.parametrize(
    ("name", "top", "left"),
    [
        ("zoom_in", 2, 2),
        ("crop_top_left", 0, 0),
        ("crop_top_right", 0, 4),
        ("crop_bottom_left", 4, 0),
        ("crop_bottom_right", 4, 4),
    ],
)
def test_a_part_is_enlarged_to_the_whole(name: str, top: int, left: int, ramp: Tensor) -> None:
    place = ((torch.arange(SIDE) + 0.5) * INSIDE / SIDE - 0.5).clamp(0, INSIDE - 1)
    expected = 100 + 2 * (left + place)[None, :] + 3 * (top + place)[:, None]
    assert torch.allclose(seen(name, ramp)[0, 0], expected, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "down", "right"),
    [
        ("shift_left", 0, -BY),
        ("shift_right", 0, BY),
        ("shift_up", -BY, 0),
        ("shift_down", BY, 0),
    ],
)
def test_a_shift_moves_and_mirrors_at_the_edge(
    name: str, down: int, right: int, ramp: Tensor
) -> None:
    rows, columns = (np.arange(SIDE) - by for by in (down, right))
    inside = [SIDE - 1 - abs(SIDE - 1 - abs(place)) for place in (rows, columns)]
    expected = ramp[0, 0][inside[0]][:, inside[1]]
    assert torch.equal(seen(name, ramp)[0, 0], expected)


def test_a_smaller_image_stands_in_the_middle(ramp: Tensor) -> None:
    place = (torch.arange(INSIDE) + 0.5) * SIDE / INSIDE - 0.5
    expected = 100 + 2 * place[None, :] + 3 * place[:, None]
    found = seen("zoom_out", ramp)[0, 0]
    assert torch.allclose(found[2:38, 2:38], expected, atol=1e-3)
    assert torch.equal(found[1], found[3])


@pytest.mark.parametrize("image_size", [20, 32, 40])
def test_each_view_is_given_its_own_size(image_size: int, images: Tensor) -> None:
    names = ["identity", "finer", "hflip", "finer_hflip"]
    finer = given_size(names, image_size=image_size)
    assert finer == {20: 22, 32: 36, 40: 45}[image_size]
    faces = functional.resize(images, [finer, finer])
    plain, larger, mirrored, other = pictures(faces, views(names), image_size=image_size)
    assert torch.equal(larger, faces)
    assert torch.equal(other, faces.flip(-1))
    assert plain.shape[-2:] == (image_size, image_size)
    assert torch.allclose(mirrored, plain.flip(-1), atol=1e-3)


def test_faces_come_to_the_model_s_size_as_numpy_s_do(images: Tensor) -> None:
    found = at_side(images, side=32).permute(0, 2, 3, 1).numpy()
    expected = [to_model_size(image.permute(1, 2, 0).numpy(), size=32) for image in images]
    assert np.abs(found - np.stack(expected)).max() < 1  # whole levels there


def test_views_of_one_size_ask_for_no_more(images: Tensor) -> None:
    assert given_size(["identity", "hflip", "zoom_in"], image_size=SIDE) == SIDE
    (same,) = pictures(images, views(["identity"]), image_size=SIDE)
    assert same is images


@pytest.mark.parametrize("names", [["identity", "finer"], ["finer_hflip"], ["finer", "identity"]])
def test_an_exported_file_sees_faces_finer(
    names: list[str], trained_folder: Path, store: FaceStore, tmp_path: Path
) -> None:
    finer = np.stack([store.image(id_)[:36, :36] for id_ in store.ids])
    write(read_artefact(trained_folder, view_names=names), tmp_path / "model.onnx")
    expected = load_face_model(trained_folder, views=names)
    found = load_face_model(tmp_path / "model.onnx", views=names)
    assert (expected.facts.image_size, found.facts.image_size) == (36, 36)
    assert found(finer).age == pytest.approx(expected(finer).age, abs=1e-4)
    with pytest.raises(FaceModelError, match="faces of 32 pixels, and this model with its views"):
        expected(finer[:, :32, :32])
    assert found(finer).familiarity == pytest.approx(expected(finer).familiarity, abs=1e-4)


def test_an_exported_file_holds_the_views_that_it_names(
    trained_folder: Path, pixels: np.ndarray, tmp_path: Path
) -> None:
    names = ["identity", "zoom_out", "shift_left", "crop_bottom_right"]
    write(read_artefact(trained_folder, view_names=names), tmp_path / "model.onnx")
    expected = load_face_model(trained_folder, views=names)(pixels)
    found = load_face_model(tmp_path / "model.onnx", views=names)(pixels)
    assert found.age == pytest.approx(expected.age, abs=1e-4)
    assert found.male_probability == pytest.approx(expected.male_probability, abs=1e-5)
    without = load_face_model(trained_folder, views=["identity"])(pixels)
    assert np.abs(found.age - without.age).max() > 1e-3  # ten times the tolerance
