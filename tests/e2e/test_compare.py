"""Judging a finished project against an experiment of it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.tracking.address import resolve
from visage.tracking.store import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Run = Callable[..., CompletedProcess[str]]


def test_head_its_mlflow_run_and_the_workspace_are_compared_with_an_experiment(
    finished: Path, run_finished: Run
) -> None:
    runs = connect(resolve(finished), seconds=2).runs({})
    run_id = runs[-1].id  # the oldest is the project's own: other tests track theirs here too
    done = run_finished("dvc", "exp", "run", "--temp", "-n", "seeded", "-S", "seed=5")
    assert done.returncode == 0, done.stdout + done.stderr
    pages = []
    for first in ("HEAD", run_id, "workspace"):
        shown = run_finished("visage", "compare", first, "seeded", "--json")
        assert shown.returncode == 0, shown.stderr
        pages.append(json.loads(shown.stdout)[0])
    assert run_finished("git", "status", "--porcelain").stdout == ""
    evaluated = json.loads((finished / "metrics/evaluate.json").read_text())
    diff = run_finished("dvc", "metrics", "diff", "HEAD", "seeded", "--json").stdout
    for page in pages:
        for name, found in page["figures"].items():
            assert found["a"] == pytest.approx(evaluated[name], abs=1e-4)
            changed = json.loads(diff)["metrics/evaluate.json"][name]["diff"]
            assert found["difference"] == pytest.approx(changed, abs=2e-4)
    assert {tuple(page["figures"]) for page in pages} == {("mae", "rmse", "gender_f1", "harmonic")}


def test_an_experiment_without_its_outputs_ends_in_one_message(
    finished: Path, run_finished: Run, tmp_path: Path
) -> None:
    cloned = run_finished("git", "clone", "-q", str(finished), str(tmp_path / "clone"))
    assert cloned.returncode == 0, cloned.stderr
    done = run_finished("env", "-C", str(tmp_path / "clone"), "visage", "compare", "HEAD", "main")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "dvc pull" in done.stderr
