"""Misuse of `visage tune` is refused, all of it at once, before anything is run or written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

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
    assert fault.startswith("space.train.lr: -S train.lr=... would make all its points equal")


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
