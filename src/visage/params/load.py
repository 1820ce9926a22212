"""Reads a section of params.yaml and reports all its faults at once, each with its remedy.

ruamel.yaml is DVC's own parser (YAML 1.2): PyYAML reads `1e-4` as text and `no` as false. The
section's JSON dump is validated in strict mode, so that lists become tuples, while `"1e-4"` for a
number or `3.0` for an int is refused.
"""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from visage.errors import VisageError
from visage.params.section import Scalar, Section

S = TypeVar("S", bound=Section | Scalar[Any])
M = TypeVar("M", bound=BaseModel)

PARAMS_FILE = Path("params.yaml")


class ParamsError(VisageError):
    """params.yaml can't be used as it is; the message lists every fault found."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))


def read_params(path: Path = PARAMS_FILE) -> dict[str, Any]:
    """Returns the whole file as plain values, unchecked.

    Raises:
        ParamsError: the file is missing, is no YAML, or is no mapping.
    """
    try:
        tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(path, ["not found; run this in the root of a visage project"]) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ParamsError(path, [f"is not valid YAML: {error}"]) from None
    if not isinstance(tree, dict):
        raise ParamsError(path, ["must be a mapping of sections"])
    return tree


def load(section: type[S], path: Path = PARAMS_FILE) -> S:
    """Returns one section of params.yaml.

    Raises:
        ParamsError: with every fault of the section.
    """
    return validate(section, read_params(path), path=path)


def validate(section: type[S], tree: dict[str, Any], *, path: Path) -> S:
    """Returns `section` out of the whole tree of a params file.

    Raises:
        ParamsError: with every fault of the section.
    """
    if section.key not in tree:
        raise ParamsError(path, [f"{section.key}: is missing; add this section"])
    return parse(section, tree[section.key], path=path, at=section.key)


def validate_all(
    sections: Iterable[type[Section | Scalar[Any]]], tree: dict[str, Any], *, path: Path
) -> tuple[dict[str, Any], list[str]]:
    """Returns the sections without faults by their keys, and the faults of all others."""
    found: dict[str, Any] = {}
    faults: list[str] = []
    for section in sections:
        try:
            found[section.key] = validate(section, tree, path=path)
        except ParamsError as error:
            faults += error.faults
    return found, faults


def parse(model: type[M], value: Any, *, path: Path, at: str = "") -> M:
    """Returns `value`, which stands in `path` under the key `at` ("": the whole file), as `model`.

    Raises:
        ParamsError: with every fault of the value.
    """
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        faults = [_describe(model, dict(fault), at=at) for fault in error.errors()]
        raise ParamsError(path, faults) from None
    except (TypeError, ValueError) as error:
        raise ParamsError(path, [f"{at}: {error}" if at else str(error)]) from None


def _describe(model: type[BaseModel], fault: dict[str, Any], *, at: str) -> str:
    where = ".".join(str(step) for step in (at, *fault["loc"]) if step != "") or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key{_near(fault, model)}"
    if fault["type"] == "missing":
        return f"{where}: is missing; add it"
    message = fault["msg"].removeprefix("Value error, ")
    if isinstance(fault["input"], dict):
        return f"{where}: {message}"
    return f"{where}: {message}, found {fault['input']!r}"


def _near(fault: dict[str, Any], model: type[BaseModel]) -> str:
    known = _keys_at(model, fault["loc"][:-1])
    close = difflib.get_close_matches(str(fault["loc"][-1]), known, n=3)
    return f"; did you mean {', '.join(close)}?" if close else f"; known: {', '.join(known)}"


def _keys_at(model: Any, path: tuple[Any, ...]) -> list[str]:
    for step in path:
        model = model.model_fields[step].annotation if isinstance(step, str) else model
        model = next((part for part in get_args(model) if hasattr(part, "model_fields")), model)
    return sorted(model.model_fields)
