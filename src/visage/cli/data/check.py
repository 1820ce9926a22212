"""`visage data check`: looks at a data set before a model does, and shows what is odd."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from visage.cli.data._settings import Settings, read_settings
from visage.data.check import Checked, check_source
from visage.data.check_ages import age_counts, spikes
from visage.data.findings import findings
from visage.data.rejections import count_reasons
from visage.data.screening import candidates
from visage.data.source import read_source
from visage.files.texts import write_text
from visage.reporting.check_page import check_page, finding_rows
from visage.reporting.formats import count
from visage.reporting.overview import share_of

SPIKES_SHOWN = 6  # in the terminal; the page has all


def check(
    root: Annotated[
        Path | None, typer.Argument(help="The folder of the data set; else data.root.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Its form, e.g. utkface or kaggle; else data.source.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The page to write.")] = Path("data-check.html"),
    min_side: Annotated[
        int | None, typer.Option(min=1, help="Smaller is tiny, pixels; else model.image_size.")
    ] = None,
    shown: Annotated[int, typer.Option(min=0, help="Pictures of each finding, at most.")] = 24,
    set_param: Annotated[
        list[str] | None,
        typer.Option("-S", "--set-param", help="NAME=VALUE, e.g. data.kaggle.table=all.csv."),
    ] = None,
) -> None:
    """Look at a data set: labels, sizes, broken, grey, blurred, odd and duplicate images.

    Works in a project (root, source and columns from params.yaml) and without one. Nothing of the
    data set is changed.
    """
    settings = read_settings(root, source=source, words=set_param or [])
    records = read_source(settings.data)
    checked = check_source(
        records,
        screened=candidates(records, settings.data, age_max=settings.age_max),
        max_bits=settings.max_bits,
        years=settings.years,
    )
    not_applied = list(_not_applied(settings))
    least = min_side or settings.min_side
    html = check_page(
        checked,
        root=records.root,
        source=records.name,
        min_side=least,
        shown=shown,
        not_applied=not_applied,
    )
    write_text(output, html)
    Console().print(_table(checked, min_side=least))
    for said in not_applied:
        typer.echo(f"WARNING: {said}", err=True)
    typer.echo(f"The page with pictures: {output}")


def _not_applied(settings: Settings) -> Iterator[str]:
    """Yields what `ingest` would do and the check does not."""
    if settings.data.align is not None:
        yield (
            f"data.align: {settings.data.align} is not applied here: `ingest` looks for a face in "
            "each image and sets aside those without one; this looks at the images as they are."
        )
    if settings.contradicting == "reject":
        yield (
            "ingest.contradicting: reject is not applied here: `ingest` sets aside near-duplicates "
            "with contradicting labels; here they are shown."
        )


def _table(checked: Checked, *, min_side: int) -> Table:
    table = Table(
        title=f"{count(len(checked.index))} of {count(checked.n_rows)} rows can be used",
        caption=_ages(checked),
        caption_justify="left",
    )
    table.add_column("")
    table.add_column("images", justify="right")
    table.add_column("share", justify="right")
    reasons = {f"  {reason}": n for reason, n in count_reasons(checked.rejected).items()}
    first, *rest = finding_rows(checked, findings(checked.index, min_side=min_side))
    for name, n in (first, *reasons.items(), *rest):
        table.add_row(name, count(n), share_of(n, checked.n_rows))
    return table


def _ages(checked: Checked) -> str:
    found = spikes(age_counts(checked.index))
    if not found:
        return "no age stands out"
    named = ", ".join(
        f"{one.age} ({count(one.n)}, expected {count(round(one.expected))})"
        for one in found[:SPIKES_SHOWN]
    )
    more = f" and {len(found) - SPIKES_SHOWN} more" if len(found) > SPIKES_SHOWN else ""
    return f"ages that stand out: {named}{more}"
