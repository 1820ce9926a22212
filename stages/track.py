"""Mirrors the finished run to MLflow; a store that fails costs a warning, never the results."""

from pathlib import Path

from stages import run
from visage.tracking.track import track_softly


def main() -> None:
    """Tracks the state in the current folder."""
    track_softly(Path.cwd())


if __name__ == "__main__":
    run(main)
