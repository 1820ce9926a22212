"""Age bins, half-open [lo, hi): bin b of width w holds the ages b*w <= age < (b+1)*w."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNKNOWN: Final = -1  # the bin of rows without an age
NOT_KNOWN: Final = "unknown"  # its name, and that of a gender that is not known


def age_bins(ages: pd.Series, *, years: int) -> NDArray[np.int64]:
    """Returns the number of each age's bin, `UNKNOWN` where the age is null."""
    values = ages.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(values), UNKNOWN, np.floor(values / years)).astype(np.int64)


def bin_name(number: int, *, years: int) -> str:
    """Returns a bin's name, first and last whole year: "00-09"."""
    return f"{number * years:02d}-{(number + 1) * years - 1:02d}"
