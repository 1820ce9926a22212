from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app

Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs the command on answers, in a folder with a sample and no project."""
    monkeypatch.chdir(tmp_path)
    Path("sample.csv").write_text("id,age,gender\r\n6,30.0,1\r\n", encoding="utf-8")

    def run(answers: str, *words: str) -> Result:
        Path("mine.csv").write_text(answers, encoding="utf-8")
        return CliRunner().invoke(app, ["submission", "check", "mine.csv", *words])

    return run


def test_a_sound_file_ends_with_0_and_its_distribution(check: Check) -> None:
    result = check("id,age,gender\n6,30.0,1\n", "--table", "sample.csv")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("mine.csv: no faults found: 1 rows; ages 30.0 to 30.0")


def test_every_fault_is_a_line_and_the_exit_code_1(check: Check) -> None:
    result = check("id,age,gender\n6,-3,f\n7,1,1\n", "--table", "sample.csv")
    assert result.exit_code == 1
    assert result.stderr.count("mine.csv: ") == 3


def test_without_a_table_and_a_project_the_remedy_is_said(check: Check) -> None:
    result = check("id,age,gender\n")
    assert result.exit_code == 1
    assert "give --table" in result.stderr
