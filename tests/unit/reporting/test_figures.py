import re

import numpy as np
import pandas as pd
import pytest

from visage.reporting.figures import age_bars, age_scatter, curves, sampling
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
        ["0-9", "10-19"], [2.0, -3.0], ylabel="Mean error (years)", name="bias", ink=Ink.SECOND
    )
    for text in ("0-9", "10-19", "Mean error (years)"):
        assert f">{text}</text>" in drawing


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
