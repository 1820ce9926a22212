import logging

import pandas as pd
import pytest

from visage.data.split import assign_parts
from visage.data.unknown_people import unknown_people
from visage.params.split import Fractions, Kfold, Split

SHARES = Fractions(train=0.6, validation=0.1, calibration=0.1, test=0.2)
PARAMS = Split(
    method="stratified",
    fractions=SHARES,
    by_identity=True,
    kfold=Kfold(folds=5, fold=0),
    age_bin_years=10,
    seed=1,
)
NOBODY = [None] * 4
PERSONS = ["a", None, "b", "b"]
OFFICIAL = ["train", "train", "validation", "test"]
DEALT = pd.Series(["train", "calibration", "validation", "test"])
OTHERWISE = DEALT[::-1].reset_index(drop=True)


def rows(**columns: object) -> pd.DataFrame:
    facts = {"source": "celeba", "identity": NOBODY, "official_part": NOBODY, "id": list("abcd")}
    return pd.DataFrame({**facts, "group": range(4), **columns})


@pytest.mark.parametrize("official", [NOBODY, OFFICIAL])
def test_celeba_without_its_file_of_persons_is_said_to_leak_them(
    official: list[str | None],
) -> None:
    told = unknown_people(rows(official_part=official), OTHERWISE)
    assert "deals celeba's images without knowing whose they are (identity_CelebA.txt" in told
    assert "Set split.method=official" in told


@pytest.mark.parametrize(
    "columns",
    [{"official_part": OFFICIAL}, {"identity": PERSONS}, {"source": "utkface"}],
    ids=["the official test part", "known persons", "another source"],
)
def test_nothing_is_said_where_persons_are_known_or_kept_apart(columns: dict[str, object]) -> None:
    assert unknown_people(rows(**columns), DEALT) == ""


def test_nothing_is_said_where_nothing_is_tested() -> None:
    assert unknown_people(rows(), DEALT.replace("test", "train")) == ""


def test_it_is_said_where_the_parts_are_dealt(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assign_parts(rows(), method=lambda _rows, _params: DEALT, params=PARAMS)
    assert "people stand on both sides" in caplog.text
