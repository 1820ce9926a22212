"""What is written without a test part is what readers of the files expect."""

from dataclasses import replace
from pathlib import Path

import pytest

from visage import schema
from visage.estimates import AgeBounds, Estimates, Labels
from visage.files.tables import read_table, write_table
from visage.metrics.results import results, unmeasured


def test_without_a_test_part_there_is_no_figure_but_n() -> None:
    found = unmeasured("test")
    assert found.figures == {"n": 0}
    assert found.details["unmeasured"].endswith("nothing was measured")


@pytest.mark.parametrize("promised", [10 / 11, 0.99996])
def test_a_promise_of_many_decimals_has_its_curve(
    truth: Labels, guess: Estimates, promised: float
) -> None:
    bounds = AgeBounds(promised, guess.age - 9, guess.age + 9, guess.age - 8, guess.age + 8)
    told = replace(guess, age_coverage=promised, age_bounds=(bounds,))
    settings = {"resamples": 100, "level": 0.95, "seed": 1, "min_slice": 20, "views": ["identity"]}
    found = results(
        truth, told, part="test", without_tta=told, baseline=told, age_bin_years=10, **settings
    )
    assert len(found.age_coverage) > 5
    assert set(found.age_coverage["promised"]) == {promised}


@pytest.mark.parametrize("name", ["age_bins", "age_scatter", "gender_confusion"])
def test_without_a_test_part_the_tables_are_empty(name: str, tmp_path: Path) -> None:
    columns = getattr(schema, name.upper())
    write_table(tmp_path / "table.csv", getattr(unmeasured("test"), name), columns)
    assert read_table(tmp_path / "table.csv", columns).empty


def test_the_part_that_is_not_there_is_named() -> None:
    found = unmeasured("validation").details
    assert found["part"] == "validation"
    assert "no validation part (split.fractions.validation is 0)" in found["unmeasured"]
