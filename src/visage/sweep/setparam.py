"""Overrides in the words of `dvc exp run --set-param`, which are Hydra's, not YAML's."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from visage.params.overrides import leaves


def set_params(overrides: Mapping[str, Any]) -> Iterator[str]:
    """Yields the argument of one `--set-param` for each override.

    A mapping is given leaf by leaf with `++` (set or add), because Hydra refuses new keys in one.
    """
    for name, value in overrides.items():
        if not isinstance(value, Mapping):
            yield f"{name}={_text(value)}"
            continue
        for leaf, inner in leaves(name, value):
            yield f"++{leaf}={_text(inner)}"


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return f"'{_escaped(value)}'"
    if isinstance(value, list):
        return f"[{','.join(_text(item) for item in value)}]"
    if isinstance(value, Mapping):  # within a list, where it is given as a whole
        return f"{{{','.join(f'{key}:{_text(item)}' for key, item in value.items())}}}"
    return str(value).lower()


def _escaped(text: str) -> str:
    """Hydra reads a backslash as one, except in front of a quote or at the end."""
    return re.sub(r"(\\*)('|$)", lambda m: m[1] * 2 + ("\\'" if m[2] else ""), text)
