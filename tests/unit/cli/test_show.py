import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Visage = Callable[..., Result]
DETAILS = {
    "part": "test",
    "n": 32,
    "seed": 17,
    "level": 0.95,
    "data_sha256": "0123456789abcdef",
    "intervals": {"mae": [4.0, 6.0]},
    "baseline": {"mae": 15.5},
}


@pytest.fixture
def finished(project: Path) -> Path:
    (project / "metrics").mkdir()
    (project / "metrics/evaluate.json").write_text(json.dumps({"mae": 5.0, "n": 32}))
    (project / "metrics/details.json").write_text(json.dumps(DETAILS))
    return project


def test_a_figure_stands_beside_its_interval_and_the_trivial_predictor(
    visage: Visage, finished: Path
) -> None:
    (row,) = [line for line in visage("show").output.splitlines() if "MAE" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "Age MAE (years)",
        "5.00",
        "4.00 to 6.00",
        "15.50",
    ]


def test_a_figure_that_was_not_measured_is_no_row(visage: Visage, finished: Path) -> None:
    assert "Gender" not in visage("show").output


def test_the_table_says_on_what_it_was_measured(visage: Visage, finished: Path) -> None:
    text = " ".join(visage("show").output.split())
    assert "32 faces of the test part, data 0123456789ab, bootstrap seed 17" in text


def test_what_the_threshold_gives_is_said_cross_fitted_too(visage: Visage, finished: Path) -> None:
    gain = {"gain": 0.0123, "low": -0.001, "high": 0.02}
    effect = {"threshold_effect": {"fitted": gain, "cross_fitted": {**gain, "gain": 0.0045}}}
    (finished / "metrics/details.json").write_text(json.dumps(DETAILS | effect))
    text = " ".join(visage("show").output.split())
    assert "the threshold taken +0.0123 (\N{MINUS SIGN}0.0010 to 0.0200)" in text
    assert "thresholds fitted on nine tenths +0.0045" in text


def test_before_the_first_run_the_remedy_is_said(visage: Visage) -> None:
    result = visage("show")
    assert result.exit_code == 1
    assert result.stderr == "ERROR: metrics/evaluate.json is missing; run `dvc repro`\n"


def test_without_a_test_part_it_says_so(visage: Visage, finished: Path) -> None:
    (finished / "metrics/evaluate.json").write_text(json.dumps({"n": 0}))
    details = {"part": "test", "n": 0, "unmeasured": "no test part: nothing was measured"}
    (finished / "metrics/details.json").write_text(json.dumps(details))
    result = visage("show")
    assert result.exit_code == 0
    assert "no test part: nothing was measured" in result.output
