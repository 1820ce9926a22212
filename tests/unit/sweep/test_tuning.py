from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.load import ParamsError
from visage.sweep.tuning import load_tuning

Write = Callable[[str], Path]
HEAD = "purpose: Why\ntrials: 3\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_tuning(text: str) -> Path:
        path = tmp_path / "search.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write_tuning


def faults(path: Path) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        load_tuning(path, smoke=False)
    return caught.value.faults


def test_a_purpose_trials_and_a_space_are_enough(write: Write) -> None:
    plan = load_tuning(write("space: {train.lr: {low: 1e-4, high: 1e-2, log: true}}"), smoke=False)
    assert (plan.trials, plan.metric) == (3, "val_harmonic")
    assert not plan.space["train.lr"].whole


def test_a_smoke_run_has_its_own_numbers_of_trials(write: Write) -> None:
    path = write(
        "space: {train.lr: {low: 1e-4, high: 1e-2}}\n"
        "smoke: {overrides: {}, trials: 2, startup_trials: 1}"
    )
    found = [load_tuning(path, smoke=smoke) for smoke in (False, True)]
    assert [(plan.trials, plan.startup_trials) for plan in found] == [(3, 5), (2, 1)]


@pytest.mark.parametrize(
    ("dimension", "fault"),
    [
        ("{low: 1}", "space.a: needs low and high, or choices"),
        ("{low: 2, high: 1}", "space.a: low 2 must be below high 1"),
        ("{low: 0, high: 1, log: true}", "space.a: log needs a low above 0, and no step"),
        ("{low: 1, high: 8, step: 1, log: true}", "space.a: log needs a low above 0, and no step"),
        ("{low: 1, high: 8, step: 0.5}", "space.a: step 0.5 must be whole, as low and high are"),
        ("{low: 1, high: 8, step: 2}", "space.a: high must be a whole number of steps of 2"),
        ("{low: 1, high: 8, step: 0}", "space.a: high must be a whole number of steps of 0"),
        ("{low: 1, high: 8, choices: [1, 2]}", "space.a: has choices and a range"),
        ("{lwo: 1, high: 8}", "space.a: unknown key lwo; known: low, high, step, log, choices"),
        ("{choices: [1]}", "space.a.choices: List should have at least 2 items"),
    ],
)
def test_a_dimension_that_makes_no_sense_is_refused(
    write: Write, dimension: str, fault: str
) -> None:
    (found,) = faults(write(f"space: {{a: {dimension}}}"))
    assert found.startswith(fault)


def test_a_step_may_be_a_fraction(write: Write) -> None:
    plan = load_tuning(write("space: {a: {low: 0.0, high: 0.3, step: 0.1}}"), smoke=False)
    assert plan.space["a"].step == 0.1


def test_a_figure_of_the_test_part_is_no_score(write: Write) -> None:
    (found,) = faults(write("metric: harmonic\nspace: {a: {low: 1, high: 2}}"))
    assert found.startswith("metric: Input should be 'val_harmonic'")


def test_a_missing_file_is_said_with_those_that_there_are(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    (found,) = faults(Path("recipes/tune/rat.yaml"))
    assert "recipes/tune/rate.yaml" in found
