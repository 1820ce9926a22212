"""Hostile image files, by name: each is read as it looks, or set aside with its reason."""

import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest
from PIL import features

from visage.codes import Reason
from visage.data import decoding
from visage.data.decoding import Decoded, decode_original
from visage.data.fault import Fault
from visage.data.images import CheckedImage, Form, check_image
from visage.data.jpeg_header import MAX_MARKERS, MAX_SCANNED, SCAN_START
from visage.data.pixels import MAX_PIXELS, VARIABLE
from visage.files.jpeg import Image, decode
from visage.preprocess.resize import stretch

Jpeg = Callable[..., bytes]
COLOUR = (200, 100, 30)
SIZE = 32
CHECKOUT = Path(__file__).resolve().parents[3]
UPRIGHT = np.zeros((40, 60, 3), np.uint8)  # white above left, red above right, black below
UPRIGHT[:20, :30] = 255
UPRIGHT[:20, 30:, 0] = 255


def checked(root: Path, path: str = "a.jpg") -> CheckedImage | Fault:
    return check_image(path, root=root, form=Form(stretch, size=SIZE, jpeg_quality=95))


def check_content(root: Path, content: bytes) -> CheckedImage | Fault:
    (root / "a.jpg").write_bytes(content)
    return checked(root)


def stored(root: Path, content: bytes) -> Image:
    found = check_content(root, content)
    assert isinstance(found, CheckedImage), found
    return decode(found.content)


def plain(mode: str = "RGB") -> PIL.Image.Image:
    return PIL.Image.new("RGB", (40, 40), COLOUR).convert(mode)


def saved(image: PIL.Image.Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Returns a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_000, 12_000, 20_000, 2**31 - 1])
def test_decompression_bomb_is_refused_from_its_header_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    monkeypatch.setattr(decoding.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    fault = check_content(tmp_path, png_claiming(side, side))
    assert fault.reason is Reason.IMAGE_UNREADABLE
    assert f"the limit is {MAX_PIXELS}" in fault.value


def frame(side: int) -> bytes:
    """Returns a JPEG's marker, length and head of a grey frame of `side` pixels each way."""
    return b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\x00"


def comment(content: bytes) -> bytes:
    return b"\xff\xfe" + struct.pack(">H", 2 + len(content)) + content


def jpeg_claiming(side: int, *, before: bytes = b"") -> bytes:
    """Returns a JPEG of 64 pixels whose frame says `side`, with bytes behind its first marker."""
    content = saved(PIL.Image.new("L", (64, 64)), "JPEG").replace(frame(64), frame(side))
    return content[:2] + before + content[2:]


# A frame of 64 pixels stands where the decoder does not look. Read as a marker's kind, the fill
# byte makes FE00 a length, at whose end that frame comes.
BEHIND_A_FILL_BYTE = b"\xff" + comment(b"") + comment(bytes(0xFE00 - 7) + frame(64))
BEFORE_THE_FRAME = {
    "fill byte": BEHIND_A_FILL_BYTE,
    "many fill bytes": b"\xff" * 9 + comment(frame(64)),
    "marker without a length": b"\xff\x01" + comment(frame(64)),
    "restart marker": b"\xff\xd0" + comment(frame(64)),
    "junk between markers": comment(b"") + b"\x00" * 5 + comment(frame(64)),
}


@pytest.mark.parametrize("before", BEFORE_THE_FRAME.values(), ids=BEFORE_THE_FRAME)
def test_jpeg_bomb_is_refused_from_its_header_whatever_stands_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    monkeypatch.setattr(decoding.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    fault = check_content(tmp_path, jpeg_claiming(9_100, before=before))
    assert fault.reason is Reason.IMAGE_UNREADABLE
    assert fault.value == f"9100 x 9100 pixels, the limit is {MAX_PIXELS}"


@pytest.mark.parametrize("before", BEFORE_THE_FRAME.values(), ids=BEFORE_THE_FRAME)
def test_what_stands_before_a_frame_hides_no_good_image(tmp_path: Path, before: bytes) -> None:
    facts = check_content(tmp_path, jpeg_claiming(64, before=before)).facts
    assert (facts.width, facts.height) == (64, 64)


@pytest.mark.parametrize("side", [None, 32])
def test_an_image_that_is_not_as_large_as_its_header_says_is_refused(
    monkeypatch: pytest.MonkeyPatch, jpeg: Jpeg, side: int | None
) -> None:
    monkeypatch.setattr(decoding, "jpeg_size", lambda _: (64, 64))
    fault = decode_original(jpeg(1, width=400, height=300), side=side)
    assert isinstance(fault, Fault)
    assert fault.value.startswith("64 x 64 pixels in its header, ")


def many_scans(count: int, *, side: int, between: bytes = b"", behind: bytes = b"") -> bytes:
    """Returns a progressive JPEG whose last scan comes `count` times more."""
    content = saved(PIL.Image.new("L", (side, side), 90), "JPEG", progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + (between + last) * count + content[-2:] + behind


BEFORE_EACH_SCAN = {
    "nothing": b"",
    "an end in a comment": comment(b"\xff\xd9"),
    "fill bytes": b"\xff" * 3,
    "a marker without a length": b"\xff\xd0",
}


@pytest.mark.parametrize("between", BEFORE_EACH_SCAN.values(), ids=BEFORE_EACH_SCAN)
def test_jpeg_of_endless_scans_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch, between: bytes
) -> None:
    monkeypatch.setattr(decoding.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    fault = decode_original(many_scans(2_000, side=1_000, between=between))
    assert isinstance(fault, Fault)
    assert fault.value == "more than 1584 scans, a photo has about 10; save it anew"


def test_tiny_jpeg_of_endless_scans_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    assert isinstance(decode_original(many_scans(200_000, side=8)), Fault)


def test_jpeg_of_endless_markers_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    empty = comment(b"") * MAX_MARKERS + comment(b"\xff\xda" * 2_000)
    assert isinstance(decode_original(many_scans(1, side=1_000, between=empty)), Fault)


def test_film_behind_a_photo_counts_for_no_scan() -> None:
    content = many_scans(0, side=1_000, behind=b"\xff\xda" * 5_000)
    assert isinstance(decode_original(content), Decoded)


def test_progressive_photo_at_the_limit_of_pixels_may_have_its_scans() -> None:
    assert MAX_SCANNED // (MAX_PIXELS + SCAN_START) > 15


@pytest.mark.parametrize("start", ["import stages", "from visage.cli.main import app; app(['x'])"])
def test_opencv_itself_keeps_to_the_limit_where_visage_starts(start: str) -> None:
    lines = f"""
import contextlib, sys
assert "cv2" not in sys.modules
with contextlib.suppress(SystemExit):
    {start}
import cv2, numpy
cv2.imdecode(numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8), cv2.IMREAD_COLOR)
"""
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    environment["PYTHONPATH"] = f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}"
    done = subprocess.run(
        [sys.executable, "-c", lines],
        input=jpeg_claiming(9_100),
        env=environment,
        capture_output=True,
        check=False,
    )
    assert b"MAX_IMAGE_PIXELS" in done.stderr


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_jpeg_whose_tail_is_zeros_is_unreadable(tmp_path: Path, jpeg: Jpeg, share: float) -> None:
    content = jpeg(1, width=200, height=200)
    kept = int(len(content) * share)
    fault = check_content(tmp_path, content[:kept] + bytes(len(content) - kept))
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")


def test_truncated_png_with_transparency_is_unreadable(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 4), dtype=np.uint8)
    fault = check_content(tmp_path, saved(PIL.Image.fromarray(noise), "PNG")[:-500])
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")


BROKEN_EXIF = {
    "BigTIFF": b"II\x2b\x00" + bytes(12),
    "cut after 4 bytes": b"II\x2a\x00",
    "cut after 7 bytes": b"MM\x00\x2a\x00\x00\x00",
    "no TIFF": b"no TIFF at all",
}


@pytest.mark.parametrize("exif", BROKEN_EXIF.values(), ids=BROKEN_EXIF)
def test_transparent_png_with_broken_exif_is_unreadable(tmp_path: Path, exif: bytes) -> None:
    content = saved(plain("RGBA"), "PNG")
    header = len(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)))
    fault = check_content(tmp_path, content[:header] + chunk(b"eXIf", exif) + content[header:])
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_random_damage_of_a_transparent_image_never_crashes(tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(0)
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    whole = saved(half_transparent("RGBA"), name, exif=exif)
    found = []
    for number in range(200):
        content = bytearray(whole)
        for position in rng.integers(0, len(content), 1 + number % 5):
            content[position] = rng.integers(0, 256)
        found.append(check_content(tmp_path, mended(bytes(content))))
    assert {type(one) for one in found} == {CheckedImage, Fault}


def mended(content: bytes) -> bytes:
    """Returns a PNG whose checksums are right again, as who builds a hostile one makes them."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return content
    at, chunks = 8, [content[:8]]
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        chunks.append(chunk(content[at + 4 : at + 8], content[at + 8 : end]))
        at = end + 4
    return b"".join(chunks)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_other_format_named_jpg_is_read_by_its_content(tmp_path: Path, name: str) -> None:
    options = {"lossless": True} if name == "WEBP" else {}
    image = plain("P") if name == "GIF" else plain()
    mean = stored(tmp_path, saved(image, name, **options)).mean(axis=(0, 1))
    assert np.abs(mean - COLOUR).max() < 5


@pytest.mark.parametrize("marker", [True, False], ids=["Adobe marker", "no marker"])
def test_cmyk_jpeg_keeps_its_colours(tmp_path: Path, marker: bool) -> None:
    content = saved(plain("CMYK"), "JPEG", quality=95)
    assert content[2:4] == b"\xff\xee", "Pillow writes the Adobe marker first"
    mean = stored(tmp_path, content if marker else content[:2] + content[18:]).mean(axis=(0, 1))
    assert np.abs(mean - COLOUR).max() < 5


@pytest.mark.parametrize("name", [".png", ".tiff"])
def test_16_bit_colours_are_scaled_to_8(tmp_path: Path, name: str) -> None:
    deep = np.full((40, 40, 3), COLOUR[::-1], np.uint16) * 257
    done, content = cv2.imencode(name, deep)
    assert done
    assert np.abs(stored(tmp_path, content.tobytes()).mean(axis=(0, 1)) - COLOUR).max() < 3


@pytest.mark.parametrize("value", [1_000, 40_000, 65_535])
def test_16_bit_grey_is_scaled_to_8(tmp_path: Path, value: int) -> None:
    deep = PIL.Image.fromarray(np.full((40, 40), value, np.uint16))
    assert abs(stored(tmp_path, saved(deep, "PNG")).mean() - value / 257) < 2


@pytest.mark.parametrize("name", ["PNG", "JPEG"])
def test_grey_becomes_three_equal_channels(tmp_path: Path, name: str) -> None:
    found = stored(tmp_path, saved(PIL.Image.new("L", (40, 40), 90), name))
    assert np.abs(found.astype(int) - 90).max() < 3


def half_transparent(mode: str) -> PIL.Image.Image:
    """Returns the plain colour, its lower half transparent though the colour is still there."""
    image = plain()
    image.putalpha(PIL.Image.fromarray(np.repeat(np.uint8([255, 0]), 20)[:, None].repeat(40, 1)))
    return image.quantize(4) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "name"), [("RGBA", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")]
)
def test_what_is_transparent_becomes_black(tmp_path: Path, mode: str, name: str) -> None:
    options = {"lossless": True, "exact": True} if name == "WEBP" else {}
    found = stored(tmp_path, saved(half_transparent(mode), name, **options))
    expected = np.array(plain("L").convert("RGB") if mode == "LA" else plain())[0, 0]
    assert found[20:].max() < 8
    assert np.abs(found[2:12].mean(axis=(0, 1)) - expected).max() < 5


def test_half_opaque_pixel_is_half_as_bright(tmp_path: Path) -> None:
    image = PIL.Image.new("RGBA", (40, 40), (200, 100, 30, 128))
    mean = stored(tmp_path, saved(image, "PNG")).mean(axis=(0, 1))
    assert np.abs(mean - [100, 50, 15]).max() < 3


def on_black_by_pillow(content: bytes) -> Image:
    image = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(content))).convert("RGBA")
    black = PIL.Image.new("RGBA", image.size, "black")
    return np.array(PIL.Image.alpha_composite(black, image).convert("RGB"))


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_every_colour_at_every_opacity_is_what_pillow_composites(
    mode: str, orientation: int
) -> None:
    colour, opacity = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    pixels = np.stack([colour, 255 - colour, colour // 2, opacity], -1)
    image = PIL.Image.fromarray(pixels)
    image = image.quantize(256) if mode == "P" else image.convert(mode)
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    content = saved(image, "PNG", exif=exif)
    found = decode_original(content)
    assert isinstance(found, Decoded)
    assert np.array_equal(found.image, on_black_by_pillow(content))


TURNED = {
    1: UPRIGHT,
    2: UPRIGHT[:, ::-1],
    3: UPRIGHT[::-1, ::-1],
    4: UPRIGHT[::-1],
    5: UPRIGHT.transpose(1, 0, 2),
    6: np.rot90(UPRIGHT, 1),
    7: np.rot90(UPRIGHT, 2).transpose(1, 0, 2),
    8: np.rot90(UPRIGHT, -1),
}


def skip_without(name: str) -> None:
    if name == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "transparent PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", TURNED)
def test_rotation_is_applied_once(tmp_path: Path, orientation: int, name: str) -> None:
    skip_without(name)
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    image = PIL.Image.fromarray(np.ascontiguousarray(TURNED[orientation]))
    image = image.convert("RGBA") if "transparent" in name else image
    content = saved(image, name.removeprefix("transparent "), exif=exif)
    facts = check_content(tmp_path, content).facts
    upright = stretch(UPRIGHT, size=SIZE).astype(int)
    assert (facts.width, facts.height) == (60, 40)
    assert np.abs(stored(tmp_path, content) - upright).mean() < 10


def test_truncated_avif_that_is_turned_is_unreadable(tmp_path: Path) -> None:
    skip_without("AVIF")
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    content = saved(PIL.Image.fromarray(UPRIGHT), "AVIF", exif=exif)
    fault = check_content(tmp_path, content[:-50])
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "truncated or broken")


@pytest.mark.parametrize("orientation", [0, 9, 60_000])
def test_orientation_that_exif_does_not_know_turns_nothing(
    tmp_path: Path, orientation: int
) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    facts = check_content(tmp_path, saved(PIL.Image.fromarray(UPRIGHT), "JPEG", exif=exif)).facts
    assert (facts.width, facts.height) == (60, 40)


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_tiff_of_32_bits_is_called_what_it_is(tmp_path: Path, kind: type) -> None:
    fault = check_content(tmp_path, saved(PIL.Image.fromarray(np.ones((40, 60), kind)), "TIFF"))
    assert fault == Fault(Reason.IMAGE_UNREADABLE, "32 bits a channel; save it with 8 or 16")


def test_empty_file_is_unreadable(tmp_path: Path) -> None:
    assert check_content(tmp_path, b"") == Fault(Reason.IMAGE_UNREADABLE, "no image, 0 bytes")


@pytest.fixture
def root(tmp_path: Path, jpeg: Jpeg) -> Path:
    """Returns a root beside which lies a good image."""
    (tmp_path / "root/folder").mkdir(parents=True)
    (tmp_path / "outside.jpg").write_bytes(jpeg(1))
    (tmp_path / "root/a.jpg").write_bytes(jpeg(1))
    return tmp_path / "root"


@pytest.mark.parametrize("path", ["../outside.jpg", "folder/../../outside.jpg", "folder/../a.jpg"])
def test_path_that_goes_up_is_outside(root: Path, path: str) -> None:
    assert checked(root, path) == Fault(Reason.IMAGE_OUTSIDE, path)


def test_absolute_path_is_outside_wherever_it_leads(root: Path) -> None:
    assert checked(root, f"{root}/a.jpg") == Fault(Reason.IMAGE_OUTSIDE, f"{root}/a.jpg")


def test_path_that_goes_up_through_a_link_is_outside(root: Path) -> None:
    (root / "up").symlink_to(root.parent)
    assert checked(root, "up/root/../outside.jpg").reason is Reason.IMAGE_OUTSIDE


def test_links_are_the_users_own_and_followed(root: Path) -> None:
    (root / "link.jpg").symlink_to("../outside.jpg")
    assert isinstance(checked(root, "link.jpg"), CheckedImage)


def test_root_may_be_a_link_itself(root: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(root)
    assert isinstance(checked(tmp_path / "linked"), CheckedImage)


@pytest.mark.parametrize("path", ["loop.jpg", "there.jpg", "loop.jpg/a.jpg"])
def test_links_in_a_circle_are_missing(root: Path, path: str) -> None:
    (root / "loop.jpg").symlink_to("loop.jpg")
    (root / "there.jpg").symlink_to("back.jpg")
    (root / "back.jpg").symlink_to("there.jpg")
    assert checked(root, path) == Fault(Reason.IMAGE_MISSING, path)


def test_folder_that_links_to_itself_is_walked_and_ends(root: Path) -> None:
    (root / "self").symlink_to(".")
    assert isinstance(checked(root, "self/" * 3 + "a.jpg"), CheckedImage)
