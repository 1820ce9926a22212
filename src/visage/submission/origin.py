"""Who made a submission: the commit, or the DVC experiment, whose dvc.lock has the file's md5.

submission.json names the model and the data, but neither commit nor run (outputs hold no such
thing); dvc.lock holds the hash of every output, and Git keeps every dvc.lock. An edited file is
still found by the submission.json that lies beside it. A file that no commit here made may have its
state beside it (kept.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.errors import VisageError
from visage.files.md5 import md5_file
from visage.files.paths import SUBMISSION, SUBMISSION_JSON
from visage.submission.code import code_commits
from visage.submission.git import git
from visage.submission.kept import Kept, kept_beside
from visage.submission.lock import Stage, made, read_lock, route
from visage.tracking.git import experiments, text_at
from visage.tracking.state import LOCK_FILE, StateError

BATCH: Final = 1000  # commits a command, whose length has a limit


class OriginError(VisageError):
    """No commit and no experiment here made the file."""


@dataclass(frozen=True, eq=False)
class Origin:
    """A commit that made the submission.

    Attributes:
        commit: 40 hex digits.
        experiment: the name of the DVC experiment that the commit is, or None.
        stages: of its dvc.lock.
        is_edited: only submission.json is what the commit made, the table is another one.
        others: how many more made the same.
        kept: the state that lies beside the file; the commit has its code, and another state.
    """

    commit: str
    experiment: str | None
    stages: Mapping[str, Stage]
    is_edited: bool
    others: int = 0
    kept: Kept | None = None


def find_origin(file: Path, root: Path, *, commit: str | None = None) -> Origin:
    """Returns who made a submission.

    Args:
        file: the table; its hashes lie beside it under the same name with .json, or don't.
        root: the project.
        commit: the only one to look at; None: everything that Git has.

    Raises:
        OriginError: nobody did; with what was looked at, and what may be done.
    """
    commits = [git(root, "rev-parse", "--verify", f"{commit}^{{commit}}")] if commit else []
    for path, out, is_edited in _wanted(file):
        found = list(_makers(md5_file(path), out, root, commits or locking_commits(root)))
        if found:
            names = {one.commit: one.name for one in experiments(root)}
            # What is on a branch stays, an experiment may be removed: it comes last.
            maker, stages = min(found, key=lambda item: item[0] in names)
            return Origin(maker, names.get(maker), stages, is_edited, others=len(found) - 1)
    return _of_kept(file, root, commit)


def locking_commits(root: Path) -> list[str]:
    """Returns the commits of branches, tags and experiments that changed dvc.lock, newest first."""
    words = ("rev-list", "--all", "--full-history", "--", f"./{LOCK_FILE}")
    return git(root, *words).split()


def _wanted(file: Path) -> Iterator[tuple[Path, str, bool]]:
    yield file, SUBMISSION.as_posix(), False
    if file.with_suffix(".json").is_file():
        yield file.with_suffix(".json"), SUBMISSION_JSON.as_posix(), True


def _makers(
    md5: str, out: str, root: Path, commits: list[str]
) -> Iterator[tuple[str, dict[str, Stage]]]:
    """The commits whose dvc.lock says that the last stage wrote `out` with this content."""
    for start in range(0, len(commits), BATCH):
        some = commits[start : start + BATCH]
        words = ("grep", "-l", "--fixed-strings", md5, *some, "--", f"./{LOCK_FILE}")
        for line in git(root, *words, may_end_with=(0, 1)).splitlines():  # 1: nothing found
            commit = line.partition(":")[0]
            stages = _stages_at(root, commit)
            if made(stages, out) == md5:
                yield commit, stages


def _of_kept(file: Path, root: Path, commit: str | None) -> Origin:
    kept = kept_beside(file)
    if kept is None:
        raise OriginError(_unknown(file, root, commit))
    if made(kept.stages) != md5_file(file):
        raise OriginError(f"{file} was changed since it was kept: {kept.lock} names another md5")
    commits = [commit] if commit else code_commits(root, route(kept.stages))
    if not commits:
        raise OriginError(
            f"{file}: no commit of a branch or tag here has the code that {kept.lock} names; "
            "`git fetch --unshallow --tags` gets what this clone lacks"
        )
    found = git(root, "rev-parse", "--verify", f"{commits[0]}^{{commit}}")
    return Origin(found, None, kept.stages, is_edited=False, kept=kept)


def _stages_at(root: Path, commit: str) -> dict[str, Stage]:
    try:
        return read_lock(text_at(root, commit, LOCK_FILE.as_posix()) or "")
    except (StateError, KeyError):  # a lock of another time
        return {}


def _unknown(file: Path, root: Path, commit: str | None) -> str:
    beside = "" if file.with_suffix(".json").is_file() else " (no submission.json lies beside it)"
    if commit:
        return f"{file}: commit {commit} did not make it; leave --rev out to look at all commits"
    lock = root / LOCK_FILE
    if lock.is_file() and md5_file(file) in lock.read_text(encoding="utf-8"):
        return f"{file} is this workspace's, and not committed: git add -A && git commit"
    n = len(locking_commits(root))  # the others hold the same dvc.lock as one of these
    return (
        f"{file}: none of the {n} commits and experiments here made it{beside}. "
        "It was changed since, or made in another clone: `git fetch --all` gets its commits, "
        "`dvc exp pull origin NAME` its experiments; there, `visage submission keep` writes what "
        "this clone needs"
    )
