"""Age bins are half-open."""

import numpy as np
import pandas as pd

from visage.data.age_bins import UNKNOWN, age_bins, bin_name


def test_lower_edge_belongs_to_the_bin_and_upper_edge_to_the_next() -> None:
    ages = pd.Series([0, 9.99, 10, 100, np.nan])
    assert age_bins(ages, years=10).tolist() == [0, 0, 1, 10, UNKNOWN]


def test_bin_is_named_by_its_whole_years() -> None:
    assert [bin_name(number, years=10) for number in (0, 3, 10)] == ["00-09", "30-39", "100-109"]
