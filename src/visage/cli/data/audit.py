"""`visage data audit`: near-duplicates and people across parts, of one finished split or of two.

A split is a folder with a project, or what this project calls a finished state: an experiment, a
branch, a tag or a commit, whose index and parts come from DVC's cache. A folder of the name wins.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from visage.cli.data._settings import near_duplicate_bits
from visage.codes import Part
from visage.data.audit import (
    PARTS,
    Overlap,
    SplitImages,
    other_people,
    overlap,
    people,
    with_own_names,
)
from visage.data.leaked_pairs import PAIRS, leaked_pairs
from visage.files.paths import INDEX, SPLITS
from visage.files.pipeline import PIPELINE_FILE
from visage.files.tables import read_table, refuse_suffix, write_csv
from visage.params.load import PARAMS_FILE
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA

TRAINED_ON = (Part.TRAIN, Part.VALIDATION, Part.CALIBRATION)


@dataclass(frozen=True, eq=False)
class _State:
    """A finished split, and the bits that near-duplicates of its project may differ in."""

    images: SplitImages
    bits: int


def audit(
    project: Annotated[
        str, typer.Argument(help="A project after `dvc repro`, or an experiment or revision here.")
    ] = ".",
    other: Annotated[str | None, typer.Argument(help="A second one; else the first alone.")] = None,
    bits: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=64,
            help="Of 256 that may differ; else the first one's ingest.near_duplicate_bits.",
        ),
    ] = None,
    pairs: Annotated[Path | None, typer.Option(help="Write all pairs to this .csv.")] = None,
) -> None:
    """Find images, nearly the same, and people in another part of a split or in another split."""
    if pairs is not None:
        refuse_suffix(pairs, (".csv",))
    state = _read(project)
    split = state.images
    against = split if other is None else _read(other).images
    max_bits = state.bits if bits is None else bits
    found = overlap(split, against, max_bits=max_bits)
    Console().print(_counts(found, other=other, max_bits=max_bits))
    if pairs is not None:
        n_pairs = write_csv(pairs, leaked_pairs(split, against, max_bits=max_bits), PAIRS)
        typer.echo(f"{n_pairs} pairs: {pairs}")
    leaks = {part: found.leaked(part=Part.TEST, other_part=part) for part in TRAINED_ON}
    n = int(split.table["part"].eq(Part.TEST).sum())
    for part, count in leaks.items():
        typer.echo(f"{count} of {n} test images stand in {other or project}'s part {part}")
    people_leak = _tell_people(split, against, name=other or project)
    if any(leaks.values()) or people_leak:
        raise typer.Exit(1)


def _tell_people(split: SplitImages, against: SplitImages, *, name: str) -> bool:
    """Says which people of the test part were trained on, and returns whether there are any."""
    if against is not split:
        split, against = _comparable(split, against)
    tested = people(split, part=Part.TEST)
    if not tested:
        typer.echo("the sources name no people of the test part")
    shared = {part: len(tested & people(against, part=part)) for part in TRAINED_ON}
    for part, count in shared.items() if tested else ():
        typer.echo(
            f"{count} of {len(tested)} people of the test part stand in {name}'s part {part}"
        )
    return any(shared.values())


def _comparable(split: SplitImages, against: SplitImages) -> tuple[SplitImages, SplitImages]:
    """Returns both with names that mean the same people in both, and says whose are left out."""
    strangers = other_people(split, against)
    for source in sorted(strangers):
        typer.echo(
            f"the people of {source} are not compared: its names are the data set's own, and the "
            "two splits share no images that tell that it is one data set"
        )
    return with_own_names(split, without=strangers), with_own_names(against, without=strangers)


def _read(name: str) -> _State:
    if Path(name).is_dir() or not PIPELINE_FILE.is_file():
        return _in_folder(Path(name))
    from visage.sweep.experiment_files import files_of
    from visage.sweep.references import find

    with files_of(find(name, Path()), Path(), [INDEX, SPLITS, PARAMS_FILE]) as folder:
        return _in_folder(folder)


def _in_folder(project: Path) -> _State:
    index = read_table(project / INDEX, INDEX_SCHEMA)
    images = SplitImages.of(index, read_table(project / SPLITS, SPLITS_SCHEMA))
    return _State(images, near_duplicate_bits(project / PARAMS_FILE))


def _counts(found: Overlap, *, other: str | None, max_bits: int) -> Table:
    """Returns the number of pairs for each part and part of the other split."""
    table = Table(
        title=f"near-duplicate pairs, within {max_bits} of 256 bits",
        caption=f"columns: {other or 'the same split'}",
    )
    for heading in ("", *PARTS):
        table.add_column(heading, justify="right" if heading else "left")
    for part in PARTS:
        n_pairs = (found.n_pairs(part=part, other_part=against) for against in PARTS)
        table.add_row(part, *map(str, n_pairs))
    return table
