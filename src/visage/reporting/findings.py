"""Sheets of odd images (`visage.data.findings`), on the page of a check and in a run's report."""

import pandas as pd

from visage.data.findings import Finding
from visage.reporting.blocks import Face, Sheet
from visage.reporting.formats import count
from visage.reporting.orders import BY_AGE, by_age, label_age, label_gender
from visage.reporting.overview import Picture, label_text


def finding_title(found: Finding) -> str:
    """Returns what was found, and how often."""
    return f"{found.limit.title}: {count(len(found.rows))}"


def finding_sheet(
    index: pd.DataFrame, found: Finding, *, picture: Picture, n: int, title: str = ""
) -> Sheet:
    """Returns up to `n` of the images, the most marked first; `title` comes before their number."""
    faces = tuple(
        Face(
            picture=picture(row),
            alt=f"Face {row.id}",
            error=found.limit.form.format(getattr(row, found.limit.column)),
            lines=(label_text(row),),
            id=str(row.id),
            age=label_age(row),
            gender=label_gender(row),
            ranks=by_age(label_age(row)),
        )
        for row in index.iloc[list(found.rows[:n])].itertuples()
    )
    told = f"{count(len(faces))} of {count(len(found.rows))}, the most marked first"
    return Sheet(title=f"{title}{told}", caption=found.limit.why, faces=faces, orders=BY_AGE)
