"""Text files, such as pages: UTF-8, whole or not at all."""

from pathlib import Path

from visage.files.atomic import atomic_file


def write_text(path: Path, text: str) -> None:
    """Writes `text` to `path`, whole or not at all."""
    with atomic_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
