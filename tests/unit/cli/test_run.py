"""Misuse of `visage run` is refused, all of it at once, before anything is run."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result


def test_a_figure_to_rank_by_that_some_points_lack_is_refused(
    project: Path, visage: Callable[..., Result]
) -> None:
    text = "purpose: Why\nrank_by: harmonic\nvariants:\n  both: {}\n"
    text += "  ages: {tasks: [age], train.monitor: mae}\n  genders: {tasks: [gender], seed: 0, "
    text += "train.monitor: gender_f1}\n"
    (project / "study.yaml").write_text(text, encoding="utf-8")
    result = visage("run", "study.yaml", "-S", "data.root=/")
    assert result.exit_code == 1
    start = "does not exist with tasks"
    assert f"study-ages: rank_by: harmonic {start} [age]; take a figure of" in result.stderr
    assert f"study-genders: rank_by: harmonic {start} [gender]" in result.stderr
