"""`visage run` on DVC itself, with stages that take no time."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
Run = Callable[..., subprocess.CompletedProcess[str]]

TRAIN = """\
import hashlib, json, pathlib, sys
from ruamel.yaml import YAML
OTHER = False  # whether the part that is measured changes the weights
params = YAML(typ="safe").load(pathlib.Path("params.yaml").read_text())
if params["backbone"] == "resnet34":
    sys.exit("ERROR: this one fails")
out = pathlib.Path("metrics")
out.mkdir(exist_ok=True)
rmse = len(params["backbone"]) + params["seed"]
(out / "evaluate.json").write_text(json.dumps({"rmse": rmse, "n": 3}))
made = pathlib.Path("data/predictions/submission.json")
made.parent.mkdir(parents=True, exist_ok=True)
weights = json.dumps([params["backbone"], params["evaluate"]["part"] if OTHER else ""])
made.write_text(json.dumps({"model_sha256": hashlib.sha256(weights.encode()).hexdigest()}))
(out / "details.json").write_text(json.dumps({
    "level": 0.95, "data_sha256": "ab" * 32, "intervals": {"rmse": [rmse - 1, rmse + 1]},
    "baseline": {"rmse": 99},
}))
"""
PIPELINE = """\
stages:
  train:
    cmd: python train.py
    params: [backbone, evaluate.part, seed]
    deps: [train.py]
    outs: [data/predictions/submission.json, metrics/details.json]
    metrics:
    - metrics/evaluate.json: {cache: false}
"""
RECIPE = """\
purpose: Does the loop hold?
overrides: {seed: 5}
grid:
  backbone: [resnet18, resnet34, resnet50]
published:
- {name: other, rmse: 1.5, mae: 1, gender_f1: 1, harmonic: 1}
smoke:
  overrides: {}
"""


@pytest.fixture
def run(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands in a small project, after its first commit and `dvc repro`."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "visage")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "visage@example.com")
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes/loop.yaml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "train.py").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text(PIPELINE, encoding="utf-8")
    params = (root / "params.yaml").read_text(encoding="utf-8")
    faces = tmp_path / "data/demo/x.csv"
    faces.parent.mkdir(parents=True)
    faces.touch()
    (tmp_path / "params.yaml").write_text(params, encoding="utf-8")

    def run_command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    for command in ("git init -q -b main", "dvc init -q", "dvc config core.analytics false"):
        assert run_command(*command.split()).returncode == 0
    for command in ("dvc repro -q", "git add -A", "git commit -q -m first"):
        assert run_command(*command.split()).returncode == 0
    return run_command


def rows(page: str) -> dict[str, str]:
    cells = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    return {row[1]: row[2] for row in cells if len(row) > 2}


def test_a_study_leaves_its_experiments_and_nothing_else(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    dirty = path.read_text(encoding="utf-8")
    done = run("visage", "run", "recipes/loop.yaml")
    assert done.returncode == 1  # resnet34 failed, and the next one ran
    assert "loop-resnet34 FAILED" in done.stderr
    page = (tmp_path / "metrics/compare-loop.md").read_text(encoding="utf-8")
    assert rows(page)["published: other"] == "1.50"
    assert rows(page)["ours: loop-resnet18"] == "13.00 [12.00, 14.00]"
    assert rows(page)["ours: loop-resnet34"] == ""
    assert rows(page)["ours: loop-resnet50"] == "13.00 [12.00, 14.00]"
    assert path.read_text(encoding="utf-8") == dirty
    status = run("git", "status", "--porcelain").stdout.split("\n")
    assert status[:2] == [" M params.yaml", "?? metrics/compare-loop.md"]
    assert json.loads((tmp_path / "metrics/evaluate.json").read_text())["rmse"] == 50  # HEAD's


def test_a_member_that_equals_head_is_an_experiment_too(run: Run) -> None:
    done = run("visage", "run", "recipes/loop.yaml", "--smoke")
    assert "SMOKE RUN: reduced" in done.stderr
    names = run("dvc", "exp", "list", "--name-only").stdout.split()
    assert sorted(names) == ["loop-smoke-resnet18", "loop-smoke-resnet50"]
    again = run("visage", "run", "recipes/loop.yaml", "--smoke")
    assert "run already" not in again.stderr
    assert "[3/3] loop-smoke-resnet50" in again.stderr


def test_experiments_are_replaced_on_demand_only(run: Run) -> None:
    words = ("visage", "run", "recipes/loop.yaml", "-S", "data.root=data/demo")
    assert run(*words).returncode == 1
    again = run(*words)
    assert again.returncode == 1
    assert "[1/3] loop-resnet18 is there already; --force runs it again" in again.stderr
    assert "[2/3] loop-resnet34: " in again.stderr  # it failed
    assert "[3/3] loop-resnet50 is there already" in again.stderr
    other = run(*words, "-S", "seed=6")
    assert other.returncode == 1
    assert "loop-resnet18, loop-resnet50: run already from this commit, with" in other.stderr
    forced = run(*words, "--force")
    assert "[3/3] loop-resnet50" in forced.stderr
    names = run("dvc", "exp", "list", "--name-only").stdout.split()
    assert sorted(names) == ["loop-resnet18", "loop-resnet50"]


def test_a_fault_is_found_before_anything_runs(run: Run) -> None:
    done = run("visage", "run", "recipes/loop.yaml", "-S", "train.epochs=0")
    assert done.returncode == 1
    assert "loop-resnet18: train.epochs: Input should be greater than 0, found 0" in done.stderr
    assert "[1/3]" not in done.stderr


def test_the_best_point_on_the_validation_part_alone_is_run_for_the_test_part(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "recipes/loop.yaml"
    path.write_text(f"{RECIPE}rank_by: rmse\n", encoding="utf-8")
    done = run("visage", "run", "recipes/loop.yaml")
    said = {line.partition(":")[0]: line for line in done.stderr.splitlines()}
    first, winner = said["[1/3] loop-resnet18"], said["[1/1] loop-winner"]
    assert "seed=5 evaluate.part='validation'" in first
    assert "seed=5 evaluate.part='test' backbone='resnet18'" in winner
    page = (tmp_path / "metrics/compare-loop.md").read_text(encoding="utf-8")
    assert rows(page)["ours: loop-winner"] == "13.00 [12.00, 14.00]"
    assert "the same model by its hash" in page
    refused = run("visage", "run", "recipes/loop.yaml", "--force", "-S", "evaluate.part=test")
    assert refused.returncode == 1
    assert "rank_by.evaluate.part: -S evaluate.part=... would replace" in refused.stderr


def test_a_winner_that_was_trained_again_to_other_weights_is_no_winner(
    run: Run, tmp_path: Path
) -> None:
    recipe = RECIPE.replace("resnet34, ", "")
    (tmp_path / "recipes/loop.yaml").write_text(f"{recipe}rank_by: rmse\n", encoding="utf-8")
    changed = TRAIN.replace("OTHER = False", "OTHER = True")
    (tmp_path / "train.py").write_text(changed, encoding="utf-8")
    done = run("visage", "run", "recipes/loop.yaml")
    assert done.returncode == 1
    assert "loop-winner has the weights" in done.stderr
    page = (tmp_path / "metrics/compare-loop.md").read_text(encoding="utf-8")
    assert "the winner's row is NOT of the model that won" in page
