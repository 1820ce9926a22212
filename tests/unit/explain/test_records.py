from pathlib import Path

import pytest

from visage.codes import Task
from visage.explain.records import (
    Chosen,
    Explained,
    Explanations,
    ExplanationsError,
    Group,
    Map,
    Method,
    read_explanations,
    write_explanations,
)


def some() -> Explanations:
    face = Chosen("../a/b\\<i>", Group.WORST, 30.0, 41.5, None, 1)
    maps = (
        Map(Task.AGE, Method.GRAD_CAM, 0.25, "upper left", b"cam"),
        Map(Task.AGE, Method.OCCLUSION, 3.5, "", b"covered"),
    )
    explained = Explained(face, {Task.AGE: 41.0}, maps, {Task.AGE: None}, b"photo")
    return Explanations("test", (explained, explained), (4, 4), "a note")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_explanations(tmp_path / "found", some())
    assert read_explanations(tmp_path / "found") == some()


def test_no_picture_has_a_users_id_for_its_name(tmp_path: Path) -> None:
    write_explanations(tmp_path / "found", some())
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == [
        "000-age-grad_cam.jpg",
        "000-age-occlusion.jpg",
        "000.jpg",
        "001-age-grad_cam.jpg",
        "001-age-occlusion.jpg",
        "001.jpg",
        "index.json",
    ]


def test_without_faces_there_is_an_index_alone(tmp_path: Path) -> None:
    write_explanations(tmp_path / "found", some())
    write_explanations(tmp_path / "found", Explanations("test"))
    assert [path.name for path in (tmp_path / "found").iterdir()] == ["index.json"]
    assert read_explanations(tmp_path / "found") == Explanations("test")


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    write_explanations(tmp_path / "found", some())
    (tmp_path / "found/001.jpg").unlink()
    with pytest.raises(ExplanationsError, match=r"001\.jpg.*run `dvc repro explain`"):
        read_explanations(tmp_path / "found")
