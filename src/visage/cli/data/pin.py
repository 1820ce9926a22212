"""`visage data pin`: one file for a large folder, which DVC then hashes in its place."""

from pathlib import Path
from typing import Annotated

import typer

from visage.files.pins import PINS, SHOWN, SUFFIX, Pin, PinError, make_pin, read_pin, write_pin


def pin(
    root: Annotated[Path, typer.Argument(help="The folder with the faces.")],
    name: Annotated[str | None, typer.Option(help="Of the pin; default: the folder's.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Hash all files and compare; write nothing.")
    ] = False,
) -> None:
    """Write the hashes of a folder's files to one file, to stand for it as data.root."""
    folder = root.resolve()
    title = name or folder.name
    path = PINS / f"{title}{SUFFIX}"
    _refuse_other(path, folder)
    pinned = read_pin(path) if check else None
    found = make_pin(folder, name=title, trust_times=not check)
    if pinned is not None:
        _compare(path, pinned, found)
    else:
        write_pin(path, found)
        typer.echo(f"{len(found.hashes)} files pinned; set data.root: {path}")
        typer.echo(
            f"From now on `dvc repro` does not notice a change in {folder} until you pin it again; "
            "--check says whether there is one"
        )


def _refuse_other(path: Path, folder: Path) -> None:
    """Makes sure that a pin which is there already is one of this folder."""
    try:
        pinned = read_pin(path).root
    except PinError:  # there is none, or a broken one, for which pinning again is the remedy
        return
    if pinned != folder:
        raise PinError(
            f"{path} is the pin of {pinned}, not of {folder}; give this folder another --name, or, "
            f"if the data set has moved, delete {path} and pin it again"
        )


def _compare(path: Path, pinned: Pin, found: Pin) -> None:
    names = sorted(pinned.hashes.keys() | found.hashes.keys())
    differ = [name for name in names if pinned.hashes.get(name) != found.hashes.get(name)]
    if differ:
        listed = "\n  ".join(differ[:SHOWN])
        raise PinError(f"{path}: {len(differ)} files differ:\n  {listed}\npin again to take them")
    typer.echo(f"{len(names)} files are as pinned.")
