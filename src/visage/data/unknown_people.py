"""Says when a split may show the same people on both sides because nobody knows who they are.

The published CelebA study split its images at random, and so does whoever has CelebA from Kaggle,
which leaves the file of persons out: its figures then say in part how well faces are remembered.
"""

from typing import Final

import pandas as pd

from visage.codes import Part

# Sources with many photos of each person, and the file that names the persons; it may be missing.
NAMED_IN: Final = {"celeba": "identity_CelebA.txt"}


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


def _leaks(rows: pd.DataFrame, parts: "pd.Series[str]") -> bool:
    tested = parts.reindex(rows.index).eq(Part.TEST.value)
    official = rows["official_part"].eq(Part.TEST.value)
    return bool(tested.any() and rows["identity"].isna().all() and (tested != official).any())
