"""What is to be logged about a run, as plain records; only `tracking` knows that MLflow exists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Metric:
    """A number with its name; `step` is the epoch, counted from 1, or 0 for a final figure."""

    name: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class Param:
    """A parameter under its dotted name, its value as text."""

    name: str
    value: str


def flat_params(tree: Mapping[str, Any], prefix: str = "") -> list[Param]:
    """Returns the leaves of a tree of parameters under dotted names; a list is a leaf."""
    params: list[Param] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            params += flat_params(value, f"{name}.")
        else:
            params.append(Param(name, json.dumps(value) if not isinstance(value, str) else value))
    return params


@dataclass(frozen=True)
class Artifact:
    """A file to be kept with the run, in the folder `folder` of its artifacts."""

    path: Path
    folder: str = ""
