"""A pinned root: what changed in it is an error that names it, found by ingest itself."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.data.images import Form
from visage.data.intake import Intake
from visage.data.labels import Rules
from visage.data.pinned import verifier
from visage.data.screening import screen
from visage.data.source import read_source
from visage.files.pins import PinError, make_pin, write_pin
from visage.params.data import Data
from visage.preprocess.resize import stretch

Jpeg = Callable[..., bytes]
PIN = Path("pins/faces.sha256")


@pytest.fixture
def faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jpeg: Jpeg) -> Path:
    """Returns a pinned data set of two images and a table; the working folder holds the pin."""
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "elsewhere"
    root.mkdir()
    (root / "train.csv").write_text("id,full_path,gender,age\n1,a.jpg,0,20\n2,./b.jpg,1,30\n")
    for number, name in enumerate("ab"):
        (root / f"{name}.jpg").write_bytes(jpeg(number))
    write_pin(PIN, make_pin(root, name="faces", trust_times=True))
    return root


@pytest.fixture
def ingest(data_section: Callable[..., Data]) -> Callable[[], list[str]]:
    """Returns a function that takes the pinned images in and returns the accepted ids."""

    def take() -> list[str]:
        source = read_source(data_section(PIN))
        screened = screen(source, rules=Rules(age_max=100))
        form = Form(stretch, size=16, jpeg_quality=95)
        intake = Intake(source.root, form, verify=verifier(str(PIN)))
        return [id_ for id_, _ in intake.faces(screened.labelled)]

    return take


def test_untouched_folder_is_taken_in(faces: Path, ingest: Callable[[], list[str]]) -> None:
    assert ingest() == ["1", "2"]


@pytest.mark.parametrize("name", ["a.jpg", "b.jpg", "train.csv"])
def test_changed_file_is_named_with_the_remedy(
    faces: Path, ingest: Callable[[], list[str]], jpeg: Jpeg, name: str
) -> None:
    content = (faces / name).read_bytes()
    (faces / name).write_bytes(jpeg(9) if name.endswith("jpg") else content.replace(b"30", b"31"))
    with pytest.raises(PinError, match=f"changed: {name}.*visage data pin {faces} --name faces"):
        ingest()


def test_image_that_broke_is_a_change_not_a_rejection(
    faces: Path, ingest: Callable[[], list[str]]
) -> None:
    (faces / "b.jpg").write_bytes(b"no image")
    with pytest.raises(PinError, match="changed: b.jpg"):
        ingest()


def test_new_file_is_named(faces: Path, ingest: Callable[[], list[str]]) -> None:
    (faces / "deep").mkdir()
    (faces / "deep/c.jpg").write_bytes(b"")
    with pytest.raises(PinError, match="new: deep/c.jpg"):
        ingest()


def test_file_that_is_gone_is_named(faces: Path, ingest: Callable[[], list[str]]) -> None:
    (faces / "a.jpg").unlink()
    with pytest.raises(PinError, match="gone: a.jpg"):
        ingest()


def test_broken_image_that_was_pinned_broken_is_set_aside(
    faces: Path, ingest: Callable[[], list[str]]
) -> None:
    (faces / "b.jpg").write_bytes(b"no image")
    write_pin(PIN, make_pin(faces, name="faces", trust_times=True))
    assert ingest() == ["1"]


def test_image_that_is_read_under_a_name_not_pinned_is_refused(
    faces: Path, ingest: Callable[[], list[str]], jpeg: Jpeg
) -> None:
    (faces / "self").symlink_to(".")
    table = faces / "train.csv"
    table.write_text(table.read_text().replace("./b.jpg", "self/b.jpg"))
    write_pin(PIN, make_pin(faces, name="faces", trust_times=True))
    (faces / "b.jpg").write_bytes(jpeg(9))
    with pytest.raises(PinError, match=r"self/b\.jpg was read, and no pinned file is named so"):
        ingest()


def test_image_that_became_a_named_pipe_is_a_change_and_not_waited_for(
    faces: Path, ingest: Callable[[], list[str]]
) -> None:
    (faces / "b.jpg").unlink()
    os.mkfifo(faces / "b.jpg")
    with pytest.raises(PinError, match="changed: b.jpg"):
        ingest()
