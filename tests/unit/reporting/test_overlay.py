import xml.etree.ElementTree as ET

import pandas as pd

from visage.reporting.overlay import overlay

FIRST = pd.DataFrame({"epoch": [1, 2], "train_loss": [2.0, 1.0], "val_mae": [9.0, 8.0]})
SECOND = pd.DataFrame({"epoch": [1, 2], "train_loss": [3.0, 1.5], "val_mae": [None, None]})


def texts(svg: str) -> list[str]:
    return [comment.strip("- ") for comment in svg.split("<!") if comment.startswith("--")]


def test_a_panel_for_each_figure_that_some_run_has() -> None:
    drawn = overlay({"one": FIRST, "two": SECOND})
    ET.fromstring(drawn)  # noqa: S314 (our own)
    assert drawn.count('<g id="axes_') == 2
    assert "Training loss" in drawn
    assert "Validation loss" not in drawn


def test_each_run_has_a_line_in_each_panel_and_the_same_bytes_again() -> None:
    alone, both = overlay({"one": FIRST}), overlay({"one": FIRST, "two": SECOND})
    assert "two" in both
    assert "two" not in alone
    assert overlay({"one": FIRST, "two": SECOND}) == both


def test_runs_without_epochs_give_no_picture() -> None:
    assert overlay({"failed": pd.DataFrame()}) == ""
