"""The trivial predictor that every report shows beside the model.

It is taken from the train part, so that it knows what the model could know and no more.
"""

from collections.abc import Collection

import pandas as pd

from visage.codes import FEMALE, MALE, Part, Task
from visage.posterior.decision import Baseline


def fit_baseline(index: pd.DataFrame, splits: pd.DataFrame, *, tasks: Collection[Task]) -> Baseline:
    """Returns the train part's mean age and more frequent gender (female where they are even)."""
    train = splits.loc[splits["part"] == Part.TRAIN, "id"]
    images = index[index["id"].isin(train)]
    age = float(images["age"].astype("float64").mean()) if Task.AGE in tasks else None
    male = bool(images["gender"].mean() > 0.5)
    return Baseline(age, (MALE if male else FEMALE) if Task.GENDER in tasks else None)
