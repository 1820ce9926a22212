"""`visage deps`: writes into dvc.yaml which modules each stage reaches."""

import difflib
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from visage.files.closure import stage_modules
from visage.files.pipeline import PIPELINE_FILE, with_module_deps
from visage.files.texts import write_text


def deps(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; show what differs and exit with 1.")
    ] = False,
) -> None:
    """Write the modules that each stage really imports into dvc.yaml.

    Imports decide which stages run again: DVC hashes files and follows no import.
    """
    old = PIPELINE_FILE.read_text(encoding="utf-8")
    new = with_module_deps(old, partial(stage_modules, root=Path()))
    sides, names = (old.splitlines(), new.splitlines()), ("dvc.yaml", "dvc.yaml, from the imports")
    difference = "\n".join(difflib.unified_diff(*sides, *names, lineterm=""))
    typer.echo(difference or "dvc.yaml names the modules that each stage reaches.")
    if check:
        raise typer.Exit(1 if difference else 0)
    write_text(PIPELINE_FILE, new)
