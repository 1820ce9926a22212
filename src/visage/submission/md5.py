"""The hash that DVC writes; visage's own are sha256 (files/hashes.py, an input of every stage)."""

import hashlib
from pathlib import Path


def md5_file(path: Path) -> str:
    """Returns the md5 of a file's content, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
