"""Registries are folders: a new member is one new file, and no list names it.

A member is found by its parameter's value, so the module that asks imports none of them, and
dvc.yaml names the one file that is used: a new head retrains nothing else.
"""

import difflib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from visage.errors import VisageError


class UnknownMemberError(VisageError):
    """A parameter names no file of its registry."""


def members(package: str) -> list[str]:
    """Returns the names of the modules in `package`, sorted."""
    spec = find_spec(package)
    assert spec is not None, f"{package} exists"
    assert spec.submodule_search_locations, f"{package} is a package"
    paths = Path(spec.submodule_search_locations[0]).glob("*.py")
    return sorted(path.stem for path in paths if not path.stem.startswith("_"))


def resolve(package: str, name: str, attribute: str, *, param: str) -> Any:
    """Returns `attribute` of the module `name` in `package`; `param` names the parameter.

    Raises:
        UnknownMemberError: there is no such module; near matches are named.
    """
    known = members(package)
    if name not in known:
        raise UnknownMemberError(unknown(name, known, param=param))
    return getattr(import_module(f"{package}.{name}"), attribute)


def unknown(name: str, known: list[str], *, param: str) -> str:
    """Returns the message for a parameter whose value `name` is not among `known`."""
    return f"params.yaml: {param}: {no_such(name, known)}"


def no_such(name: str, known: list[str]) -> str:
    """Says that `name` is not among `known`, and what may be meant."""
    close = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    if close:
        return f"there is no {name!r}; did you mean {', '.join(close)}?"
    some = ", ".join(known[:12])
    return f"there is no {name!r}; known: {some}{', ...' if len(known) > 12 else ''}"
