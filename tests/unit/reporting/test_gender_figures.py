import re

import pandas as pd

from visage.reporting.gender_figures import reliability, threshold_curve

ROW = {"told_from": 0.2, "told_to": 0.3, "n": 40, "mean_told": 0.24, "share_male": 0.3}
ROW |= {"low": 0.166, "high": 0.465}


def told(drawing: str) -> list[str]:
    return re.findall("<title>([^<]*)</title>", drawing)


def test_the_threshold_that_was_taken_is_marked() -> None:
    table = pd.DataFrame({"threshold": [0.3, 0.5], "gender_f1": [0.81, 0.8]})
    drawing = threshold_curve(table, threshold=0.3)
    assert ">taken</text>" in drawing
    assert told(drawing) == ["threshold 0.30\nF1 0.810", "threshold 0.50\nF1 0.800"]


def test_reliability_shows_before_and_after_and_says_the_latter() -> None:
    drawing = reliability([{**ROW, "mean_told": 0.21}], [ROW])
    for text in ("before", "after", "as told"):
        assert f">{text}</text>" in drawing
    assert told(drawing) == ["told 24.0 % on average, 40 faces\nmen 30.0 % (17 to 46)"]
