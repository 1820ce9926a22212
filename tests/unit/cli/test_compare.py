import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from visage.cli import compare as command
from visage.metrics.contrast import Settings

Visage = Callable[..., Result]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Settings]]:
    """What was asked for, in place of a comparison."""
    found: list[tuple[list[str], Settings]] = []

    def compare_sides(names: list[str], root: Path, *, settings: Settings) -> list[str]:
        found.append((names, settings))
        return names[1:]

    monkeypatch.setattr(command, "compare_sides", compare_sides)
    monkeypatch.setattr(command, "contrast_page", lambda pair, settings: f"page of {pair}\n")
    monkeypatch.setattr(command, "contrast_json", lambda pair, settings: {"b": pair})
    return found


def test_numbers_come_from_params_unless_given(
    visage: Visage, asked: list[tuple[list[str], Settings]]
) -> None:
    visage("compare", "a", "b")
    visage("compare", "a", "b", "--resamples", 200, "--level", 0.9, "--seed", 3, "--top", 1)
    assert [settings for _, settings in asked] == [
        Settings(resamples=1000, level=0.95, seed=17, age_bin_years=10, min_slice=20, top=10),
        Settings(resamples=200, level=0.9, seed=3, age_bin_years=10, min_slice=20, top=1),
    ]


def test_each_pair_has_its_page(visage: Visage, asked: object) -> None:
    assert visage("compare", "a", "b", "c").output == "page of b\n\npage of c\n\n"


def test_json_replaces_the_page(visage: Visage, asked: object) -> None:
    assert json.loads(visage("compare", "a", "b", "--json").stdout) == [{"b": "b"}]


def test_the_page_goes_to_a_file_too(visage: Visage, asked: object, project: Path) -> None:
    visage("compare", "a", "b", "--out", "metrics/ab.md")
    assert (project / "metrics/ab.md").read_text() == "page of b\n"


def test_one_side_ends_in_one_message(visage: Visage) -> None:
    result = visage("compare", "HEAD")
    assert result.exit_code == 1
    assert result.stderr.startswith("ERROR: one side can't be compared; give two")
