"""Labels that a model which never saw their image finds improbable: the list and its page.

A finished project has such predictions of all images but the training part's. Further runs with
other parts, as the experiments of a k-fold split, cover the rest; where several cover an image, the
mean of their scores counts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from visage.data.contradictions import contradictions
from visage.data.fault import Fault
from visage.estimates import Estimates
from visage.metrics.label_noise import Claims, doubts
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate
from visage.posterior.views import average_views
from visage.reporting.blocks import Face, Fact, Facts, Page, Points, Section, Sheet
from visage.reporting.formats import count, gender_name, number, percent
from visage.reporting.orders import BY_AGE, by_age, label_age, label_gender
from visage.reporting.overview import label_text, share_of
from visage.reporting.render import render

SUSPECTS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("source_path", pa.string()),
        ("age", pa.float64()),
        ("predicted_age", pa.float64()),
        ("age_low", pa.float64()),  # of the predicted age's interval
        ("age_high", pa.float64()),
        ("gender", pa.int8()),
        ("male_probability", pa.float64()),
        ("score", pa.float64()),
        ("reason", pa.string()),
    ]
)
DUPLICATE: Final = "near-duplicate of"
_HALF: Final = 0.5
_ONE_IN_A_THOUSAND: Final = 3.0
_TOLD: Final = ("predicted_age", "predicted_low", "predicted_high", "male_probability")

_READING = Points(
    (
        "The score is the negative decimal logarithm of how probable the model finds the label: 3 "
        "is one in a thousand. It ranks labels; it is no share of wrong ones, and the model is "
        "wrong at times, too: look at each face.",
        "Gender: the calibrated probability of the label. Age: the probability of an error at "
        "least as large among images of about the same predicted age. The larger score of the two "
        "counts (confident learning, Northcutt et al. 2021).",
        "Only predictions of images that the model was not trained on are used.",
        "This page shows faces of the data set: pass it on only where its licence and the people "
        "shown allow it.",
    )
)


@dataclass(frozen=True, eq=False)
class Run:
    """One model's predictions of images outside its training; columns of schema.PREDICTIONS."""

    name: str
    predictions: tuple[pd.DataFrame, ...]  # a table a part
    decision: Decision


def suspects(index: pd.DataFrame, runs: Iterable[Run]) -> pd.DataFrame:
    """Returns the labelled images that a run covers, the most suspicious first.

    Args:
        index: columns of `schema.INDEX`.
        runs: at least one.

    Returns:
        The columns of `schema.INDEX`, and `predicted_age`, `predicted_low`, `predicted_high`,
        `male_probability` (means over the runs; NaN: not estimated), `age_doubt`, `gender_doubt`,
        `score` and `reason`.
    """
    told = pd.concat([_of_run(index, run) for run in runs], ignore_index=True)
    means = told.groupby("id", sort=False).mean()
    table = index.merge(means, left_on="id", right_index=True)
    table["score"] = table[["age_doubt", "gender_doubt"]].max(axis=1)
    others = contradictions(index, years=0).faults
    table["reason"] = [_reason(row, others) for row in table.itertuples()]
    ordered: pd.DataFrame = table.sort_values(["score", "id"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def csv_table(found: pd.DataFrame) -> pd.DataFrame:
    """Returns the columns of `SUSPECTS`."""
    renamed = found.drop(columns=["age_low", "age_high"]).rename(
        columns={"predicted_low": "age_low", "predicted_high": "age_high"}
    )
    columns: pd.DataFrame = renamed[SUSPECTS.names]
    return columns


def suspects_page(
    found: pd.DataFrame,
    *,
    top: int,
    n_labelled: int,
    names: Sequence[str],
    warnings: Sequence[str],
    picture: Callable[[str], str],
) -> str:
    """Returns the page as HTML.

    Args:
        found: of `suspects`.
        top: how many are shown.
        n_labelled: number of labelled images, covered by a run or not.
        names: of the runs.
        warnings: how their images differ from those here, in sentences.
        picture: from an id to a data address.
    """
    shown = found.head(top)
    faces = tuple(_face(row, picture=picture) for row in shown.itertuples())
    caption = "Claimed, then predicted with its interval; the reason below. Surest errors first."
    title = f"The first {count(len(faces))}"
    sheet = Sheet(title=title, caption=caption, faces=faces, orders=BY_AGE)
    facts = _facts(found, n_labelled=n_labelled, names=names)
    coverage = Points((coverage_text(len(found), n_labelled), *warnings))
    sections = (
        Section(key="summary", title="Summary", blocks=(facts, coverage)),
        Section(key="faces", title="Faces", blocks=(sheet,)),
        Section(key="limits", title="How to read this page", blocks=(_READING,)),
    )
    return render(
        Page(
            title="Suspicious labels",
            subtitle=f"the {count(len(faces))} least probable of {count(len(found))} faces",
            description="Faces whose labels are improbable by out-of-sample predictions.",
            brand="visage data suspects",
            sections=sections,
        )
    )


def coverage_text(n_covered: int, n_labelled: int) -> str:
    """Says how many of the labelled images were looked at, and how to look at the rest."""
    share = share_of(n_covered, n_labelled)
    said = f"{count(n_covered)} of {count(n_labelled)} labelled images ({share}) were looked at"
    if n_covered >= n_labelled:
        return f"{said}."
    return (
        f"{said}; the model was trained on the others. To cover them, run recipes/kfold.yaml "
        "and name each of its experiments with --experiment."
    )


def _of_run(index: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Returns what a run says of the labelled images in the index, a row an image, by id."""
    parts = [part for part in run.predictions if len(part)] or [run.predictions[0]]
    table = pd.concat(parts, ignore_index=True)
    averaged = average_views(table)
    told = estimate(averaged.posterior, averaged.male_probability, decision=run.decision)
    labels = index.set_index("id").reindex(averaged.labels.id)
    found = doubts(_claims(labels), told)
    frame = pd.DataFrame({"id": averaged.labels.id, "age_doubt": found.age})
    frame = frame.assign(gender_doubt=found.gender, **_told(told))
    return frame[frame["id"].isin(index["id"])]


def _claims(labels: pd.DataFrame) -> Claims:
    return Claims(
        age_low=labels["age_low"].to_numpy(np.float64, na_value=np.nan),
        age_high=labels["age_high"].to_numpy(np.float64, na_value=np.nan),
        gender=labels["gender"].to_numpy(np.float64, na_value=-1),
    )


def _told(estimates: Estimates) -> dict[str, Any]:
    values = (
        estimates.age,
        estimates.age_low,
        estimates.age_high,
        estimates.male_probability,
    )
    return {name: np.nan if one is None else one for name, one in zip(_TOLD, values, strict=True)}


def _reason(row: Any, others: Mapping[int, Fault]) -> str:
    """Says which label is the more improbable, and which near-duplicates have another one."""
    if row.score == 0:
        said = "nothing speaks against it"
    elif row.age_doubt >= row.gender_doubt:
        said = f"age: {_ages(row.age_low, row.age_high)}, looks {row.predicted_age:.0f}"
    else:
        sure = max(row.male_probability, 1 - row.male_probability)
        looks = gender_name(int(row.male_probability >= _HALF))
        said = f"gender: {gender_name(int(row.gender))}, looks {looks} ({sure:.3f})"
    other = others.get(row.row)
    return said if other is None else f"{said}; {DUPLICATE} {other.value}"


def _ages(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _facts(found: pd.DataFrame, *, n_labelled: int, names: Sequence[str]) -> Facts:
    beyond = found["score"].ge(_ONE_IN_A_THOUSAND)
    return Facts(
        "Predictions",
        (
            Fact("Runs", ", ".join(names)),
            Fact("Labelled images", count(n_labelled)),
            Fact("looked at", count(len(found))),
            Fact("Labels below one in a thousand", count(int(beyond.sum()))),
        ),
    )


def _face(row: Any, *, picture: Callable[[str], str]) -> Face:
    return Face(
        picture=picture(row.id),
        alt=f"Face {row.id}",
        error=label_text(row),
        lines=tuple(_lines(row)),
        id=row.source_path,
        age=label_age(row),
        gender=label_gender(row),
        ranks=by_age(label_age(row)),
    )


def _lines(row: Any) -> Iterator[str]:
    if pd.notna(row.predicted_age):
        low, high = (number(one, decimals=0) for one in (row.predicted_low, row.predicted_high))
        yield f"looks {number(row.predicted_age, decimals=0)} ({low} to {high})"
    if pd.notna(row.male_probability):
        yield f"male {percent(row.male_probability)}"
    yield f"score {number(row.score, decimals=1)}: {row.reason.partition(':')[0]}"
    if DUPLICATE in row.reason:
        yield row.reason.partition("; ")[2]
