"""`visage compare`: is one model better than another, on the same images?"""

import json
from pathlib import Path
from typing import Annotated

import typer

from visage.files.texts import write_text
from visage.metrics.contrast import Settings
from visage.params.evaluate import Evaluate
from visage.params.load import load
from visage.sweep.contrast_json import contrast_json
from visage.sweep.contrast_page import contrast_page
from visage.sweep.contrasts import compare_sides


def compare(
    sides: Annotated[
        list[str],
        typer.Argument(
            help="Experiments, revisions, MLflow run ids, or `workspace`; seeds of one side as "
            "a1,a2,a3. Each is compared with the first."
        ),
    ],
    resamples: Annotated[
        int | None, typer.Option(min=100, help="Of the bootstrap; else evaluate.resamples.")
    ] = None,
    level: Annotated[
        float | None, typer.Option(min=0.5, max=0.999, help="Else evaluate.level.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Else evaluate.seed.")] = None,
    top: Annotated[int, typer.Option(min=0, help="How many images are named.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with all slices.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the page to this .md, too.")] = None,
) -> None:
    """Compare models on the same images: differences with intervals, slices, changed images.

    Nothing is trained and nothing is changed: the saved predictions of the test part are read.
    """
    given = {"resamples": resamples, "level": level, "seed": seed}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = Settings(**{**load(Evaluate).model_dump(exclude={"part"}), **chosen}, top=top)
    found = compare_sides(sides, Path.cwd(), settings=settings)
    page = "\n".join(contrast_page(pair, settings=settings) for pair in found)
    if as_json:
        typer.echo(json.dumps([contrast_json(p, settings=settings) for p in found], indent=2))
    else:
        typer.echo(page)
    if out is not None:
        write_text(out, page)
