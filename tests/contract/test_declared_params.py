"""A stage loads the sections that dvc.yaml declares for it, all of them and no others."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from visage.files.closure import stage_modules
from visage.files.pipeline import read_pipeline

Break = Callable[[str, str, str], None]
READERS = {"load", "read_params", "validate", "check"}


def imported(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yields (module, name there, name here) of each `from visage... import ...`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("visage."):
            for alias in node.names:
                yield str(node.module), alias.name, alias.asname or alias.name


def loaded(script: Path) -> set[str]:
    """Returns the sections in `load(X)` calls: the names of the modules that X come from."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    modules = {here: module for module, _, here in imported(tree)}
    loads = {here for module, name, here in imported(tree) if module.endswith("params.load")}
    return {
        modules[node.args[0].id].rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in loads
        and isinstance(node.args[0], ast.Name)
    }


def undeclared_readers(stage: str, root: Path) -> list[str]:
    """Modules below a stage that read params.yaml by themselves, where nothing declares it."""
    return [
        path.as_posix()
        for path in stage_modules(stage, root)
        if path.parts[0] == "src" and "params" not in path.parts
        for module, name, _ in imported(ast.parse((root / path).read_text(encoding="utf-8")))
        if module.startswith("visage.params.") and name in READERS
    ]


def faults(root: Path) -> list[str]:
    found: list[str] = []
    for stage, definition in read_pipeline(root / "dvc.yaml")["stages"].items():
        declared = set(definition.get("params") or [])
        apart = declared ^ loaded(root / "stages" / f"{stage}.py")
        found += [f"{stage}: {section}" for section in sorted(apart)]
        if "params.yaml" not in definition["deps"]:
            found += [f"{stage}: {path}" for path in undeclared_readers(stage, root)]
    return found


def test_declared_and_loaded_sections_are_the_same(root: Path) -> None:
    assert faults(root) == []


def test_the_loads_are_found(root: Path) -> None:
    assert loaded(root / "stages/split.py") == {"ingest", "split"}
    assert len(loaded(root / "stages/train.py")) > 3


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("dvc.yaml", "    - infer\n", "", "infer: infer"),
        ("dvc.yaml", "    - infer\n", "    - infer\n    - report\n", "infer: report"),
        ("stages/split.py", "load(Split)", "read(Split)", "split: split"),
        (
            "stages/split.py",
            "load(Split)",
            "load(Split); from visage.params.seed import Seed as S; load(S)",
            "split: seed",
        ),
        (
            "src/visage/data/split.py",
            "",
            "from visage.params.load import load\n",
            "split: src/visage/data/split.py",
        ),
    ],
)
def test_seen_to_fail(copy: Path, broken: Break, name: str, old: str, new: str, fault: str) -> None:
    broken(name, old, new)
    assert faults(copy) == [fault]


def test_every_stage_is_looked_at(pipeline: dict[str, Any], root: Path) -> None:
    assert set(pipeline["stages"]) == {p.stem for p in (root / "stages").glob("[a-z]*.py")}
