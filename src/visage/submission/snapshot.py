"""A commit's files in a temporary folder, with DVC's cache shared: the workspace is never touched.

Plain files without a repository of their own: a worktree would leave a note in the user's .git
when it is killed, and a clone of a shallow clone lacks the experiments. DVC links what is pinned to
the cache, where it is read-only; what the stages write is new, and goes with the folder.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, MappingProxyType

from visage.errors import VisageError
from visage.submission.git import git
from visage.submission.lock import Stage, is_made, pinned


class SnapshotError(VisageError):
    """The commit can't be brought back as it was."""


@contextmanager
def snapshot(
    root: Path, commit: str, *, kept: Mapping[Path, Path] = MappingProxyType({})
) -> Iterator[Path]:
    """Gives a temporary folder with the project's files as they are in a commit, and removes it.

    It goes on Ctrl-C, and on TERM, too.

    kept: files that take the place of the commit's, by that place.
    """
    with (
        _terminated_like_interrupted(),
        tempfile.TemporaryDirectory(prefix="visage-verify-") as temporary,
    ):
        folder = Path(temporary) / "project"
        _export(root, commit, folder)
        for place, file in kept.items():
            shutil.copyfile(file, folder / place)
        (folder / ".dvc/config.local").write_text(_config(root, Path(temporary)), encoding="utf-8")
        yield folder


def bring_pinned(folder: Path, stages: Sequence[Stage], *, advice: str) -> list[str]:
    """Brings what the stages read, and none of them makes, from DVC's cache; returns those paths.

    advice: how to get what the cache lacks.

    Raises:
        SnapshotError: the data root is not there, or the cache lacks something.
    """
    absent = [path for path in pinned(stages) if not (folder / path).exists()]
    outside = [path for path in absent if Path(path).is_absolute()]
    if outside:
        raise SnapshotError(f"there is no {', '.join(outside)}, which the commit's data.root names")
    done = _dvc(folder, "checkout", *absent) if absent else None
    missing = [path for path in absent if not (folder / path).exists()]
    if done is not None and (done.returncode or missing):
        what = ", ".join(missing) or done.stderr.strip()
        raise SnapshotError(f"DVC's cache here lacks {what}; {advice}")
    return absent


def refuse_other_code(folder: Path, stages: Sequence[Stage], *, commit: str) -> None:
    """Makes sure that the stages would read just what dvc.lock says that they read.

    Raises:
        SnapshotError: naming files and parameters that are committed in another form.
    """
    done = _dvc(folder, "status", "--json", *(stage.name for stage in stages))
    if done.returncode:
        raise SnapshotError(f"dvc status failed in the snapshot: {done.stderr.strip()}")
    changed = sorted(set(_changed(json.loads(done.stdout), stages)))
    if changed:
        raise SnapshotError(
            f"commit {commit[:10]} is not what its dvc.lock was made with: {', '.join(changed)} "
            "differ; name the commit that has them with --rev"
        )


def _export(root: Path, commit: str, folder: Path) -> None:
    top = Path(git(root, "rev-parse", "--show-toplevel"))
    place = git(root, "rev-parse", "--show-prefix")
    own = {"GIT_INDEX_FILE": str(folder.parent / "index")}  # the user's is left alone
    git(top, "read-tree", f"{commit}:{place}", environment=own)
    folder.mkdir()
    git(top, "checkout-index", "--all", f"--prefix={folder}/", environment=own)


def _config(root: Path, temporary: Path) -> str:
    done = _dvc(root, "cache", "dir")
    if done.returncode:
        raise SnapshotError(f"dvc cache dir failed in {root}: {done.stderr.strip()}")
    # In quotes: a comma would make a list of a path, and " #" end it.
    return (
        f'[core]\n    no_scm = true\n    site_cache_dir = "{temporary / "site"}"\n'
        f'[cache]\n    dir = "{done.stdout.strip()}"\n'
    )


def _changed(status: Mapping[str, list[object]], stages: Sequence[Stage]) -> Iterator[str]:
    for reports in status.values():
        for report in reports:
            if report == "changed command":
                yield "a stage's command"
            deps = report.get("changed deps", {}) if isinstance(report, dict) else {}
            for path, how in deps.items():
                if isinstance(how, dict):  # parameters of a file
                    yield from (f"{path}: {name}" for name in how)
                elif not is_made(path, stages):
                    yield path


def _dvc(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DVC_ROOT"}
    # Our own words; no shell reads them.
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
