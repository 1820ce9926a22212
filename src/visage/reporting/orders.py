"""What a reader may filter and order the faces of a sheet by: the age and gender of the label."""

from math import nan
from typing import Any

import pandas as pd

from visage.reporting.formats import gender_name

BY_AGE = ("Youngest label first", "Oldest label first")


def by_age(age: float | None) -> tuple[float, float]:
    """Returns a face's ranks in the orders `BY_AGE`; without an age it goes last in both."""
    return (nan, nan) if age is None else (-age, age)


def label_age(row: Any) -> float | None:
    """Returns the age of a row of the index, in years."""
    return float(row.age) if pd.notna(row.age) else None


def label_gender(row: Any) -> str:
    """Returns the word for the gender of a row of the index, "" where it has none."""
    return gender_name(int(row.gender)) if pd.notna(row.gender) else ""
