"""Overrides of params.yaml: values under dotted names, as in `-S train.lr=1e-3`.

A mapping is merged into the one that is there, as DVC does it. Names must exist: a misspelt one
would otherwise be a parameter that nobody reads.
"""

import copy
import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from visage.errors import VisageError

Overrides = Mapping[str, Any]


class OverrideError(VisageError):
    """An override can't be read."""


def read_override(text: str) -> tuple[str, Any]:
    """Returns the dotted name and the value in `name=value`; the value is YAML.

    Raises:
        OverrideError: there is no `=`, no name, or the value is no YAML.
    """
    name, equals, value = text.partition("=")
    if not (equals and name):
        raise OverrideError(f"-S {text}: write it as NAME=VALUE, e.g. -S train.epochs=3")
    try:
        return name, YAML(typ="safe").load(value)
    except YAMLError:
        raise OverrideError(f"-S {text}: the value is no YAML; quote it") from None


def unknown_names(tree: Mapping[str, Any], overrides: Overrides) -> list[str]:
    """Returns a fault for each overridden name that `tree` does not have, with near matches."""
    known = list(dotted_names(tree))
    return [_unknown(name, known) for name in overrides if name not in known]


def overridden(tree: Mapping[str, Any], overrides: Overrides) -> dict[str, Any]:
    """Returns a copy of `tree` with these values; every name must be known."""
    result: dict[str, Any] = copy.deepcopy(dict(tree))
    for name, value in overrides.items():
        *folders, leaf = name.split(".")
        node = result
        for folder in folders:
            node = node[folder]
        node[leaf] = _merged(node[leaf], value)
    return result


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yields the dotted names and the values that are no mappings in `value`."""
    if not isinstance(value, Mapping):
        yield name, value
        return
    for key, inner in value.items():
        yield from leaves(f"{name}.{key}", inner)


def dotted_names(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yields the names of all parameters and sections in `tree`."""
    for key, value in tree.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from dotted_names(value, f"{prefix}{key}.")


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return copy.deepcopy(new)
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}


def _unknown(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3)
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    return f"{name}: params.yaml has no such parameter{hint}"
