"""The hashes by which DVC names contents; visage's own are sha256 (hashes.py)."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def md5_file(path: Path) -> str:
    """Returns the md5 of a file's content, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def md5_bytes(content: bytes) -> str:
    """Returns the md5 of a content, 32 hexadecimal digits."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def md5_folder(files: Mapping[str, str]) -> str:
    """Returns a folder's name, `<md5>.dir`: that of the JSON list of its files.

    files: the md5 of each, by its path below the folder, with slashes.
    """
    listed = [{"md5": md5, "relpath": name} for name, md5 in sorted(files.items())]
    return f"{md5_bytes(json.dumps(listed).encode())}.dir"
