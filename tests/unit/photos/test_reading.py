"""A photo is an upright RGB image, or a reason."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from visage.files.jpeg import encode
from visage.photos.reading import PhotoError, decode_photo, read_photo

Grey = Callable[..., Path]


def test_a_photo_is_read_from_a_file_and_from_bytes(grey: Grey) -> None:
    path = grey("a.jpg", height=20, width=30)
    assert read_photo(path).shape == (20, 30, 3)
    assert np.array_equal(read_photo(path), read_photo(path.read_bytes()))


def test_a_rotated_photo_comes_upright(tmp_path: Path) -> None:
    image = PIL.Image.new("RGB", (30, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # turned by a quarter
    image.save(tmp_path / "a.jpg", exif=exif)
    assert read_photo(tmp_path / "a.jpg").shape == (30, 20, 3)


def test_a_reduced_photo_knows_its_own_size() -> None:
    content = encode(np.zeros((800, 1200, 3), np.uint8), jpeg_quality=90)
    decoded = decode_photo(content, side=100)
    assert (decoded.width, decoded.height) == (1200, 800)
    assert decoded.image.shape == (100, 150, 3)


@pytest.mark.parametrize("content", [b"", b"no image", b"\xff\xd8\xff"])
def test_what_is_no_image_is_refused_with_the_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(PhotoError, match="no image|broken"):
        read_photo(path)


def test_a_truncated_photo_is_refused(grey: Grey) -> None:
    path = grey("a.jpg", height=300, width=300)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(PhotoError, match="truncated or broken"):
        read_photo(path)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, reason in {
        "no": "no such file",
        "folder": "not a file",
        "pipe": "not a file",
    }.items():
        with pytest.raises(PhotoError, match=reason):
            read_photo(tmp_path / name)


def test_too_many_bytes_are_refused_before_they_are_read(grey: Grey) -> None:
    with pytest.raises(PhotoError, match=r"\d+ bytes, the limit is 10; make it smaller"):
        read_photo(grey("a.jpg"), max_bytes=10)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_too_many_pixels_are_refused_before_they_are_decoded(form: str) -> None:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (50, 30)).save(buffer, form)
    assert read_photo(buffer.getvalue(), max_pixels=1500).shape == (30, 50, 3)
    with pytest.raises(PhotoError, match="50 x 30 pixels, the limit is 1499; make it smaller"):
        read_photo(buffer.getvalue(), max_pixels=1499)
