"""`visage tune` refuses misuse, all of it at once, before anything is run or written.

What it runs is seen with a stand-in for dvc that leaves experiments as dvc does.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from visage.files.jsons import write_json
from visage.files.paths import DETAILS, EVALUATE_METRICS, HISTORY, SUBMISSION_JSON
from visage.files.tables import write_table
from visage.schema import HISTORY as COLUMNS
from visage.sweep import members

Faults = Callable[..., list[str]]
TUNING = """\
purpose: Why
needs: {data.root: the faces}
overrides: {train.epochs: 3}
space:
  train.lr: {low: 1e-4, high: 1e-2, log: true}
trials: 3
"""


@pytest.fixture
def faults(project: Path, visage: Callable[..., Result]) -> Faults:
    """Returns a function that gives the faults found in TUNING with a part replaced."""

    def found(old: str = "", new: str = "", *words: str, root: bool = True) -> list[str]:
        assert old in TUNING
        (project / "search.yaml").write_text(TUNING.replace(old, new), encoding="utf-8")
        given = ("-S", "data.root=/") if root else ()
        result = visage("tune", "search.yaml", *given, *words)
        assert result.exit_code == 1
        assert not (project / ".visage").exists()
        return result.stderr.removeprefix("ERROR: ").replace("search.yaml: ", "").splitlines()

    return found


def test_what_only_the_user_knows_is_asked_for(faults: Faults) -> None:
    (fault,) = faults(root=False)
    assert fault == "needs data.root (the faces): visage tune search.yaml -S data.root=..."


def test_a_quick_run_that_is_not_there_is_said(faults: Faults) -> None:
    assert faults("", "", "--smoke") == ["smoke: is missing, so there is no quick run; add it"]


def test_a_parameter_of_the_space_is_not_given(faults: Faults) -> None:
    (fault,) = faults("", "", "-S", "train.lr=1")
    assert fault.startswith("space.train.lr: -S train.lr=... would replace what the study chooses")


def test_an_unknown_parameter_is_named_with_near_matches(faults: Faults) -> None:
    (fault,) = faults("train.lr:", "train.lrr:")
    assert fault.startswith("train.lrr: params.yaml has no such parameter; did you mean train.lr")


def test_what_can_not_be_compared_is_refused(faults: Faults) -> None:
    (fault,) = faults("train.lr:", "split.seed:")
    assert fault.startswith("space.split.seed: changes the validation part or has no effect")


def test_both_ends_of_a_range_are_checked(faults: Faults) -> None:
    (fault,) = faults(
        "train.lr: {low: 1e-4, high: 1e-2, log: true}", "model.image_size: {low: 32, high: 512}"
    )
    assert fault.startswith("search at model.image_size=512: model.image_size: 512 is larger than")


def test_every_choice_is_checked(faults: Faults) -> None:
    (fault,) = faults(
        "train.lr: {low: 1e-4, high: 1e-2, log: true}",
        "model.age_head: {choices: [regression, distribution, regresion]}",
    )
    assert "there is no 'regresion'" in fault


def test_faults_are_found_together(faults: Faults) -> None:
    found = faults("train.epochs: 3", "train.epochs: 0, train.batch_size: 1")
    assert {fault.split(": ")[1] for fault in found} == {"train.epochs", "train.batch_size"}


def test_a_score_that_the_tasks_do_not_have_is_refused(faults: Faults) -> None:
    (low, _) = faults("train.epochs: 3", "tasks: [age], train.monitor: mae")
    assert "metric: val_harmonic does not exist with tasks [age]" in low


def test_the_part_is_not_given(faults: Faults) -> None:
    (fault,) = faults("", "", "-S", "evaluate.part=test")
    assert fault.startswith("metric.evaluate.part: -S evaluate.part=... would replace")


class FakeDvc:
    """Trains to a score that rises with the rate; the weights are told by it.

    Attributes:
        ran: the overrides of each experiment by name, in order.
        other: whether a training that is repeated gives other weights.
    """

    def __init__(self, project: Path, commit: Callable[[str, Callable[[], None]], str]) -> None:
        self.ran: list[tuple[str, dict[str, str]]] = []
        self.other = False
        self._project = project
        self._commit = commit

    def __call__(self, words: Sequence[str], **_: object) -> bool:
        if "remove" in words:
            return True
        name, given = words[words.index("--name") + 1], words[words.index("--name") + 2 :]
        overrides = dict(text.split("=", 1) for text in given if text != "--set-param")
        self.ran.append((name, overrides))
        self._commit(name, lambda: self._write(overrides))
        return True

    def _write(self, overrides: dict[str, str]) -> None:
        rate, part = overrides["train.lr"], overrides["evaluate.part"].strip("'")
        row = {"epoch": 1, "lr": float(rate), "val_harmonic": float(rate)}
        history = pd.DataFrame([row]).reindex(columns=COLUMNS.names)
        write_table(self._project / HISTORY, history, COLUMNS)
        write_json(self._project / EVALUATE_METRICS, {"mae": 5.0, "n": 7})
        write_json(self._project / DETAILS, {"part": part, "data_sha256": f"{part} " * 9})
        made = {"model_sha256": f"{part if self.other else ''}{rate}"}
        write_json(self._project / SUBMISSION_JSON, made)


@pytest.fixture
def dvc(
    project: Path, monkeypatch: pytest.MonkeyPatch, commit_written: Callable[..., str]
) -> FakeDvc:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "visage")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "visage@example.com")
    monkeypatch.setenv("VISAGE_TRACK", "off")
    monkeypatch.setattr("os.fsync", lambda _: None)
    text = f"{TUNING}smoke: {{trials: 2, startup_trials: 0, overrides: {{}}}}\n"

    def write() -> None:
        (project / "search.yaml").write_text(text, encoding="utf-8")
        (project / ".gitignore").write_text("/.visage/\n", encoding="utf-8")

    commit_written(None, write)
    fake = FakeDvc(project, commit_written)
    monkeypatch.setattr(members, "run_command", fake)
    return fake


@pytest.fixture
def search(project: Path, visage: Callable[..., Result]) -> Callable[..., Result]:
    """Returns a function that runs the search with further words."""
    return lambda *words: visage("tune", "search.yaml", "-S", "data.root=/", *words)


def parts(dvc: FakeDvc) -> list[tuple[str, str]]:
    return [(name, overrides["evaluate.part"].strip("'")) for name, overrides in dvc.ran]


def test_the_best_trial_alone_is_measured_on_the_test_part(
    dvc: FakeDvc, search: Callable[..., Result], project: Path
) -> None:
    assert search().exit_code == 0
    trials = [(f"search-{number}", "validation") for number in range(3)]
    assert parts(dvc) == [*trials, ("search-winner", "test")]
    rates = {name: float(overrides["train.lr"]) for name, overrides in dvc.ran}
    assert rates["search-winner"] == max(rates.values())
    page = (project / "metrics/tune-search.md").read_text(encoding="utf-8")
    assert re.search(r"\| ours: search-winner \| +5\.00 \| 7 \| test test", page)
    assert "the winner alone was measured on the test part, the same model by its hash." in page
    assert "`dvc exp apply search-winner`" in page


def test_a_winner_of_other_weights_is_refused(dvc: FakeDvc, search: Callable[..., Result]) -> None:
    dvc.other = True
    done = search()
    assert done.exit_code == 1
    assert "ERROR: search-winner has the weights" in done.stderr
    assert "the winner's row is NOT of the model that won" in done.stdout


def test_a_search_whose_trials_met_the_test_part_is_begun_anew_on_demand(
    dvc: FakeDvc, search: Callable[..., Result], project: Path
) -> None:
    search()
    log = project / ".visage/tune/search.log"
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        attributes: dict[str, Any] = line.get("user_attr", {})
        if "definition" in attributes:
            before = attributes["definition"].replace('part": "validation', 'part": "test')
            assert before != attributes["definition"]
            attributes["definition"] = before
    log.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    again = search()
    assert again.exit_code == 1
    assert "evaluate.part: test, now validation. Give the file another name" in again.stderr
    assert "begin anew with --force" in again.stderr
    assert search("--force").exit_code == 0


def test_a_quick_search_may_be_repeated(dvc: FakeDvc, search: Callable[..., Result]) -> None:
    assert search("--smoke").exit_code == 0
    first = dvc.ran.copy()
    assert [name for name, _ in first] == [
        "search-smoke-0",
        "search-smoke-1",
        "search-smoke-winner",
    ]
    assert search("--smoke").exit_code == 0
    assert dvc.ran[3:] == first
