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
    done = _run(command, environment=environment)
    if done.returncode not in may_end_with:
        raise GitError(f"git {words[0]} failed in {root}: {_text(done.stderr)}")
    return _text(done.stdout)


def git_bytes(root: Path, *words: str, given: bytes) -> bytes:
    """Returns what git prints when it reads `given`.

    Raises:
        GitError: with git's own words.
    """
    done = _run(["git", "-C", str(root), *words], given=given)
    if done.returncode:
        raise GitError(
            f"git {words[0]} failed in {root}: {_text(done.stderr)}; `git fsck` says what is broken"
        )
    return done.stdout


def _run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    given: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    try:
        # The user's own git, found as the shell finds it; no shell reads the words.
        return subprocess.run(  # noqa: S603
            command,
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, **(environment or {})},
        )
    except OSError as error:
        raise GitError(f"git can't be run ({error.strerror}); install Git") from None


def _text(printed: bytes) -> str:
    return printed.decode("utf-8", errors="replace").strip()
