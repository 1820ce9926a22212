"""Experiments, comparisons and repeats on the small project: what takes minutes."""

import csv
import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.params.load import read_params
from visage.records import flat_params
from visage.tracking import tags
from visage.tracking.address import resolve
from visage.tracking.store import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Run = Callable[..., CompletedProcess[str]]
METRICS_DIFF = "dvc metrics diff"
FIGURES = {"rmse", "mae", "r2", "within_3", "within_5", "within_10"}
FIGURES |= {"gender_accuracy", "gender_f1", "harmonic", "n"}
OVERLAID = (
    "Loss by epoch",
    "Gender, measured part",
    "Age, measured part",
    "Ages inside their interval, by predicted age, measured part",
)


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


@pytest.fixture(scope="module")
def other(run_finished: Run) -> str:
    """The name of an experiment with another backbone and another learning rate."""
    done = run_finished(
        "dvc", "exp", "run", "-n", "other", "-S", "backbone=test_vit", "-S", "train.lr=0.002"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Running stage 'ingest'" not in done.stdout
    return "other"


def documented(root: Path, start: str) -> list[str]:
    """Returns the README's command that starts so, as a shell takes it apart."""
    lines = (root / "README.md").read_text(encoding="utf-8").splitlines()
    return next(shlex.split(line, comments=True) for line in lines if line.startswith(start))


def test_the_documented_table_of_experiments_is_readable(
    root: Path, finished: Path, run_finished: Run, other: str
) -> None:
    shown = run_finished(*documented(root, "dvc exp show"), "--csv").stdout
    head, *rows = csv.reader(shown.splitlines())
    params = {param.name for param in flat_params(read_params(finished / "params.yaml"))}
    assert other in [row[head.index("Experiment")] for row in rows]
    assert {"backbone", "train.lr"} <= params & set(head)
    figures = set(head) - params - {"Experiment", "rev", "typ", "parent", "State", "Executor"}
    assert figures <= FIGURES
    assert {"mae", "harmonic", "gender_f1"} <= figures


def test_metrics_of_two_experiments_differ_in_few_rounded_figures(
    root: Path, run_finished: Run, other: str
) -> None:
    command = [word if word != "efficientnet" else other for word in documented(root, METRICS_DIFF)]
    diff = json.loads(run_finished(*command, "--json").stdout)
    figures = {name: pair for pairs in diff.values() for name, pair in pairs.items()}
    assert {"mae", "harmonic"} <= figures.keys() <= FIGURES
    values = [pair[side] for pair in figures.values() for side in ("old", "new")]
    assert [value for value in values if round(value, 4) != value] == []


@pytest.mark.parametrize("plot", OVERLAID)
def test_plots_of_two_experiments_lie_over_each_other(
    drawn: dict[str, set[str]], other: str, plot: str
) -> None:
    assert drawn[plot] == {"HEAD", other}


@pytest.fixture(scope="module")
def drawn(finished: Path, run_finished: Run, other: str) -> dict[str, set[str]]:
    """The revisions in the data that the page of `dvc plots diff` draws, by the plot's name."""
    done = run_finished("dvc", "plots", "diff", "HEAD", other)
    assert done.returncode == 0, done.stderr
    page = (finished / "dvc_plots/index.html").read_text(encoding="utf-8")
    assert 'src="http' not in page
    found = {}
    for start in re.finditer(r"var spec = ", page):
        spec, _ = json.JSONDecoder().raw_decode(page, start.end())
        title = spec["title"] if isinstance(spec["title"], str) else spec["title"]["text"]
        found[title] = {row["rev"] for row in spec["data"]["values"]}
    return found


def test_the_model_is_an_artifact_that_is_got_by_its_version(
    finished: Path, run_finished: Run, tmp_path: Path
) -> None:
    run_finished("git", "tag", "-a", "age-gender@v1.0.0", "-m", "the first")
    got = run_finished("dvc", "artifacts", "get", ".", "age-gender", "-o", str(tmp_path / "got"))
    run_finished("git", "tag", "-d", "age-gender@v1.0.0")
    assert got.returncode == 0, got.stdout + got.stderr
    model = (finished / "models/model.safetensors").read_bytes()
    assert (tmp_path / "got").read_bytes() == model


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


def test_a_source_of_ages_alone_runs_from_end_to_end(finished: Path, run_finished: Run) -> None:
    ages = ["-S", "tasks=[age]", "-S", "train.monitor=rmse"]
    source = ["-S", "data.kaggle.columns.gender=null"]
    done = run_finished("dvc", "exp", "run", "-n", "ages", *ages, *source)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((finished / "metrics/evaluate.json").read_text())
    assert figures.pop("n_gender") == 0
    assert set(figures) == {"rmse", "mae", "r2", "within_3", "within_5", "within_10", "n"}
    assert json.loads((finished / "metrics/ingest.json").read_text())["n_with_gender"] == 0
    with (finished / "data/predictions/submission.csv").open(encoding="utf-8") as file:
        assert csv.DictReader(file).fieldnames == ["id", "age"]
    page = (finished / "metrics/report.html").read_text(encoding="utf-8")
    assert "Faces by part, age and gender" in page
    assert "unknown" in page


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
