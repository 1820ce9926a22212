"""Members whose predictions are drawn: right on the whole, each with an error of its own."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from visage import schema
from visage.codes import UNLABELLED, Part
from visage.ensemble.member import PARTS, Member
from visage.posterior.calibration import fit_decision
from visage.posterior.views import average_views
from visage.sweep.references import Reference

SIZES = {"train": 40, "validation": 40, "calibration": 60, "test": 80}
GRID = np.arange(101)
LEVELS = {"coverages": (0.8, 0.9), "shown": 0.9, "min_group": 20}
PARAMS = {
    "seed": 1,
    "split": {"seed": 13},
    "calibrate": {"coverage": 0.9, "coverages": [0.8, 0.9], "min_group": 20},
    "evaluate": {
        "part": "test",
        "resamples": 200,
        "level": 0.95,
        "age_bin_years": 20,
        "min_slice": 5,
        "seed": 17,
    },
}
MakeMember = Callable[..., Member]


def data() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns an index, twelve images of which are not labelled, and splits."""
    rng = np.random.default_rng(0)
    parts = np.repeat(list(SIZES), list(SIZES.values()))
    n = len(parts) + 12
    ages = np.where(np.arange(n) < len(parts), rng.integers(1, 90, n), np.nan)
    index = pd.DataFrame({"id": [f"f{row:03d}" for row in range(n)], "row": np.arange(n)})
    index = index.assign(age=ages, gender=np.where(np.isnan(ages), np.nan, np.arange(n) % 2))
    index = index.assign(group=np.arange(n), official_part=[None] * len(parts) + [UNLABELLED] * 12)
    splits = pd.DataFrame({"id": index["id"][: len(parts)], "part": parts})
    index = index.assign(source=np.where(np.arange(n) % 3 == 0, "agedb", "utkface"))
    index = index.assign(width=rng.integers(60, 300, n), height=rng.integers(60, 300, n))
    return index.reindex(columns=schema.INDEX.names), splits


def qualities(index: pd.DataFrame) -> pd.DataFrame:
    """Returns the brightness and sharpness of the images."""
    rng = np.random.default_rng(1)
    n = len(index)
    return index[["id"]].assign(
        brightness=rng.uniform(30, 220, n), sharpness=rng.lognormal(5, 1, n)
    )


def predictions(rows: pd.DataFrame, rng: np.random.Generator, *, error: float) -> pd.DataFrame:
    """Returns two views of each image."""
    ages = np.clip(rows["age"].fillna(40) + rng.normal(0, error, len(rows)), 2, 98).to_numpy()
    logits = 2 * (2 * rows["gender"].fillna(1) - 1) + rng.normal(0, error / 4, len(rows))
    tables = []
    for view, shift in (("identity", 1.0), ("hflip", -1.0)):
        density = np.exp(-0.5 * ((GRID - ages[:, None] - shift) / 5) ** 2)
        posterior = (density / density.sum(axis=1, keepdims=True)).astype(np.float32)
        tables.append(
            rows[["id", "age", "gender", "group"]].assign(
                view=view,
                posterior=list(posterior),
                gender_probability=(1 / (1 + np.exp(-logits))).astype(np.float32),
            )
        )
    return pd.concat(tables, ignore_index=True)


@pytest.fixture
def member() -> MakeMember:
    """Returns a function that draws a member; equal seeds are equal models."""

    def make(name: str, *, seed: int = 1, error: float = 8, **changed: Any) -> Member:
        index, splits = data()
        rng = np.random.default_rng(seed)
        rows = {
            part: index[index["id"].isin(splits["id"][splits["part"] == part])] for part in PARTS
        }
        rows[UNLABELLED] = index[index["official_part"] == UNLABELLED]
        tables = {part: predictions(rows[part], rng, error=error) for part in PARTS}
        decision = fit_decision(
            average_views(tables[Part.CALIBRATION]), index=index, splits=splits, **LEVELS
        )
        known = {
            "reference": Reference(name, f"{seed:x}" * 40),
            "tables": tables,
            "decision": decision,
            "index": index,
            "quality": qualities(index),
            "rejected": schema.REJECTED.empty_table().to_pandas(),
            "splits": splits,
            "params": PARAMS,
            "origin": {"model_sha256": f"{seed:x}" * 64, "fingerprint": "f" * 64},
        }
        return Member(**{**known, **changed})

    return make
