"""A temporary file that nobody has to close."""

from pathlib import Path

import pytest

from visage.files.scratch import scratch


class Owner:
    pass


def test_it_has_no_name_and_ends_with_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    owner = Owner()
    file = scratch(owner)
    file.write(b"many rows")
    file.seek(0)
    assert file.read() == b"many rows"
    assert list(tmp_path.iterdir()) == []
    del owner
    assert file.closed
