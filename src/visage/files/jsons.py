"""JSON files: sorted keys, two spaces, a line at the end; no NaN, which JSON does not know."""

import json
from pathlib import Path
from typing import Any

from visage.errors import VisageError
from visage.files.atomic import atomic_file


class JsonFileError(VisageError):
    """A JSON file is missing or can't be read."""


def write_json(path: Path, value: Any) -> None:
    """Writes `value` to `path`, whole or not at all.

    Raises:
        ValueError: `value` holds NaN or an infinity.
    """
    text = json.dumps(value, indent=2, sort_keys=True, allow_nan=False, ensure_ascii=False)
    with atomic_file(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Returns the value in `path`.

    Raises:
        JsonFileError: the file is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise JsonFileError(f"{path} is missing; run `dvc repro`") from None
    except ValueError as error:
        raise JsonFileError(f"{path} is no JSON: {error}; run `dvc repro`") from None
