"""Generated predictions: a model that is right on the whole, in two views."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

GRID = np.arange(101)


@dataclass(frozen=True)
class Faces:
    index: pd.DataFrame  # the columns of schema.INDEX that are read here
    splits: pd.DataFrame
    predictions: Callable[..., pd.DataFrame]  # of a part
    familiarity: Callable[[], pd.DataFrame]  # of all images


def gaussian(mean: np.ndarray, spread: float) -> np.ndarray:
    density = np.exp(-0.5 * ((GRID - mean[:, None]) / spread) ** 2)
    return (density / density.sum(axis=1, keepdims=True)).astype(np.float32)


def labelled(generator: np.random.Generator, n: int) -> pd.DataFrame:
    ages = generator.integers(0, 101, n).astype(np.float32)
    return pd.DataFrame(
        {
            "id": [f"{row:05d}" for row in range(n)],
            "row": np.arange(n),
            "source": "kaggle",
            "source_path": "a.jpg",
            "age": ages,
            "age_low": ages,
            "age_high": ages,
            "gender": generator.integers(0, 2, n).astype(np.float64),
            "group": np.arange(n) // 2,
            "identity": None,
            "race": None,
            "width": 10,
            "height": 10,
            "sha256": "",
            "phash": "",
            "official_part": None,
        }
    )


@pytest.fixture
def faces() -> Faces:
    generator = np.random.default_rng(0)
    index = labelled(generator, 600)
    asked = labelled(generator, 40).assign(
        id=lambda table: "q" + table["id"],
        row=np.arange(600, 640),
        group=np.arange(600, 640),
        age=np.nan,
        gender=np.nan,
        official_part="unlabelled",
    )
    parts = np.repeat(["train", "validation", "calibration", "test"], [300, 50, 100, 150])
    splits = pd.DataFrame({"id": index["id"], "part": parts})
    index = pd.concat([index, asked], ignore_index=True)

    def predictions(part: str, *, age: bool = True, gender: bool = True) -> pd.DataFrame:
        ids = splits.loc[splits["part"] == part, "id"]
        rows = index[index["id"].isin(ids) if part != "unlabelled" else index["age"].isna()]
        return pd.concat([view(rows, name, age, gender) for name in ("identity", "hflip")])

    def view(rows: pd.DataFrame, name: str, age: bool, gender: bool) -> pd.DataFrame:
        noise = generator.normal(0, 7, len(rows))
        logit = 2 * (2 * rows["gender"].fillna(1) - 1) + generator.normal(0, 2, len(rows))
        means = np.clip(rows["age"].fillna(40) + noise, 0, 100).to_numpy()
        return rows[["id", "age", "gender", "group"]].assign(
            view=name,
            posterior=list(gaussian(means, 5)) if age else None,
            gender_probability=(1 / (1 + np.exp(-logit))).astype("float32") if gender else None,
        )

    def familiarity() -> pd.DataFrame:
        scores = np.random.default_rng(1).uniform(0.3, 0.9, len(index)).astype(np.float32)
        return pd.DataFrame({"id": index["id"], "familiarity": scores})

    return Faces(index, splits, predictions, familiarity)
