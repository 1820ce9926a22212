"""A store that was deleted comes back from Git and DVC, and its model is put to use by a name."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.tracking import git, tags
from visage.tracking.address import resolve
from visage.tracking.commits import key_at
from visage.tracking.state import stages_of
from visage.tracking.store import Run, connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Command = Callable[..., CompletedProcess[str]]
MODEL = "models/model.safetensors"
NOT_KEPT = ("system/", "images_per_second", "train_seconds", "peak_memory_mb", "processes")
LOADS = """
import json, sys
import mlflow
model = mlflow.pyfunc.load_model("models:/visage@champion")
(row,) = model.predict(model.input_example, params={"crop": "none"}).to_dict(orient="records")
print(json.dumps(row))
"""


@pytest.fixture(scope="module")
def copy(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished project with an experiment, and without a store."""
    folder = tmp_path_factory.mktemp("tracking") / "project"
    shutil.copytree(finished, folder, symlinks=True)
    command_in(folder)("dvc", "exp", "remove", "--all-commits")  # other tests' ones
    done = command_in(folder)(
        "dvc", "exp", "run", "--temp", "-n", "seeded", "-S", "seed=5", VISAGE_TRACK="off"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(folder / "mlflow")
    return folder


def command_in(folder: Path) -> Command:
    """Returns a function that runs a command in the copy, tracked, unlike most tests' commands."""

    def command(*words: str, **environment: str) -> CompletedProcess[str]:
        changed = {"VISAGE_TRACK": "on", "VISAGE_DEVICE": "cpu", "VISAGE_WORKERS": "0"}
        return subprocess.run(
            words,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **IDENTITY, **changed, **environment},
        )

    return command


IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "visage"), ("EMAIL", "visage@example.com"))
}


@pytest.fixture(scope="module")
def rebuilt(copy: Path) -> CompletedProcess[str]:
    """What the command said."""
    done = command_in(copy)("visage", "track", "--rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def runs(project: Path) -> list[Run]:
    return connect(resolve(project), seconds=2).runs({tags.STATUS: tags.Status.COMPLETE})


def figures(run: Run) -> dict[str, float]:
    return {name: value for name, value in run.metrics.items() if not name.startswith(NOT_KEPT)}


def test_head_and_the_experiment_come_back_as_they_were(
    rebuilt: CompletedProcess[str], copy: Path, finished: Path
) -> None:
    assert "2 runs written (0 of them lack files)" in rebuilt.stdout
    (before,) = (run for run in runs(finished) if run.tags[tags.KEY] == key_at(finished, "HEAD"))
    after = {run.params["seed"]: run for run in runs(copy)}
    assert set(after) == {"42", "5"}
    again = after["42"]
    assert again.tags[tags.KEY] == before.tags[tags.KEY]
    assert again.params == before.params
    assert figures(again) == pytest.approx(figures(before))
    assert again.tags[tags.NOTE] == before.tags[tags.NOTE]
    assert after["5"].tags[tags.EXPERIMENTS] == "seeded"
    steps = connect(resolve(copy), seconds=2).steps(again, "val_mae")
    assert steps == {1, 2}


def test_nothing_else_is_touched_and_the_second_time_is_nothing_to_do(
    rebuilt: CompletedProcess[str], copy: Path
) -> None:
    command = command_in(copy)
    assert "0 runs written" in command("visage", "track", "--rebuild").stdout
    assert len(runs(copy)) == 2
    assert command("git", "status", "--porcelain").stdout == ""


def test_a_promoted_model_is_loaded_by_its_alias(
    rebuilt: CompletedProcess[str], copy: Path
) -> None:
    command = command_in(copy)
    first = command("visage", "promote", "seeded")
    assert first.returncode == 0, first.stderr
    assert "visage, version 1 (is new)" in first.stdout
    moved = command("visage", "promote", "HEAD")
    assert "version 2 (is new)" in moved.stdout
    assert "Alias champion; it was that of version 1" in moved.stdout
    (run_id,) = (run.id for run in runs(copy) if run.params["seed"] == "42")
    again = command("visage", "promote", run_id)
    assert "version 2 (was registered before)" in again.stdout
    assert "models:/visage@champion" in again.stdout
    uri = f"sqlite:///{copy / 'mlflow/mlflow.db'}"
    loaded = command("python", "-W", "ignore", "-c", LOADS, MLFLOW_TRACKING_URI=uri)
    assert loaded.returncode == 0, loaded.stderr
    row = json.loads(loaded.stdout.splitlines()[-1])
    assert row["error"] is None
    assert 0 <= row["age_low"] <= row["age"] <= row["age_high"] <= 100


def test_an_unknown_run_is_refused_in_one_message(
    rebuilt: CompletedProcess[str], copy: Path
) -> None:
    done = command_in(copy)("visage", "promote", "f" * 32)
    assert done.returncode == 1
    assert "has no such run" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_cache_lacks_is_said_and_added_when_it_is_back(
    rebuilt: CompletedProcess[str], copy: Path, tmp_path: Path
) -> None:
    command = command_in(copy)
    shutil.move(copy / "mlflow", tmp_path / "mlflow")
    kept = shutil.move(cached(copy, "seeded", MODEL), tmp_path / "weights")
    try:
        said = command("visage", "track", "--rebuild").stdout
        refused = command("visage", "promote", "seeded")
    finally:
        shutil.move(kept, cached(copy, "seeded", MODEL))
    assert f"not at hand: {MODEL}" in said
    assert "2 runs written (1 of them lack files)" in said
    assert "has no model" in refused.stderr
    assert "1 runs written (0 of them lack files)" in command("visage", "track", "--rebuild").stdout
    assert command("visage", "promote", "seeded").returncode == 0


def cached(project: Path, experiment: str, name: str) -> Path:
    """Where DVC's cache holds an output of an experiment."""
    (commit,) = (one.commit for one in git.experiments(project) if one.name == experiment)
    outs = stages_of(git.text_at(project, commit, "dvc.lock") or "")["train"]["outs"]
    md5 = next(out["md5"] for out in outs if out["path"] == name)
    return project / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
