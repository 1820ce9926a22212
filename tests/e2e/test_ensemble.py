"""An ensemble of a finished project and an experiment of it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.files.hashes import sha256_file

pytestmark = pytest.mark.slow
Run = Callable[..., CompletedProcess[str]]


def test_an_ensemble_is_judged_like_its_members_and_made_again_by_its_command(
    finished: Path, run_finished: Run
) -> None:
    done = run_finished("dvc", "exp", "run", "--temp", "-n", "partner", "-S", "seed=6")
    assert done.returncode == 0, done.stdout + done.stderr
    made = run_finished("visage", "ensemble", "HEAD", "partner", "--name", "both")
    assert made.returncode == 0, made.stderr
    assert run_finished("git", "status", "--porcelain").stdout == ""
    folder = finished / "ensembles/both"
    card, page = json.loads((folder / "ensemble.json").read_text()), (folder / "ensemble.md")
    assert page.read_text() in made.stdout
    member = json.loads((finished / "metrics/evaluate.json").read_text())
    alone = json.loads((folder / "evaluate.json").read_text())
    assert set(alone) == set(member)
    if card["best_member"] == "HEAD":
        assert card["differences"]["mae"]["a"] == pytest.approx(member["mae"], abs=1e-4)
    assert card["differences"]["mae"]["b"] == pytest.approx(alone["mae"], abs=1e-4)
    columns = [
        [line.split(",")[0] for line in (place / "submission.csv").read_text().splitlines()]
        for place in (folder, finished / "data/predictions")
    ]
    assert columns[0] == columns[1]
    again = run_finished(*card["command"].split())
    assert again.returncode == 0, again.stderr
    for name in ("submission.csv", "evaluate.json", "details.json", "predictions/test.parquet"):
        assert sha256_file(folder / name) == card["sha256"][name]
    checked = run_finished("visage", "submission", "check", "ensembles/both/submission.csv")
    assert checked.returncode == 0, checked.stdout + checked.stderr
