"""JSON files: one form for one value, and clear errors."""

from pathlib import Path

import pytest

from visage.files.jsons import JsonFileError, read_json, write_json


def test_value_survives(tmp_path: Path) -> None:
    value = {"text": "é", "list": [1, 2.5, None, True]}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value


def test_order_of_keys_does_not_change_the_bytes(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": 1, "b": 2})
    write_json(tmp_path / "b.json", {"b": 2, "a": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_nan_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"a": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(JsonFileError, match=r"a\.json is missing; run `dvc repro`"):
        read_json(tmp_path / "a.json")


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe"])
def test_other_content_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(JsonFileError, match="is no JSON"):
        read_json(tmp_path / "a.json")
