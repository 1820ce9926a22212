import re

import numpy as np
import pandas as pd
import pytest

from visage.reporting.figures import (
    age_bars,
    age_counts,
    age_scatter,
    coverage_by_age,
    curves,
    sampling,
)
from visage.reporting.svg import Ink


@pytest.fixture
def history() -> pd.DataFrame:
    return pd.DataFrame(
        {"epoch": [1, 2, 3], "val_mae": [9.0, 8.0, 8.5], "val_rmse": [12.0, 10, 11]}
    )


def drawn(history: pd.DataFrame, best_epoch: int | None) -> str:
    columns = {"val_mae": "MAE", "val_rmse": "RMSE"}
    return curves(history, columns, unit="Error (years)", best_epoch=best_epoch, name="errors")


def hexagons(drawing: str) -> list[float]:
    """Opacities of the drawn hexagons."""
    styles = re.findall(r'style="(fill: var\(--figure-first\)[^"]*)"', drawing)
    found = [re.search(r"fill-opacity: ([0-9.]+)", style) for style in styles]
    return [float(match.group(1)) if match else 1.0 for match in found]


def told(drawing: str) -> list[str]:
    """What the drawing says under the pointer."""
    return re.findall("<title>([^<]*)</title>", drawing)


def test_curves_say_the_values_of_each_epoch(history: pd.DataFrame) -> None:
    assert told(drawn(history, best_epoch=2)) == [
        "epoch 1\nMAE 9.000\nRMSE 12.000",
        "epoch 2\nMAE 8.000\nRMSE 10.000",
        "epoch 3\nMAE 8.500\nRMSE 11.000",
    ]


def test_curves_say_nothing_of_a_value_that_is_missing(history: pd.DataFrame) -> None:
    history.loc[0, "val_rmse"] = np.nan
    assert told(drawn(history, best_epoch=2))[0] == "epoch 1\nMAE 9.000"


def test_scatter_says_how_many_faces_are_at_a_place() -> None:
    age = np.array([20.0] * 50 + [80.0])
    said = sorted(told(age_scatter(age, age.copy())))
    assert [text.partition("\n")[0] for text in said] == ["1 face", "50 faces"]
    ages = [float(number) for number in re.findall(r"(\d+)(?:,|$)", said[1])]
    assert ages == pytest.approx([20, 20], abs=2)


def test_scatter_has_one_box_under_the_pointer_at_any_place() -> None:
    rng = np.random.default_rng(2)
    age = rng.uniform(0, 90, 3000)
    drawing = age_scatter(age, np.clip(age + rng.normal(0, 9, 3000), 0, 99))
    corners = np.array(
        re.findall(r'<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"><title>', drawing)
    )
    x, y, width, height = corners.astype(float).T
    apart = (np.abs(x[:, None] - x) > width.max() - 0.2) | (
        np.abs(y[:, None] - y) > height.max() - 0.2
    )
    assert len(x) > 200
    assert np.all(apart | np.eye(len(x), dtype=bool))


def test_coverage_says_share_interval_and_n() -> None:
    row = {"age_from": 20, "age_to": 30, "n": 85, "coverage": 0.918, "low": 0.838, "high": 0.966}
    drawing = coverage_by_age([{**row, "constant_coverage": 0.941}], promised=0.9)
    assert told(drawing) == [
        "predicted 20\N{EN DASH}29 years, 85 faces\nheld 91.8 % (84 to 97)\n"
        "one width for all 94.1 %"
    ]


def test_a_bar_without_an_interval_has_no_line_over_it() -> None:
    settings = {"said": ["a", "b"], "ylabel": "y", "name": "bars", "ink": Ink.FIRST}
    found = age_bars(["0", "1"], [5.0, 6.0], ends=[None, [4.0, 7.0]], **settings)
    alone = age_bars(["0", "1"], [5.0, 6.0], ends=[[5.0, 5.0], [4.0, 7.0]], **settings)
    assert found == alone


def test_counts_say_each_age() -> None:
    drawing = age_counts(np.array([3, 0, 1200]), [2], name="ages")
    assert told(drawing) == ["age 0\n3 images", "age 1\n0 images", "age 2\n1,200 images"]


def test_curves_are_labelled_with_names_and_units(history: pd.DataFrame) -> None:
    drawing = drawn(history, best_epoch=2)
    for text in ("MAE", "RMSE", "best epoch", "Epoch", "Error (years)"):
        assert f">{text}</text>" in drawing


def test_curves_without_a_known_best_epoch_mark_none(history: pd.DataFrame) -> None:
    assert "best epoch" not in drawn(history, best_epoch=None)


def test_curves_of_a_single_epoch_are_drawn() -> None:
    history = pd.DataFrame({"epoch": [1], "val_mae": [9.0], "val_rmse": [12.0]})
    assert drawn(history, best_epoch=1).startswith("<svg")


def test_scatter_has_one_hexagon_a_place_and_the_crowd_is_stronger() -> None:
    age = np.array([20.0] * 50 + [80.0])
    opacities = hexagons(age_scatter(age, age.copy()))
    assert sorted(opacities) == [0.25, 1.0]


def test_scatter_of_one_face_is_drawn() -> None:
    assert hexagons(age_scatter(np.array([30.0]), np.array([40.0]))) == [0.25]


def test_scatter_names_its_axes_in_years() -> None:
    drawing = age_scatter(np.array([30.0]), np.array([40.0]))
    assert ">True age (years)</text>" in drawing
    assert ">Estimated age (years)</text>" in drawing


def test_bars_carry_the_names_of_their_bins() -> None:
    drawing = age_bars(
        ["0-9", "10-19"],
        [2.0, -3.0],
        ends=[(1.0, 4.0), (-5.0, -2.0)],
        said=["first", "second"],
        ylabel="Mean error (years)",
        name="bias",
        ink=Ink.SECOND,
    )
    assert told(drawing) == ["first", "second"]
    for text in ("0-9", "10-19", "Mean error (years)"):
        assert f">{text}</text>" in drawing


def test_a_bar_has_a_line_as_long_as_its_interval() -> None:
    def lines(ends: tuple[float, float]) -> list[float]:
        drawing = age_bars(
            ["0-9"], [2.0], ends=[ends], said=[""], ylabel="MAE", name="mae", ink=Ink.FIRST
        )
        line = r'd="M ([\d.]+) ([\d.]+) \nL \1 ([\d.]+) \n"[^>]*stroke: var\(--figure-text\)'
        found = re.findall(line, drawing)
        return [abs(float(top) - float(bottom)) for _, top, bottom in found]

    (short,), (long,) = lines((1.9, 2.2)), lines((0.1, 3.1))
    assert long > 3 * short > 0


def test_sampling_shows_images_and_draws_in_percent() -> None:
    histogram = pd.DataFrame(
        {
            "age_from": [0.0, 5.0],
            "age_to": [5.0, 10.0],
            "n": [30, 10],
            "share_before": [0.75, 0.25],
            "share_after": [0.5, 0.5],
        }
    )
    drawing = sampling(histogram)
    for text in ("images (before)", "draws (after)", "Share of the training part (%)", "60"):
        assert f">{text}</text>" in drawing
    assert told(drawing) == [
        "0\N{EN DASH}4 years\nimages 75.0 %\ndraws 50.0 %",
        "5\N{EN DASH}9 years\nimages 25.0 %\ndraws 50.0 %",
    ]
