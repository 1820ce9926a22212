"""The Dockerfile, which is not run here: what it copies is there, in the order of a cache."""

import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest


@pytest.fixture
def lines(root: Path) -> list[str]:
    """Returns the instructions of the Dockerfile, continued lines joined."""
    text = (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def copied(lines: list[str]) -> list[str]:
    """Returns the paths that come from the checkout."""
    words = [line.split()[1:-1] for line in lines if line.startswith("COPY ")]
    return [path for some in words for path in some if not some[0].startswith("--from=")]


def admits(ignore: str, path: str) -> bool:
    """Tells whether a .dockerignore lets a path through: the last rule that fits it counts."""
    admitted = True
    for rule in filter(None, ignore.splitlines()):
        if not rule.startswith("#") and fits(rule.lstrip("!"), path):
            admitted = rule.startswith("!")
    return admitted


def fits(pattern: str, path: str) -> bool:
    """Tells whether a pattern names a path or a folder that it is in; `**/` may be nothing."""
    parents = [*map(str, PurePosixPath(path).parents)][:-1]
    return any(fnmatch(name, pattern.removeprefix("**/")) for name in (path, *parents))


def test_what_is_copied_is_there_and_the_ignore_file_admits_it(
    lines: list[str], root: Path
) -> None:
    ignore = (root / ".dockerignore").read_text(encoding="utf-8")
    paths = copied(lines)
    assert {"pyproject.toml", "constraints.txt", "src"} <= {*paths}
    assert [path for path in paths if not (root / path).exists()] == []
    assert [path for path in paths if not admits(ignore, path)] == []


@pytest.mark.parametrize("path", ["data/faces", "models/model.json", ".env", ".git/config"])
def test_nothing_else_comes_near_an_image(path: str, root: Path) -> None:
    assert not admits((root / ".dockerignore").read_text(encoding="utf-8"), path)


def test_an_edit_of_the_sources_does_not_install_the_dependencies_again(lines: list[str]) -> None:
    (sources,) = [at for at, line in enumerate(lines) if line == "COPY src src"]
    before = [line for line in lines[:sources] if "pip install" in line]
    after = [line for line in lines[sources:] if "pip install" in line]
    assert ["-c constraints.txt '.[onnx,serve]'" in line for line in before] == [True]
    assert ["--no-deps" in line for line in after] == [True]


def test_both_stages_stand_on_one_base_of_a_full_version(lines: list[str]) -> None:
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", bases.pop())
