"""Experiments, comparisons and repeats on the small project: what takes minutes."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.tracking import tags
from visage.tracking.address import resolve
from visage.tracking.store import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Run = Callable[..., CompletedProcess[str]]


def runs(project: Path) -> dict[str, str]:
    """Returns how each run in MLflow came about, live or restored, by its id."""
    store = connect(resolve(project), seconds=2)
    return {run.id: run.tags[tags.TRAIN] for run in store.runs({})}


def test_a_forced_repeat_without_live_tracking_gives_the_same_bytes(
    finished: Path, run_finished: Run
) -> None:
    before, tracked = (finished / "dvc.lock").read_text(), runs(finished)
    assert tags.Trained.LIVE in tracked.values()
    shutil.rmtree(finished / ".dvc/cache/runs", ignore_errors=True)
    done = run_finished("dvc", "repro", "-f", VISAGE_TRACK="off", VISAGE_WORKERS="2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Running stage 'train'" in done.stdout
    assert runs(finished) == tracked  # the repeat left none behind
    assert (finished / "dvc.lock").read_text() == before
    assert run_finished("git", "status", "--porcelain").stdout == ""


def test_another_backbone_is_an_experiment_that_can_be_compared(
    finished: Path, run_finished: Run
) -> None:
    done = run_finished("dvc", "exp", "run", "-n", "other", "-S", "backbone=test_vit")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Running stage 'ingest'" not in done.stdout
    diff = json.loads(run_finished("dvc", "metrics", "diff", "HEAD", "other", "--json").stdout)
    assert "mae" in json.dumps(diff)
    shown = run_finished("dvc", "exp", "show", "--csv").stdout
    assert "other" in shown
    plots = run_finished("dvc", "plots", "diff", "HEAD", "other")
    page = (finished / "dvc_plots/index.html").read_text(encoding="utf-8")
    assert plots.returncode == 0, plots.stderr
    assert 'src="http' not in page


def shares(**fractions: float) -> list[str]:
    """Returns the options that set `split.fractions`."""
    options = [f"split.fractions.{name}={share}" for name, share in fractions.items()]
    return [word for option in options for word in ("-S", option)]


def test_a_refit_without_validation_and_test_submits_and_measures_nothing(
    finished: Path, run_finished: Run
) -> None:
    options = shares(train=0.8, validation=0.0, calibration=0.2, test=0.0)
    done = run_finished("dvc", "exp", "run", "-n", "refit", *options, VISAGE_TRACK="on")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "train.monitor and train.patience are without effect" in said
    assert "NOT in MLflow" not in said
    assert json.loads((finished / "metrics/evaluate.json").read_text()) == {"n": 0}
    assert json.loads((finished / "models/model.json").read_text())["best_epoch"] == 2
    assert "nothing was measured" in (finished / "metrics/report.html").read_text(encoding="utf-8")
    with (finished / "data/predictions/submission.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 12
    plots = run_finished("dvc", "plots", "diff", "HEAD", "refit")
    assert plots.returncode == 0, plots.stderr
    assert run_finished("visage", "show").returncode == 0


@pytest.mark.parametrize("fold", [0, 3])
def test_a_fold_is_an_experiment(finished: Path, run_finished: Run, fold: int) -> None:
    chosen = ["-S", "split.method=kfold", "-S", f"split.kfold.fold={fold}"]
    done = run_finished("dvc", "exp", "run", "-n", f"fold{fold}", *chosen)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads((finished / "metrics/split.json").read_text())
    assert counts["kfold"] == {"folds": 5, "fold": fold}
    assert counts["near_duplicate_pairs_across_parts"] == 0


def test_an_experiment_that_equals_head_is_left_as_one(run_finished: Run) -> None:
    done = run_finished("dvc", "exp", "run", "-n", "same", "-S", "backbone=test_resnet")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "same" in run_finished("dvc", "exp", "list", "--name-only").stdout.split()


def test_a_queued_experiment_runs_the_snapshots_code(run_finished: Run) -> None:
    queued = run_finished("dvc", "exp", "run", "--queue", "-n", "queued", "-S", "evaluate.seed=99")
    assert queued.returncode == 0, queued.stderr
    done = run_finished("dvc", "exp", "run", "--run-all")
    assert "Running stage 'evaluate'" in done.stdout + done.stderr
    assert "queued" in run_finished("dvc", "exp", "list", "--name-only").stdout.split()


MISUSES = [
    (["-S", "backbone=test_resnett"], "did you mean test_resnet"),
    (["-S", "data.source=kagle"], "data.source: there is no 'kagle'; did you mean kaggle"),
    (["-S", "data.kaggle.columns.age=years"], "years"),
    (["-S", "train.epochs=0"], "train.epochs: Input should be greater than 0, found 0"),
    (["-S", "split.fractions.test=0.5"], "sum to 1.3, must sum to 1"),
    (["-S", "split.method=kfolds"], "src/visage/data/splits/kfolds.py"),
    (["-S", "split.method=official"], "have no official part"),
    (["-S", "model.image_size=999"], "raise ingest.store_size"),
    (["-S", "init.source=packaged"], "tf_efficientnet_lite0"),
]


@pytest.mark.parametrize(("options", "message"), MISUSES)
def test_misuse_ends_in_one_message_and_loses_nothing(
    finished: Path, run_finished: Run, options: list[str], message: str
) -> None:
    model = (finished / "models/model.safetensors").read_bytes()
    done = run_finished("dvc", "exp", "run", "--temp", *options)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert message in said, said
    assert "Traceback" not in said
    assert (finished / "models/model.safetensors").read_bytes() == model
