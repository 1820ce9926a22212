"""Method `official`: the parts that the data set's publisher gave, to compare published figures.

They are taken as they are: what they share between them (near-duplicates, people) is counted in
metrics/split.json and left. No publisher has a calibration part, so it is dealt out of the official
validation part, or, where there is none, both out of the official training part.
"""

import pandas as pd

from visage.codes import Part
from visage.data.dealing import deal
from visage.errors import VisageError
from visage.params.split import Fractions, Split

NEEDED = (Part.TRAIN, Part.TEST)
PUBLISHED = (Part.TRAIN, Part.VALIDATION, Part.TEST)


class OfficialPartsError(VisageError):
    """The source gives no official parts, or not to all of its images."""


def assign(rows: pd.DataFrame, params: Split) -> "pd.Series[str]":
    """Returns the part of each row.

    Raises:
        OfficialPartsError: a labelled row has no official part, or there is no training or test
            part.
        EmptyPartError: there are too few components to deal a calibration part out of.
    """
    published = rows["official_part"].astype(object)
    _check(published)
    validated = bool(published.eq(Part.VALIDATION.value).any())
    pool = Part.VALIDATION if validated else Part.TRAIN
    dealt = deal(
        rows[published.eq(pool.value)],
        shares=_shares(params.fractions, validated=validated),
        age_bin_years=params.age_bin_years,
        seed=params.seed,
        param="split.fractions",
    )
    return dealt.reindex(rows.index).fillna(published)


def _shares(fractions: Fractions, *, validated: bool) -> dict[str, float]:
    """Returns the shares of the official validation part, or of the training part."""
    validation, calibration = fractions.validation, fractions.calibration
    whole = validation + calibration if validated else 1.0
    shares = {
        Part.VALIDATION.value: validation / whole,
        Part.CALIBRATION.value: calibration / whole,
    }
    return shares if validated else {Part.TRAIN.value: 1 - validation - calibration, **shares}


def _check(published: "pd.Series[str]") -> None:
    faults = []
    without = int((~published.isin([part.value for part in PUBLISHED])).sum())
    if without:
        faults.append(f"{without} of {len(published)} labelled images have no official part")
    faults += [
        f"no labelled image is in the official {part.value} part"
        for part in NEEDED
        if not published.eq(part.value).any()
    ]
    if faults:
        raise OfficialPartsError(
            f"split.method: official, but {', and '.join(faults)}; set split.method: stratified, "
            "or take a source and files that have official parts (docs/splits.md)"
        )
