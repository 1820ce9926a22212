"""Which files a stage's code reaches through imports: DVC hashes files and does not follow imports.

The sources are parsed and never imported, so the answer is about the checkout at `root`, whatever
is installed; a contract test holds it against grimp. Imports inside functions count; a module that
is only loaded by a computed name does not.

A registry's member is chosen by a parameter, so dvc.yaml names it (`heads/${model.age_head}.py`)
and it is left out here. But dvc.yaml can't name what that member imports, so a stage reaches the
imports of *all* members of the registries that it resolves.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from visage.errors import VisageError

SOURCES = Path("src")
REGISTRY = "visage.registry"


class ClosureError(VisageError):
    """A stage has no script."""


def stage_modules(stage: str, root: Path) -> list[Path]:
    """Returns the files that `stages/<stage>.py` reaches, itself included, sorted.

    Paths are relative to `root`. Empty files, and the two packages' own `__init__.py`, are left
    out: the one holds the version only, the other runs what is reached here.

    Raises:
        ClosureError: there is no such script.
    """
    script = Path("stages") / f"{stage}.py"
    if not (root / script).is_file():
        raise ClosureError(f"{script} is missing; dvc.yaml has a stage of this name")
    reached = _reached(script, root)
    return sorted(path for path in reached if _matters(path, root))


def stage_registries(stage: str, root: Path) -> list[Path]:
    """Returns the registries' folders that a stage resolves by parameter, sorted."""
    modules = stage_modules(stage, root)
    return sorted({folder for path in modules for folder in _registries(path, root)})


def _reached(start: Path, root: Path) -> set[Path]:
    reached: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        waiting += _imported(path, root)
        for member in _members(path, root):
            waiting += _imported(member, root)
    return reached


def _imported(path: Path, root: Path) -> list[Path]:
    found: list[Path] = []
    for node in _nodes(root / path):
        for name in _names(node):
            found += _files(name, root)
    return found


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _files(name: str, root: Path) -> Iterator[Path]:
    """The files that run when `name` is imported: the packages above it, and itself."""
    parts = name.split(".")
    if parts[0] not in ("visage", "stages"):
        return
    top = SOURCES if parts[0] == "visage" else Path()
    for depth in range(1, len(parts) + 1):
        place = top.joinpath(*parts[:depth])
        for path in (place / "__init__.py", place.with_suffix(".py")):
            if (root / path).is_file():
                yield path


def _members(path: Path, root: Path) -> Iterator[Path]:
    for folder in _registries(path, root):
        for member in sorted((root / folder).glob("*.py")):
            yield member.relative_to(root)


def _registries(path: Path, root: Path) -> Iterator[Path]:
    """The packages that a module names in a string, if it uses the registry."""
    nodes = _nodes(root / path)
    if not any(name.startswith(REGISTRY) for node in nodes for name in _names(node)):
        return
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            folder = SOURCES.joinpath(*node.value.split("."))
            if node.value.startswith("visage.") and (root / folder / "__init__.py").is_file():
                yield folder


def _matters(path: Path, root: Path) -> bool:
    if path.name != "__init__.py":
        return True
    return len(path.parts) > len(SOURCES.parts) + 2 and (root / path).stat().st_size > 0


def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return _parsed(path.read_bytes())


@cache
def _parsed(source: bytes) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))
