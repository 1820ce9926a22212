"""The finished project's submission: checked, rebuilt to the same bytes, refused when edited."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.slow
Run = Callable[..., CompletedProcess[str]]
SUBMISSION = "data/predictions/submission.csv"


def test_it_is_what_the_projects_table_asks_for(run_finished: Run) -> None:
    done = run_finished("visage", "submission", "check", SUBMISSION)
    assert done.returncode == 0, done.stderr
    assert "no faults found: 12 rows; ages" in done.stdout


def test_it_is_rebuilt_to_the_same_bytes_and_nothing_is_left(
    finished: Path, run_finished: Run, tmp_path: Path
) -> None:
    (finished / "stages/predict.py").write_text("an edit that no commit has", encoding="utf-8")
    done = run_finished("visage", "submission", "verify", SUBMISSION, TMPDIR=str(tmp_path))
    said = done.stdout + done.stderr
    changes = run_finished("git", "status", "--porcelain").stdout.split("\n")
    run_finished("git", "checkout", "-q", "stages/predict.py")
    assert done.returncode == 0, said
    assert "EQUAL BYTES: 12 rows" in done.stdout
    assert "[1/3] infer" in said
    assert changes == [" M stages/predict.py", ""]
    assert list(tmp_path.glob("visage-verify-*")) == []


def test_an_edited_row_is_named(finished: Path, run_finished: Run, tmp_path: Path) -> None:
    for suffix in (".csv", ".json"):
        shutil.copy((finished / SUBMISSION).with_suffix(suffix), tmp_path / f"mine{suffix}")
    with (tmp_path / "mine.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[5][1] = "99.0000"
    text = "".join(f"{','.join(row)}\n" for row in rows)
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    done = run_finished("visage", "submission", "verify", str(tmp_path / "mine.csv"))
    assert done.returncode == 1
    assert "was changed since it was made: 1 of 12 rows differ" in done.stderr, done.stderr
    assert f"id {rows[5][0]}: age 99," in done.stderr


def test_an_unknown_file_is_refused(run_finished: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("id,age,gender\n1,2,0\n", encoding="utf-8")
    done = run_finished("visage", "submission", "verify", str(tmp_path / "mine.csv"))
    assert done.returncode == 1
    assert "no submission.json lies beside it" in done.stderr


def test_a_clone_without_the_outputs_is_told_what_to_pull(
    finished: Path, run_finished: Run, tmp_path: Path
) -> None:
    run_finished("git", "clone", "-q", str(finished), str(tmp_path / "clone"))
    verify = f"cd '{tmp_path}/clone' && visage submission verify '{finished / SUBMISSION}'"
    done = run_finished("sh", "-c", verify)
    assert done.returncode == 1
    assert "models/model.safetensors" in done.stderr, done.stderr
    assert "&& dvc pull" in done.stderr


def test_a_whole_training_gives_the_same_bytes(run_finished: Run) -> None:
    done = run_finished("visage", "submission", "verify", SUBMISSION, "--from", "train")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "EQUAL BYTES: 12 rows" in done.stdout
    assert "train: python -m stages.train" in done.stderr


@pytest.fixture
def clone(finished: Path, run_finished: Run, tmp_path: Path) -> Path:
    """A clone without DVC's cache; of what made the submission it has what was kept, and the code.

    Its one commit has another dvc.lock, as a branch has that went on.
    """
    kept = tmp_path / "mine-submission.csv"
    done = run_finished("visage", "submission", "keep", "HEAD", str(kept))
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "clone"
    run_finished("git", "clone", "-q", str(finished), str(folder))
    for path in tmp_path.glob("mine-submission.*"):
        shutil.copy(path, folder / "docs" / path.name)
    lock = folder / "dvc.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace("md5: ", "md5: 0"), encoding="utf-8")
    commands = (
        "git checkout -q --orphan other && git add -A && git commit -q -m other "
        "&& git branch -q -D main && git remote remove origin"
    )
    done = run_finished("sh", "-c", f"cd '{folder}' && {commands}")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_plain_clone_makes_a_kept_submission_anew(clone: Path, run_finished: Run) -> None:
    verify = f"cd '{clone}' && visage submission verify docs/mine-submission.csv"
    without = run_finished("sh", "-c", verify)
    assert without.returncode == 1
    assert "DVC's cache here lacks" in without.stderr
    assert "`--from all` makes everything anew" in without.stderr
    done = run_finished("sh", "-c", f"{verify} --from all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the state kept in docs/mine-submission.dvc.lock" in done.stderr
    assert "EQUAL BYTES: 12 rows" in done.stdout
