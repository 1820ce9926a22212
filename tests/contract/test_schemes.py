"""Nothing but its own file, and the texts for users, names a sampling scheme."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.registry import members

Break = Callable[[str, str, str], None]
PACKAGE = "visage.data.schemes"


def row(path: Path, start: str) -> str:
    """Returns the line of a file that begins with `start`, leading blanks aside."""
    lines = path.read_text(encoding="utf-8").splitlines()
    (found,) = (line for line in lines if line.lstrip().startswith(start))
    return found


def branches(root: Path) -> list[str]:
    """Returns the modules that compare with a scheme's name, or read it in a condition."""
    folder = root / "src/visage/data/schemes"
    read = re.compile(r"(weights|params)\.scheme\s*(==|!=|in\b)|match .*\.scheme\b")
    files = [*(root / "src").rglob("*.py"), *(root / "stages").glob("*.py")]
    assert len(files) > 50
    return [
        path.relative_to(root).as_posix()
        for path in sorted(files)
        if folder not in path.parents and read.search(path.read_text(encoding="utf-8"))
    ]


def test_params_yaml_lists_every_scheme(root: Path) -> None:
    comment = row(root / "params.yaml", "scheme:").partition("schemes:")[2]
    assert sorted(comment.strip().split(", ")) == members(PACKAGE)


def test_the_readme_lists_every_scheme(root: Path) -> None:
    cell = row(root / "README.md", "| `weights.scheme`").split("|")[2]
    assert sorted(re.findall(r"`(\w+)`", cell)) == members(PACKAGE)


def test_no_code_asks_which_scheme_it_is(root: Path) -> None:
    assert branches(root) == []


@pytest.mark.parametrize("line", ['if params.scheme == "lds":', "match params.scheme:"])
def test_seen_to_fail(copy: Path, broken: Break, line: str) -> None:
    broken("stages/weights.py", "", f"# {line}\n")
    assert branches(copy) == ["stages/weights.py"]
