"""Says when a split may show the same people on both sides because it can't tell who they are.

The published CelebA study split its images at random, and so does whoever has CelebA from Kaggle,
which leaves the file of persons out: its figures then say in part how well faces are remembered.
And whoever joins one source under two folders makes two people of each name that is in both.
"""

from typing import Final

import pandas as pd

from visage.codes import Part

# Sources with many photos of each person, and the file that names the persons; it may be missing.
NAMED_IN: Final = {"celeba": "identity_CelebA.txt"}
# Sources whose publisher names the people, so that a name means one person wherever it stands.
PUBLISHED: Final = ("agedb", "celeba", "imdb_wiki")


def unknown_people(rows: pd.DataFrame, parts: "pd.Series[str]") -> str:
    """Returns the warning, with the remedy; "" where no part tells of people who can't be told.

    The publishers' own test parts are said to have people of their own, so a split that tests those
    images and no others is left alone.

    Args:
        rows: columns source, identity and official_part; the latter two may be null.
        parts: of the rows.
    """
    return "\n".join(
        f"WARNING: the split deals {name}'s images without knowing whose they are "
        f"({NAMED_IN[name]} is not in its folder). It has many photos of each person, so people "
        "stand on both sides, and the figures flatter. Set split.method=official, whose parts have "
        "different people, or add the file (docs/splits.md)"
        for name in NAMED_IN
        if _leaks(rows[rows["source"] == name], parts)
    )


def doubled_people(rows: pd.DataFrame, parts: "pd.Series[str]") -> str:
    """Returns the warning of people whom `joined` counts twice and the split parts; "" if none is.

    Args:
        rows: columns id, source and identity, which may be null.
        parts: of the rows.
    """
    told = []
    for name in PUBLISHED:
        people = rows[rows["source"].eq(name) & rows["identity"].notna()]
        by_name = people.assign(part=parts.reindex(people.index)).groupby(own_names(people))
        counts = by_name[["identity", "part"]].nunique()
        n = int((counts["identity"].gt(1) & counts["part"].gt(1)).sum())
        if n:
            told.append(
                f"WARNING: {n} of {name}'s people stand under more than one folder of "
                "data.sources; each folder's is another person to the split, and they are on both "
                f"sides of it. Put what belongs to {name} into one folder and list that once "
                "(docs/data/joined.md)"
            )
    return "\n".join(told)


def own_names(rows: pd.DataFrame) -> "pd.Series[str]":
    """Returns the people's names as their source has them: `joined` puts its folder before them.

    Columns id and identity, which may be null; the folder stands before both.
    """
    pairs = zip(rows["id"], rows["identity"], strict=True)
    names = [None if pd.isna(name) else _own_name(id_, name) for id_, name in pairs]
    return pd.Series(names, index=rows.index, dtype=object)


def _own_name(id_: str, name: str) -> str:
    """Returns a name without the folders with which the id begins, too."""
    before = ""
    for folder in name.split("/")[:-1]:
        if not id_.startswith(f"{before}{folder}/"):
            break
        before += f"{folder}/"
    return name.removeprefix(before)


def _leaks(rows: pd.DataFrame, parts: "pd.Series[str]") -> bool:
    tested = parts.reindex(rows.index).eq(Part.TEST.value)
    official = rows["official_part"].eq(Part.TEST.value)
    return bool(tested.any() and rows["identity"].isna().all() and (tested != official).any())
