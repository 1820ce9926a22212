"""`visage data audit`: near-duplicates and people across parts, of one finished split or of two.

A split is a folder with a project, or what this project calls a finished state: an experiment, a
branch, a tag or a commit, whose index and parts come from DVC's cache. A folder of the name wins.
"""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from visage.codes import UNLABELLED, Part
from visage.data.audit import PAIRS, SplitImages, both_ways, cross_pairs, leaked, people
from visage.files.paths import INDEX, SPLITS
from visage.files.pipeline import PIPELINE_FILE
from visage.files.tables import read_table, write_table
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA

TRAINED_ON = (Part.TRAIN, Part.VALIDATION, Part.CALIBRATION)


def audit(
    project: Annotated[
        str, typer.Argument(help="A project after `dvc repro`, or an experiment or revision here.")
    ] = ".",
    other: Annotated[str | None, typer.Argument(help="A second one; else the first alone.")] = None,
    bits: Annotated[int, typer.Option(min=0, max=64, help="Of 256 that may differ.")] = 20,
    pairs: Annotated[Path | None, typer.Option(help="Write all pairs to this .csv.")] = None,
) -> None:
    """Find images, nearly the same, and people in another part of a split or in another split."""
    split = _read(project)
    against = split if other is None else _read(other)
    found = cross_pairs(split, against, max_bits=bits)
    seen = both_ways(found) if other is None else found
    Console().print(_counts(seen, other=other))
    if pairs is not None:
        write_table(pairs, found, PAIRS)
        typer.echo(f"{len(found)} pairs: {pairs}")
    leaks = {part: leaked(seen, part=Part.TEST, other_part=part) for part in TRAINED_ON}
    n = int(split.table["part"].eq(Part.TEST).sum())
    for part, count in leaks.items():
        typer.echo(f"{count} of {n} test images stand in {other or project}'s part {part}")
    people_leak = _tell_people(split, against, name=other or project)
    if any(leaks.values()) or people_leak:
        raise typer.Exit(1)


def _tell_people(split: SplitImages, against: SplitImages, *, name: str) -> bool:
    """Says which people of the test part were trained on, and returns whether there are any."""
    tested = people(split, part=Part.TEST)
    if not tested:
        typer.echo("the sources name no people of the test part")
    shared = {part: len(tested & people(against, part=part)) for part in TRAINED_ON}
    for part, count in shared.items() if tested else ():
        typer.echo(
            f"{count} of {len(tested)} people of the test part stand in {name}'s part {part}"
        )
    return any(shared.values())


def _read(name: str) -> SplitImages:
    if Path(name).is_dir() or not PIPELINE_FILE.is_file():
        return _in_folder(Path(name))
    from visage.sweep.experiment_files import files_of
    from visage.sweep.references import find

    with files_of(find(name, Path()), Path(), [INDEX, SPLITS]) as folder:
        return _in_folder(folder)


def _in_folder(project: Path) -> SplitImages:
    index = read_table(project / INDEX, INDEX_SCHEMA)
    return SplitImages.of(index, read_table(project / SPLITS, SPLITS_SCHEMA))


def _counts(pairs: pd.DataFrame, *, other: str | None) -> Table:
    """Returns the number of pairs for each part and part of the other split."""
    parts = [*Part, UNLABELLED]
    table = Table(title="near-duplicate pairs", caption=f"columns: {other or 'the same split'}")
    for heading in ("", *parts):
        table.add_column(heading, justify="right" if heading else "left")
    counts = pairs.groupby(["part", "other_part"]).size()
    for part in parts:
        table.add_row(part, *(str(counts.get((part, against), 0)) for against in parts))
    return table
