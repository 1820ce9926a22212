"""The `visage` command: one file of this folder a subcommand, with a function of the same name.

A folder below holds the subcommands of a group (`visage data audit`).

A subcommand's file is imported when it is called; until then its help is read from its source. So
`visage --help` is quick, and works in the light core, where neither dvc nor mlflow is installed.
"""

import ast
from errno import EPIPE
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final

import typer
from typer.core import TyperGroup

from visage.data.pixels import limit_opencv
from visage.errors import VisageError
from visage.files.places import FULL

COMMANDS: Final = (
    *("predict", "serve", "check", "run", "tune", "compare", "ensemble", "show", "export"),
    *("track", "promote", "ui", "deps", "schema"),
)
DATA_COMMANDS: Final = ("audit", "check", "pin", "suspects")
AMP_COMMANDS: Final = ("probe",)
SUBMISSION_COMMANDS: Final = ("check", "verify", "keep")
# The libraries that come with another extra than `train`.
EXTRAS: Final = {
    **dict.fromkeys(
        ("fastapi", "fastapi_offline", "prometheus_client", "python_multipart", "uvicorn"), "serve"
    ),
    "onnxruntime": "onnx",
}


class Commands(TyperGroup):
    """Loads what is called, and turns a user's error into one message and exit code 1."""

    package: ClassVar[str] = "visage.cli"
    names: ClassVar[tuple[str, ...]] = COMMANDS

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the subcommand's name, the subcommand itself, and its arguments."""
        name, stub, rest = super().resolve_command(ctx, args)
        return name, _loaded(self.package, name) if name in self.names else stub, rest

    def invoke(self, ctx: Any) -> Any:
        """Runs the subcommand."""
        limit_opencv()  # the subcommand's imports load it
        try:
            return super().invoke(ctx)
        except VisageError as error:
            message = str(error)
        except ModuleNotFoundError as error:
            if (error.name or "visage").startswith("visage"):
                raise
            extra = EXTRAS.get((error.name or "").partition(".")[0], "train")
            remedy = f"in a checkout of visage: pip install '.[{extra}]'"
            message = f"this command needs {error.name}; {remedy}"
        except OSError as error:
            if error.errno is None or error.errno == EPIPE:  # click's own: who reads us has ended
                raise
            message = _told(error)
        typer.echo(f"ERROR: {message}", err=True)
        raise typer.Exit(1)


class DataCommands(Commands):
    """The subcommands of `visage data`."""

    package: ClassVar[str] = "visage.cli.data"
    names: ClassVar[tuple[str, ...]] = DATA_COMMANDS


class AmpCommands(Commands):
    """The subcommands of `visage amp`."""

    package: ClassVar[str] = "visage.cli.amp"
    names: ClassVar[tuple[str, ...]] = AMP_COMMANDS


class SubmissionCommands(Commands):
    """The subcommands of `visage submission`."""

    package: ClassVar[str] = "visage.cli.submission"
    names: ClassVar[tuple[str, ...]] = SUBMISSION_COMMANDS


def _told(error: OSError) -> str:
    where = "" if error.filename is None else f"{error.filename}: "
    return f"{where}{error.strerror}{'; free some space' if error.errno in FULL else ''}"


def _loaded(package: str, name: str) -> Any:
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(import_module(f"{package}.{name}"), name))
    return typer.main.get_command(alone)


def _summary(folder: Path, name: str) -> str:
    """The first line of the docstring of a subcommand's function."""
    source = (folder / f"{name}.py").read_text(encoding="utf-8")
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    text = next(ast.get_docstring(node) for node in functions if node.name == name)
    return (text or "").split("\n", 1)[0]


def _stub() -> None:
    """Stands for a subcommand until it is called."""


def _group(commands: type[Commands], folder: Path, **kwargs: Any) -> typer.Typer:
    group = typer.Typer(cls=commands, no_args_is_help=True, **kwargs)
    for name in commands.names:
        group.command(name, help=_summary(folder, name))(_stub)
    return group


app = _group(
    Commands,
    Path(__file__).parent,
    help="Age and gender from face photos: train, compare, predict. The pipeline is `dvc repro`.",
    pretty_exceptions_enable=False,
)
app.add_typer(
    _group(DataCommands, Path(__file__).parent / "data"),
    name="data",
    help="Look at the data: what is odd, leaks or is mislabelled; pin a large folder.",
)
app.add_typer(
    _group(AmpCommands, Path(__file__).parent / "amp"),
    name="amp",
    help="Mixed precision: what is fast on this machine.",
)
app.add_typer(
    _group(SubmissionCommands, Path(__file__).parent / "submission"),
    name="submission",
    help="The file to be handed in: is it sound, and does it come out the same again?",
)
