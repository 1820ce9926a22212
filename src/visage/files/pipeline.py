"""The lists of modules in dvc.yaml, written from the imports instead of by hand.

Only entries that are plain Python files of ours are replaced; folders, data, `${...}` and comments
stay as they are. Lines are replaced, because a YAML library moves the comments of changed lists.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

PIPELINE_FILE: Final = Path("dvc.yaml")
CODE: Final = ("src/visage/", "stages/")


def read_pipeline(path: Path = PIPELINE_FILE) -> dict[str, Any]:
    """Returns dvc.yaml as plain values."""
    tree: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tree


def with_module_deps(text: str, modules_of: Callable[[str], list[Path]]) -> str:
    """Returns the text of a dvc.yaml with each stage's modules as its dependencies, sorted.

    Args:
        text: what the file holds now; each stage has a list of dependencies, one a line.
        modules_of: gives the files that a stage reaches, by the stage's name.
    """
    lines = text.splitlines()
    stages = list(YAML().load(text)["stages"].items())
    for name, stage in reversed(stages):  # from below, so that the line numbers above stay right
        deps = stage["deps"]
        rows = [deps.lc.item(place)[0] for place in range(len(deps))]
        starts = [rows[0], *(row + 1 for row in rows[:-1])]
        entries = {  # with the comments above and behind it
            dep: lines[start : row + 1] for dep, start, row in zip(deps, starts, rows, strict=True)
        }
        indent = lines[rows[0]].partition("-")[0]
        wanted = wanted_deps(list(deps), modules_of(name))
        lines[rows[0] : rows[-1] + 1] = [
            line for dep in wanted for line in entries.get(dep, [f"{indent}- {dep}"])
        ]
    return "\n".join(lines) + "\n"


def wanted_deps(deps: list[str], modules: list[Path]) -> list[str]:
    """Returns the dependencies that a stage should have, sorted.

    deps: those that it has; modules: the files that it reaches. Files below a folder that is a
    dependency already are not named again.
    """
    others = [dep for dep in deps if not is_module(dep)]
    reached = [path.as_posix() for path in modules]
    named = [path for path in reached if not any(path.startswith(f"{dep}/") for dep in others)]
    return sorted({*others, *named})


def is_module(dep: str) -> bool:
    """Tells whether a dependency is a Python file of ours under its own name."""
    return dep.startswith(CODE) and dep.endswith(".py") and "${" not in dep
