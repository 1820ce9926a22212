"""`visage export`: the trained model as a file for other runtimes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from visage.cli.predict import ViewsOption, view_names
from visage.export.accuracy import Accuracy
from visage.export.making import Asked, Cost, beside, make, suffix
from visage.files.paths import MODEL

FOLDER = Path("exports")
UNITS = {"age": " years", "age_low": " years", "age_high": " years"}


def export(
    format_: Annotated[
        str, typer.Option("--format", help="onnx, torchscript or safetensors.")
    ] = "onnx",
    int8: Annotated[
        bool, typer.Option("--int8", help="Quantise layers to eight bits (onnx only).")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The file; without it exports/model.<suffix>.")
    ] = None,
    check: Annotated[
        int, typer.Option(min=0, help="Faces that the file is compared on with PyTorch; 0: none.")
    ] = 64,
    models: Annotated[Path, typer.Option(help="The folder of the trained model.")] = MODEL.parent,
    views: ViewsOption = None,
) -> None:
    """Write the trained model, from RGB bytes to decisions, for ONNX Runtime or libtorch.

    It is compared with PyTorch on ingested faces and refused where it differs; --int8 says what it
    costs on labelled faces. Faces of the test part are never looked at.
    """
    asked = Asked(models, format_, view_names(views), int8=int8, n_check=check)
    path = output or FOLDER / f"model{'-int8' if int8 else ''}{suffix(format_)}"
    made = make(asked, path, project=Path())
    if made.checked is None:
        typer.echo("not compared with PyTorch (--check 0)")
    else:
        typer.echo(f"largest differences from PyTorch on {made.checked.n} faces, the same pixels:")
        _tell(made.checked.same_pixels)
        typer.echo("and with the file's own resizing of the faces as they are stored:")
        _tell(made.checked.own_resizing)
    if made.cost is not None:
        _tell_cost(made.cost)
    typer.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB), described in {beside(path)}")


def _tell(differences: Mapping[str, float]) -> None:
    for name, value in differences.items():
        shown = f"{value:.1%} of the faces" if name == "gender" else f"{value:.2g}"
        typer.echo(f"  {name}: {shown}{UNITS.get(name, '')}")


def _tell_cost(cost: Cost) -> None:
    typer.echo(f"on {cost.before.n} labelled faces (calibration and validation part):")
    typer.echo(f"  32 bits: {_figures(cost.before)}")
    typer.echo(f"   8 bits: {_figures(cost.after)}")


def _figures(found: Accuracy) -> str:
    figures = {
        "MAE {:.3f} years": found.mae,
        "interval holds {:.1%}": found.within_interval,
        "gender accuracy {:.4f}": found.gender_accuracy,
        "called unfamiliar {:.1%}": found.unfamiliar,
    }
    return ", ".join(text.format(value) for text, value in figures.items() if value is not None)
