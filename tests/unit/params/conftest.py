"""A params file to be broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(root: Path, tmp_path: Path) -> Edit:
    """Returns a function that replaces text of the real params.yaml, in a copy."""

    def edit(old: str, new: str) -> Path:
        text = (root / "params.yaml").read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is in params.yaml {text.count(old)} times"
        path = tmp_path / "params.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return edit
