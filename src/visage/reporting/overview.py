"""Blocks on the data themselves, which the report of a run and the check of a data set share.

All come from the index (`schema.INDEX`). A page gives the function that draws the image of a row:
one has the store and the other the original files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from visage.data.check_ages import Spike, age_counts, spikes, whipple_index
from visage.data.overview import Group, near_duplicates, sizes, source_counts
from visage.reporting.blocks import Block, Face, Fact, Facts, Figure, Sheet, Table
from visage.reporting.figures import age_counts as age_figure
from visage.reporting.formats import count, gender_name, number, percent

Picture = Callable[[Any], str]  # a row of the index, as a tuple with names, to a data address

SPIKES_SHOWN = 8  # in the table
MAX_CELL = 80  # characters of a hostile value


def age_blocks(index: pd.DataFrame) -> tuple[Block, ...]:
    """Returns the figure of the ages and the table of those that stand out; none without ages."""
    counts = age_counts(index)
    if not counts.any():
        return ()
    found = spikes(counts)
    facts = Facts(
        "Ages that forms and people like",
        (
            Fact("At age 0", count(int(counts[0]))),
            Fact(f"At the oldest age, {len(counts) - 1}", count(int(counts[-1]))),
            Fact("Multiples of ten", share_of(int(counts[10::10].sum()), int(counts.sum()))),
            Fact("Ages that stand out", count(len(found))),
        ),
    )
    figure = Figure(
        svg=age_figure(counts, [spike.age for spike in found], name="age-counts"),
        title="Images by age",
        caption="One bar a year; ages that are known as ranges are left out. A spike has over 1.5 "
        "times as many images as the two ages on either side have on average, and more than chance "
        "gives.",
        alt="Bars: number of images of each age, suspicious ones in another colour.",
    )
    return facts, figure, _spike_table(found, whipple=whipple_index(counts))


def source_table(index: pd.DataFrame) -> Table:
    """Returns the images of each source by gender."""
    rows = [
        (
            one.source,
            *map(count, (one.female, one.male, one.no_gender, one.no_age, one.unlabelled)),
        )
        for one in source_counts(index)
    ]
    return Table(
        title="Images by source and gender",
        columns=("Source", "female", "male", "no gender", "no age", "unlabelled"),
        rows=tuple(rows),
        wide=True,
    )


def size_facts(index: pd.DataFrame) -> Facts | None:
    """Returns the sizes of the originals; None without images."""
    found = sizes(index)
    if found is None:
        return None
    names = ("Smallest", "5 % are below", "Median", "95 % are below", "Largest")
    facts = [
        Fact(name, f"{count(side)} px") for name, side in zip(names, found.quantiles, strict=True)
    ]
    width, height = found.commonest
    facts.append(Fact("Most frequent size", f"{width} x {height}"))
    facts.append(Fact("of that size", count(found.n_commonest)))
    return Facts("Shorter side of the originals", tuple(facts))


def rejected_table(
    rejected: pd.DataFrame, *, remedies: Mapping[Any, str] | None = None
) -> Table | None:
    """Returns why rows were set aside, most rows first, with an example; None if none was.

    `remedies` says what to do about a reason, in a column more.
    """
    counts = rejected["reason"].value_counts()
    if counts.empty:
        return None
    first = rejected.fillna({"value": ""}).drop_duplicates("reason").set_index("reason")
    rows = [
        (
            reason,
            count(int(counts[reason])),
            _cell(first.loc[reason, "id"]),
            _cell(first.loc[reason, "value"]),
            *([remedies.get(reason, "")] if remedies else []),
        )
        for reason in sorted(counts.index, key=lambda reason: (-counts[reason], reason))
    ]
    return Table(
        title="Rows set aside",
        columns=(
            "Reason",
            "Rows",
            "The first of them",
            "Found there",
            *(["What to do"] if remedies else []),
        ),
        rows=tuple(rows),
        note="" if remedies else "Each row stands in data/rejected.csv.",
        wide=True,
    )


def duplicate_blocks(
    index: pd.DataFrame, *, picture: Picture, n: int, title: str = "Near-duplicates"
) -> tuple[Block, ...]:
    """Returns facts on near-duplicates, and at most `n` of their images, contradictions first."""
    groups = near_duplicates(index)
    if not groups:
        return ()
    facts = Facts(
        title,
        (
            Fact("Groups", count(len(groups))),
            Fact("Images in them", count(sum(len(one.rows) for one in groups))),
            Fact("Groups of one and the same file", count(sum(one.same_file for one in groups))),
            Fact("Groups with two genders", count(sum(one.genders > 1 for one in groups))),
            Fact("Groups with several ages", count(sum(one.years > 0 for one in groups))),
        ),
    )
    faces = tuple(_group_faces(index, groups, picture=picture, n=n))
    if not faces:
        return (facts,)
    caption = (
        "Images whose difference hashes hardly differ, so that they share a part of the split; "
        "groups whose labels differ most come first. Of labels that contradict, one is wrong; "
        "which one, nobody can tell from the table."
    )
    return facts, Sheet(title="The same face more than once", caption=caption, faces=faces)


def label_text(row: Any) -> str:
    """Returns age and gender of a row of the index in words, "unlabelled" where it has neither."""
    known = []
    if pd.notna(row.age):
        exact = row.age_low == row.age_high
        known.append(
            f"{row.age:g} years" if exact else f"{row.age_low:g} to {row.age_high:g} years"
        )
    if pd.notna(row.gender):
        known.append(gender_name(int(row.gender)))
    return ", ".join(known) or "unlabelled"


def share_of(n: int, total: int) -> str:
    """Returns a count's share in percent; a dash without any."""
    return percent(n / total if total else None)


def _spike_table(found: Sequence[Spike], *, whipple: float | None) -> Table:
    shown = found[:SPIKES_SHOWN]
    rows = tuple(
        (f"{one.age}", count(one.n), number(one.expected, decimals=0), _times(one)) for one in shown
    )
    left_out = f" {len(found) - len(shown)} more are left out." if len(found) > len(shown) else ""
    heaped = "" if whipple is None else f" Whipple's index is {number(whipple, decimals=0)}: "
    meaning = (
        "the share of multiples of five among the ages 23 to 62, times 500; 100 is no rounding, "
        "500 is nothing else."
        if heaped
        else ""
    )
    return Table(
        title="Ages that stand out",
        columns=("Age (years)", "Images", "Expected", "Ratio"),
        rows=rows or (("none", "", "", ""),),
        note=f"Expected: the mean of the two ages on either side.{left_out}{heaped}{meaning}",
    )


def _times(spike: Spike) -> str:
    return number(spike.n / spike.expected, decimals=1) if spike.expected else "\N{INFINITY}"


def _group_faces(
    index: pd.DataFrame, groups: Iterable[Group], *, picture: Picture, n: int
) -> Iterator[Face]:
    """Yields the images of whole groups as long as there is room, each group with its number."""
    room = n
    for position, group in enumerate(groups, start=1):
        room -= len(group.rows)
        if room < 0:
            return
        for row in index.iloc[list(group.rows)].itertuples():
            yield Face(
                picture=picture(row),
                alt=f"Face {row.id}, of group {position}",
                error=label_text(row),
                lines=(f"group {position}",),
                id=str(row.id),
            )


def _cell(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}..."
