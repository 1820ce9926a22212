"""One image from file to store: facts of good ones, faults of broken ones and missing ones."""

import errno
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from visage.codes import Reason
from visage.data import images
from visage.data.fault import Fault
from visage.data.images import CheckedImage, Form, check_image, read_original
from visage.files.jpeg import Image, decode, encode
from visage.preprocess.resize import stretch

Draw = Callable[..., Image]
Jpeg = Callable[..., bytes]


def checked(root: Path, path: str = "a.jpg") -> CheckedImage | Fault:
    return check_image(path, root=root, form=Form(stretch, size=32, jpeg_quality=95))


def check_content(root: Path, content: bytes) -> CheckedImage | Fault:
    (root / "a.jpg").write_bytes(content)
    return checked(root)


def in_format(image: Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(image).save(buffer, name, **options)
    return buffer.getvalue()


def test_facts_describe_the_original_file(tmp_path: Path, jpeg: Jpeg) -> None:
    content = jpeg(1, width=50, height=40)
    facts = check_content(tmp_path, content).facts
    assert (facts.width, facts.height) == (50, 40)
    assert facts.sha256 == hashlib.sha256(content).hexdigest()


def test_stored_image_is_the_resized_one(tmp_path: Path, jpeg: Jpeg) -> None:
    content = jpeg(1)
    expected = encode(stretch(decode(content), size=32), jpeg_quality=95)
    assert check_content(tmp_path, content).content == expected


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK"])
def test_every_colour_mode_becomes_rgb(tmp_path: Path, picture: Draw, mode: str) -> None:
    image = PIL.Image.fromarray(picture(1)).convert(mode)
    image.save(tmp_path / "a.jpg", "TIFF" if mode == "CMYK" else "PNG")
    assert decode(checked(tmp_path).content).shape == (32, 32, 3)


def test_red_stays_red(tmp_path: Path) -> None:
    red = np.zeros((40, 40, 3), np.uint8)
    red[..., 0] = 200
    stored = decode(check_content(tmp_path, in_format(red, "PNG")).content)
    assert np.abs(stored.mean(axis=(0, 1)) - [200, 0, 0]).max() < 3


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1)])
def test_tiny_and_thin_images_are_images(tmp_path: Path, size: tuple[int, int]) -> None:
    content = in_format(np.full((*size, 3), 99, np.uint8), "PNG")
    assert isinstance(check_content(tmp_path, content), CheckedImage)


HOSTILE = {
    "empty": b"",
    "one byte": b"\xff",
    "text": b"this is not a face" * 50,
    "zeros": bytes(5000),
    "html": b"<!doctype html><title>404</title>",
    "jpeg magic only": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "gif header": b"GIF89a" + bytes(30),
    "pdf": b"%PDF-1.7\n" + bytes(100),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_image_is_unreadable(tmp_path: Path, content: bytes) -> None:
    fault = check_content(tmp_path, content)
    assert fault == Fault(Reason.IMAGE_UNREADABLE, f"no image, {len(content)} bytes")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_truncated_image_is_unreadable(
    tmp_path: Path, picture: Draw, name: str, share: float
) -> None:
    content = in_format(picture(1, width=200, height=200), name)
    fault = check_content(tmp_path, content[: int(len(content) * share)])
    assert isinstance(fault, Fault)
    assert fault.reason is Reason.IMAGE_UNREADABLE


def test_truncated_progressive_jpeg_is_unreadable(tmp_path: Path, picture: Draw) -> None:
    content = in_format(picture(1, width=200, height=200), "JPEG", progressive=True)
    fault = check_content(tmp_path, content[:-200])
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")


def test_random_damage_never_crashes(tmp_path: Path, jpeg: Jpeg) -> None:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(60):
        content = bytearray(jpeg(1))
        for position in rng.integers(0, len(content), 20):
            content[position] = rng.integers(0, 256)
        found.append(check_content(tmp_path, bytes(content)))
    assert {type(one) for one in found} <= {CheckedImage, Fault}
    assert len(found) == 60


def test_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(images.MAX_FILE_BYTES + 1)  # sparse: takes no room
    fault = checked(tmp_path)
    assert fault.reason is Reason.IMAGE_UNREADABLE
    assert str(images.MAX_FILE_BYTES) in fault.value


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "absent.jpg",
        "folder",
        "pipe",
        "a\x00b.jpg",
        "x" * 5000,
        "a.jpg/b.jpg",
    ],
)
def test_what_is_no_file_below_the_root_is_missing(tmp_path: Path, jpeg: Jpeg, path: str) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    os.mkfifo(root / "pipe")
    (root / "a.jpg").write_bytes(jpeg(1))
    assert checked(root, path) == Fault(Reason.IMAGE_MISSING, path)


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES, errno.EMFILE])
@pytest.mark.parametrize("step", ["stat", "open"])
def test_an_image_that_is_there_and_cant_be_read_is_unreadable(
    tmp_path: Path, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1))

    def fail(*_given: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(Path, step, fail)
        found = checked(tmp_path)
    assert found == Fault(Reason.IMAGE_UNREADABLE, os.strerror(number))


def test_link_inside_the_root_is_followed(tmp_path: Path, jpeg: Jpeg) -> None:
    (tmp_path / "real.jpg").write_bytes(jpeg(1))
    (tmp_path / "a.jpg").symlink_to("real.jpg")
    assert isinstance(checked(tmp_path), CheckedImage)


@pytest.mark.parametrize(("width", "height"), [(400, 300), (300, 400), (257, 259)])
def test_a_large_jpeg_is_decoded_smaller_and_keeps_its_facts(
    tmp_path: Path, jpeg: Callable[..., bytes], width: int, height: int
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1, width=width, height=height))
    small, whole = (read_original("a.jpg", root=tmp_path, side=side) for side in (32, None))
    assert min(small.image.shape[:2]) < 0.51 * min(width, height)
    assert (small.facts.width, small.facts.height) == (width, height) == whole.image.shape[1::-1]
    first, second = (int(one.facts.phash, 16) for one in (small, whole))
    assert (first ^ second).bit_count() <= 4


def test_a_turned_jpeg_that_is_decoded_smaller_has_its_size_as_displayed(
    tmp_path: Path, jpeg: Callable[..., bytes]
) -> None:
    with PIL.Image.open(io.BytesIO(jpeg(1, width=400, height=300))) as image:
        exif = image.getexif()
        exif[0x0112] = 6  # turned by a quarter
        image.save(tmp_path / "a.jpg", exif=exif)
    small = read_original("a.jpg", root=tmp_path, side=32)
    assert (small.facts.width, small.facts.height) == (300, 400)
    assert small.image.shape[0] > small.image.shape[1]


def test_a_truncated_jpeg_is_found_when_it_is_decoded_smaller(
    tmp_path: Path, jpeg: Callable[..., bytes]
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1, width=400, height=300)[:-600])
    assert read_original("a.jpg", root=tmp_path, side=32) == Fault(
        Reason.IMAGE_UNREADABLE, "truncated or broken"
    )


def test_a_face_that_is_cut_out_is_what_is_stored(tmp_path: Path, jpeg: Jpeg) -> None:
    content = jpeg(1, width=64, height=64)
    (tmp_path / "a.jpg").write_bytes(content)
    form = Form(stretch, size=16, jpeg_quality=95, align=lambda image: image[:32, :32])
    expected = encode(stretch(decode(content)[:32, :32], size=16), jpeg_quality=95)
    stored = check_image("a.jpg", root=tmp_path, form=form)
    assert isinstance(stored, CheckedImage)
    assert stored.content == expected
    assert (stored.facts.width, stored.facts.height) == (64, 64)


def test_an_image_without_a_face_is_a_fault(tmp_path: Path, jpeg: Jpeg) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1, width=50, height=40))
    form = Form(stretch, size=16, jpeg_quality=95, align=lambda image: None)
    fault = check_image("a.jpg", root=tmp_path, form=form)
    assert fault == Fault(Reason.FACE_NOT_FOUND, "50 x 40")
