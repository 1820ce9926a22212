"""`visage data suspects`: labels that a finished model finds improbable, as a sheet of faces."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from visage.codes import Part
from visage.data.index import labelled_rows
from visage.files.faces import FaceStore
from visage.files.jsons import read_json
from visage.files.paths import DECISION, FACES, INDEX, PREDICTIONS
from visage.files.tables import FORMS, read_table, refuse_suffix, write_table
from visage.files.texts import write_text
from visage.posterior.decision import Decision
from visage.reporting.predicted_images import differences
from visage.reporting.suspects import (
    SUSPECTS,
    Run,
    coverage_text,
    csv_table,
    suspects_page,
)
from visage.reporting.suspects import suspects as find_suspects
from visage.reporting.worst import picture
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import PREDICTIONS as PREDICTIONS_SCHEMA

NOT_TRAINED_ON = (Part.VALIDATION, Part.CALIBRATION, Part.TEST)
TABLES = tuple(PREDICTIONS / f"{part}.parquet" for part in NOT_TRAINED_ON)
LISTED = 10  # in the terminal


def suspects(
    project: Annotated[Path, typer.Argument(help="A project after `dvc repro`.")] = Path(),
    experiment: Annotated[
        list[str] | None,
        typer.Option(help="Its predictions instead of the workspace's; more than one is possible."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many are shown.")] = 100,
    output: Annotated[Path, typer.Option(help="The page to write.")] = Path("suspects.html"),
    csv: Annotated[Path | None, typer.Option(help="Write all of them to this .csv.")] = None,
) -> None:
    """List labels that are probably wrong, by predictions of images not trained on.

    Nothing is trained and nothing is changed: the saved predictions are read.
    """
    if csv is not None:
        refuse_suffix(csv, FORMS)
    labelled = labelled_rows(read_table(project / INDEX, INDEX_SCHEMA)).reset_index(drop=True)
    names = experiment or []
    runs = list(_of_experiments(project, names)) if names else [_run(project, name="workspace")]
    warnings = [said for run in runs for said in differences(labelled, run)]
    found = find_suspects(labelled, runs)
    faces = FaceStore(project / FACES)
    html = suspects_page(
        found,
        top=top,
        n_labelled=len(labelled),
        names=[run.name for run in runs],
        warnings=warnings,
        picture=lambda id_: picture(faces.read(id_)),
    )
    write_text(output, html)
    if csv is not None:
        write_table(csv, csv_table(found), SUSPECTS)
    Console().print(_table(found.head(LISTED).itertuples()))
    for said in warnings:
        typer.echo(f"WARNING: {said}", err=True)
    typer.echo(coverage_text(len(found), len(labelled)))
    typer.echo(f"The page with faces: {output}" + (f"; all of them: {csv}" if csv else ""))


def _of_experiments(project: Path, names: Sequence[str]) -> Iterator[Run]:
    from visage.sweep.experiment_files import files_of
    from visage.sweep.references import find

    for name in names:
        with files_of(find(name, project), project, [*TABLES, DECISION]) as folder:
            yield _run(folder, name=name)


def _run(folder: Path, *, name: str) -> Run:
    return Run(
        name=name,
        predictions=tuple(read_table(folder / table, PREDICTIONS_SCHEMA) for table in TABLES),
        decision=Decision.from_json(read_json(folder / DECISION)),
    )


def _table(rows: Iterator[object]) -> Table:
    table = Table(title="the most suspicious labels")
    for heading in ("score", "id", "reason"):
        table.add_column(heading, justify="right" if heading == "score" else "left")
    for row in rows:
        table.add_row(f"{row.score:.1f}", row.id, row.reason)  # type: ignore[attr-defined]
    return table
