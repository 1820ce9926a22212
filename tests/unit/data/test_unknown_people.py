import logging

import pandas as pd
import pytest

from visage.data.split import assign_parts
from visage.data.unknown_people import PUBLISHED, doubled_people, own_names, unknown_people
from visage.params.split import Fractions, Kfold, Split
from visage.registry import members

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


def twice(
    *, source: str = "imdb_wiki", folders: tuple[str, str] = ("imdb/", "wiki/")
) -> pd.DataFrame:
    """Four images of two people, each once below two folders."""
    places = [folders[0], folders[1], *folders]
    ids = [f"{folder}{letter}" for folder, letter in zip(places, "abcd", strict=True)]
    names = ["ann", "ann", "bob", "bob"]
    people = [f"{folder}{name}" for folder, name in zip(places, names, strict=True)]
    return rows(source=source, id=ids, identity=people)


def test_people_that_two_folders_double_are_told_where_they_are_parted() -> None:
    told = doubled_people(twice(), DEALT.replace("test", "validation"))
    assert told.startswith("WARNING: 1 of imdb_wiki's people stand under more than one folder")
    assert "into one folder and list that once (docs/data/joined.md)" in told


@pytest.mark.parametrize(
    ("people", "parts"),
    [
        (twice(folders=("imdb/", "imdb/")), DEALT),
        (twice(), pd.Series(["train"] * 4)),
        (twice(source="kaggle"), DEALT),
        (rows(), DEALT),
    ],
    ids=["one folder", "one part", "names that are a table's own", "nobody is known"],
)
def test_nothing_is_said_of_people_whom_nothing_doubles(
    people: pd.DataFrame, parts: pd.Series
) -> None:
    assert doubled_people(people, parts) == ""


@pytest.mark.parametrize("by_identity", [True, False])
def test_doubled_people_are_told_where_people_are_to_be_kept_together(
    caplog: pytest.LogCaptureFixture, by_identity: bool
) -> None:
    params = PARAMS.model_copy(update={"by_identity": by_identity})
    with caplog.at_level(logging.WARNING):
        assign_parts(twice(), method=lambda _rows, _params: DEALT, params=params)
    assert ("of imdb_wiki's people stand under" in caplog.text) == by_identity


def test_every_source_whose_publisher_names_people_is_one() -> None:
    assert set(PUBLISHED) <= set(members("visage.data.sources"))


@pytest.mark.parametrize(
    ("id_", "name", "own"),
    [
        ("agedb/0_MariaCallas_35_f", "agedb/MariaCallas", "MariaCallas"),
        ("sets/old/000001", "sets/old/2880", "2880"),
        ("imdb/01/nm1_1.jpg", "AC/DC", "AC/DC"),
        ("i/imdb/01/nm1_1.jpg", "i/AC/DC", "AC/DC"),
        ("000001", "2880", "2880"),
        ("a/1", None, None),
    ],
)
def test_a_persons_own_name_has_no_folder_of_joined(
    id_: str, name: str | None, own: str | None
) -> None:
    assert own_names(rows(id=id_, identity=name)).tolist() == [own] * 4
