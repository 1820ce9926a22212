"""Git, asked for what must be there; what may be absent, visage.tracking.git answers with None."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from visage.errors import VisageError


class GitError(VisageError):
    """Git can't do what is asked of it."""


def git(
    root: Path,
    *words: str,
    environment: Mapping[str, str] | None = None,
    may_end_with: Sequence[int] = (0,),
) -> str:
    """Returns what git prints in the folder `root`.

    Raises:
        GitError: with git's own words.
    """
    command = ["git", "-C", str(root), *words]
    # The user's own git, found as the shell finds it; no shell reads the words.
    done = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode not in may_end_with:
        raise GitError(f"git {words[0]} failed in {root}: {done.stderr.strip()}")
    return done.stdout.strip()
