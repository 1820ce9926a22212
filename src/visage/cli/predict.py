"""`visage predict`: age and gender of the faces in photos, as a table."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from visage.files.paths import MODEL
from visage.inference.face_model import load_face_model
from visage.photos.crops import Crop
from visage.photos.drawing import Artist
from visage.photos.faces import BATCH_SIZE, FaceReader
from visage.photos.listing import list_photos
from visage.photos.rows import Row, rows
from visage.photos.shown import Shown
from visage.photos.stream import read_faces
from visage.photos.writing import Write, writer
from visage.registry import UnknownMemberError, members, no_such

UNREADABLE: Final = 3  # exit code
VIEWS: Final = "visage.inference.views"

# The same of `visage serve`, and views of `visage export`, too.
ModelOption = Annotated[
    Path, typer.Option(help="A folder as the pipeline writes it, or an .onnx file.")
]
CropOption = Annotated[
    Crop, typer.Option(help="Find the faces; or take all of a photo, or its middle, as one.")
]
MarginOption = Annotated[
    float | None, typer.Option(help="Around the training faces, where the model does not know it.")
]
ViewsOption = Annotated[
    str | None,
    typer.Option(help="Averaged, such as identity,hflip; else what the decision was fitted on."),
]


def predict(
    paths: Annotated[
        list[str], typer.Argument(help="Photos, folders, patterns, or - for a list on stdin.")
    ],
    model: ModelOption = MODEL.parent,
    crop: CropOption = Crop.FACE,
    margin: MarginOption = None,
    views: ViewsOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .csv, .jsonl or .parquet file.")
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(help="A folder for the photos with what was found.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Faces at once.")] = BATCH_SIZE,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Photos read at once; else one a core.")
    ] = None,
) -> None:
    """Estimate age and gender of the faces in photos: a row a face.

    Exit code 0: every photo was read; 3: the rows are there, but some photos could not be read (see
    the column `error`); 1: there are no rows, the message says why.
    """
    opened = _opened(output)
    photos = list_photos(paths, listed=_lines())
    shown, artist = Shown(output), None if draw is None else Artist(draw, photos)
    loaded = load_face_model(model, views=view_names(views))
    reader = FaceReader(loaded, crop=crop, margin=margin, batch_size=batch)
    with opened as write, _progress(len(photos)) as advance:
        for group in read_faces(photos, reader, workers=workers):
            write(rows(group))
            shown.add(group)
            if artist is not None:
                artist.draw(group)
            advance(len(group))
    shown.tell()
    _say_gone(0 if artist is None else artist.n_gone)
    if shown.n_unreadable:
        raise typer.Exit(UNREADABLE)


def view_names(given: str | None) -> tuple[str, ...] | None:
    """Returns the views that were asked for, if any.

    Raises:
        UnknownMemberError: there is no such view.
    """
    if given is None:
        return None
    names, known = tuple(name.strip() for name in given.split(",")), members(VIEWS)
    for name in names:
        if name not in known:
            raise UnknownMemberError(f"--views: {no_such(name, known)}")
    return names


def _lines() -> Iterator[str]:
    """Yields the lines of standard input; a path on a disk is bytes, of whatever encoding."""
    yield from map(os.fsdecode, sys.stdin.buffer)


def _say_gone(n: int) -> None:
    if n:
        typer.echo(f"WARNING: not drawn, because they can't be read any more: {n}", err=True)


def _opened(output: Path | None) -> AbstractContextManager[Write]:
    return nullcontext(_to_nobody) if output is None else writer(output)(output)


def _to_nobody(_: Sequence[Row]) -> None:
    """Writes nothing: the terminal gets the rows."""


@contextmanager
def _progress(n_photos: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that says how many more photos are done; it shows on a terminal only."""
    console = Console(stderr=True)
    columns = ("photos", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("photos", total=n_photos)
        yield lambda n: bar.advance(task, n)
