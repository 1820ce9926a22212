"""Which faces are called unfamiliar, and how the model does on them."""

from collections.abc import Mapping
from typing import Any

from visage.reporting.blocks import Section, Table
from visage.reporting.formats import count, interval, number, percent, years
from visage.reporting.inputs import Inputs

_LEAD = (
    "A face is called unfamiliar where its features are unlike those of all training faces. Of "
    "faces like the calibration part's that is meant to happen to at most {promised}; of these it "
    "happened to {share} (95 % interval {interval} %)."
)
_NOTE = (
    "Familiarity is the mean cosine to the nearest training faces; below {limit} a face is "
    "unfamiliar. That finds other kinds of pictures, not errors: how far off an age may be is what "
    "the interval says."
)


def unfamiliar(inputs: Inputs) -> Section | None:
    """Returns the section, or None where the model does not tell."""
    found = inputs.details.get("unfamiliar")
    if not found:
        return None
    ends = (100 * found["low"], 100 * found["high"])
    lead = _LEAD.format(
        promised=percent(found["promised"]),
        share=percent(found["share"]),
        interval=interval(ends, decimals=1),
    )
    return Section(key="unfamiliar", title="Unfamiliar faces", blocks=(_table(found),), lead=lead)


def _table(found: Mapping[str, Any]) -> Table:
    sides = found["figures"]
    has_age, has_gender = ("mae" in sides["familiar"], "gender_accuracy" in sides["familiar"])
    ages, genders = (("Age MAE",) * has_age, ("Gender accuracy",) * has_gender)
    return Table(
        title="Familiar and unfamiliar faces",
        columns=("Faces that are", "Faces", *ages, *genders),
        rows=tuple(
            (
                name,
                count(side["n"]),
                *((years(side["mae"]),) if has_age else ()),
                *((percent(side["gender_accuracy"]),) if has_gender else ()),
            )
            for name, side in sides.items()
        ),
        note=_NOTE.format(limit=number(found["limit"], decimals=3)),
        fixed=True,
    )
