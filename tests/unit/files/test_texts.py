from pathlib import Path

import pytest

from visage.files.texts import write_text


def test_a_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_text(tmp_path / "page.md", "± 1\n")
    assert (tmp_path / "page.md").read_bytes() == "± 1\n".encode()


def test_what_can_not_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("before", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "page.md", "half \ud800")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["before"]
