"""`visage tune` on the real pipeline: a trial that ends, one that is stopped, and going on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from visage.tracking import tags
from visage.tracking.address import resolve
from visage.tracking.store import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Run = Callable[..., CompletedProcess[str]]

# With this seed the first rate is one that learns, the second is one that does not, the third is
# the first again.
TUNING = """\
purpose: Does the search hold?
overrides: {train.epochs: 20, train.warmup_epochs: 0, train.patience: null}
space:
  train.lr: {choices: [2e-3, 1e-9]}
trials: 2
sampler: random
seed: 6
startup_trials: 1
"""


@pytest.fixture
def tuned(finished: Path, run_finished: Run) -> Iterator[Path]:
    """Returns the finished project with a search's file; what the search leaves is removed."""
    path = finished / "recipes/tune/tiny.yaml"
    path.write_text(TUNING, encoding="utf-8")
    yield path
    path.unlink()
    (finished / "metrics/tune-tiny.md").unlink(missing_ok=True)
    assert run_finished("git", "status", "--porcelain").stdout == ""


def states(page: Path) -> dict[str, str]:
    """Returns each trial's state in the table, up to its second word."""
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("|")]
    return {row[1]: " ".join(row[-2].split()[:2]) for row in rows if row[1].startswith("tiny-")}


def runs(project: Path) -> dict[str, str]:
    """Returns the status in MLflow of each experiment's run."""
    store = connect(resolve(project), seconds=2)
    return {run.tags[tags.EXPERIMENTS]: run.status for run in store.runs({})}


def test_a_hopeless_trial_is_stopped_and_the_search_goes_on_later(
    finished: Path, tuned: Path, run_finished: Run
) -> None:
    done = run_finished("visage", "tune", "recipes/tune/tiny.yaml", VISAGE_TRACK="on")
    assert done.returncode == 0, done.stdout + done.stderr
    page = finished / "metrics/tune-tiny.md"
    assert states(page) == {"tiny-0": "complete", "tiny-1": "pruned after"}
    assert "measured on the test part, the same model by its hash" in page.read_text("utf-8")
    # A stopped trial leaves no experiment, no stash and no snapshot.
    found = run_finished("git", "for-each-ref", "--format=%(refname)", "refs/exps").stdout
    names = {line.rpartition("/")[2] for line in found.splitlines()}
    assert ("tiny-0" in names, "tiny-1" in names, "stash" in names) == (True, False, False)
    assert list((finished / ".dvc/tmp/exps/standalone").glob("tmp*")) == []
    assert (runs(finished)["tiny-0"], runs(finished)["tiny-1"]) == ("FINISHED", "KILLED")

    tuned.write_text(TUNING.replace("trials: 2\n", "trials: 3\n"), encoding="utf-8")
    again = run_finished("visage", "tune", "recipes/tune/tiny.yaml")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "tiny-0:" not in again.stderr
    assert "Running stage 'train'" not in again.stdout  # the third is the first one, restored
    assert states(page) == {"tiny-0": "complete", "tiny-2": "complete", "tiny-1": "pruned after"}
