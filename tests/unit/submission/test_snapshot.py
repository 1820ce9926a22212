import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from configobj import ConfigObj

from visage.submission import snapshot as module
from visage.submission.lock import Stage
from visage.submission.snapshot import SnapshotError, bring_pinned, refuse_other_code, snapshot

Git = Callable[..., str]
INFER = Stage("infer", "x", {"models/model.json": "0", "code.py": "1"}, {"out.parquet": "2"})
PREDICT = Stage("predict", "x", {"out.parquet": "2"}, {"submission.csv": "3"})


@pytest.fixture
def dvc(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands in for dvc, which takes seconds: says `stdout`, and ends with `returncode`."""
    said = SimpleNamespace(stdout="/the/cache, of #1\n", stderr="", returncode=0, asked=[])

    def answer(_folder: Path, *words: str) -> SimpleNamespace:
        said.asked.append(words)
        return said

    monkeypatch.setattr(module, "_dvc", answer)
    return said


@pytest.fixture
def repository(git: Git, tmp_path: Path) -> Path:
    """A project in a folder of a repository, one file changed and one new since its commit."""
    root = tmp_path / "repository/project"
    (root / ".dvc").mkdir(parents=True)
    (root / ".dvc/config").touch()
    (root / "code.py").write_text("committed", encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    (root / "code.py").write_text("changed", encoding="utf-8")
    (root / "new.py").touch()
    return root


def test_a_snapshot_is_the_commit_and_leaves_nothing(
    repository: Path, git: Git, dvc: SimpleNamespace
) -> None:
    before = git("status", "--porcelain"), sorted(Path(repository.parent, ".git").rglob("*"))
    with snapshot(repository, "HEAD") as folder:
        assert (folder / "code.py").read_text(encoding="utf-8") == "committed"
        assert not (folder / "new.py").exists()
        config = ConfigObj(str(folder / ".dvc/config.local"))  # what DVC reads it with
        assert config["cache"]["dir"] == "/the/cache, of #1"
    assert not folder.parent.exists()
    assert before == (
        git("status", "--porcelain"),
        sorted(Path(repository.parent, ".git").rglob("*")),
    )


def test_kept_files_take_the_place_of_the_commits(
    repository: Path, dvc: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text("kept", encoding="utf-8")
    kept = {Path("code.py"): tmp_path / "mine.py"}
    with snapshot(repository, "HEAD", kept=kept) as folder:
        assert (folder / "code.py").read_text(encoding="utf-8") == "kept"
    assert (repository / "code.py").read_text(encoding="utf-8") == "changed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_snapshot_goes_when_it_is_interrupted(
    repository: Path, dvc: SimpleNamespace, number: signal.Signals
) -> None:
    folders: list[Path] = []

    def interrupted() -> None:
        with snapshot(repository, "HEAD") as folder:
            folders.append(folder)
            os.kill(os.getpid(), number)
            signal.pause()  # until it is heard

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not folders[0].parent.exists()


def test_a_root_that_is_not_there_is_refused(tmp_path: Path, dvc: SimpleNamespace) -> None:
    ingest = Stage("ingest", "x", {"/no/such/faces": "0"}, {})
    with pytest.raises(SnapshotError, match=r"no /no/such/faces, which the commit's data\.root"):
        bring_pinned(tmp_path, [ingest], advice="")


def test_what_the_cache_lacks_is_named_with_the_remedy(
    tmp_path: Path, dvc: SimpleNamespace
) -> None:
    (tmp_path / "code.py").touch()
    with pytest.raises(SnapshotError, match=r"lacks models/model\.json; dvc pull"):
        bring_pinned(tmp_path, [INFER, PREDICT], advice="dvc pull")


def test_code_that_the_lock_does_not_know_is_refused(tmp_path: Path, dvc: SimpleNamespace) -> None:
    dvc.stdout = (
        '{"infer": [{"changed deps": {"code.py": "modified", "params.yaml": {"a": "modified"}}},'
        ' {"changed outs": {"out.parquet": "deleted"}}],'
        ' "predict": [{"changed deps": {"out.parquet": "deleted"}}]}'
    )
    with pytest.raises(SnapshotError, match=r"with: code\.py, params\.yaml: a differ; .*--rev"):
        refuse_other_code(tmp_path, [INFER, PREDICT], commit="0" * 40)


def test_what_will_be_made_again_is_no_change(tmp_path: Path, dvc: SimpleNamespace) -> None:
    dvc.stdout = '{"predict": [{"changed deps": {"out.parquet": "deleted"}}]}'
    refuse_other_code(tmp_path, [INFER, PREDICT], commit="0" * 40)
    assert dvc.asked == [("status", "--json", "infer", "predict")]


def test_dvcs_own_error_is_passed_on(tmp_path: Path, dvc: SimpleNamespace) -> None:
    dvc.returncode, dvc.stderr = 255, "ERROR: no such stage"
    with pytest.raises(SnapshotError, match="no such stage"):
        refuse_other_code(tmp_path, [INFER], commit="0" * 40)
