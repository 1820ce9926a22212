"""The `visage` command: one file of this folder a subcommand, with a function of the same name.

A subcommand's file is imported when it is called; until then its help is read from its source. So
`visage --help` is quick, and works in the light core, where neither dvc nor mlflow is installed.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup

from visage.errors import VisageError

COMMANDS: Final = ("check", "run", "show", "track", "ui", "deps", "schema")


class Commands(TyperGroup):
    """Loads what is called, and turns a user's error into one message and exit code 1."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the subcommand's name, the subcommand itself, and its arguments."""
        name, stub, rest = super().resolve_command(ctx, args)
        return name, _loaded(name) if name in COMMANDS else stub, rest

    def invoke(self, ctx: Any) -> Any:
        """Runs the subcommand."""
        try:
            return super().invoke(ctx)
        except VisageError as error:
            message = str(error)
        except ModuleNotFoundError as error:
            if (error.name or "visage").startswith("visage"):
                raise
            message = f"this command needs {error.name}; pip install 'visage[train]'"
        typer.echo(f"ERROR: {message}", err=True)
        raise typer.Exit(1)


def _loaded(name: str) -> Any:
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(import_module(f"visage.cli.{name}"), name))
    return typer.main.get_command(alone)


def _summary(name: str) -> str:
    """The first line of the docstring of a subcommand's function."""
    source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    text = next(ast.get_docstring(node) for node in functions if node.name == name)
    return (text or "").split("\n", 1)[0]


def _stub() -> None:
    """Stands for a subcommand until it is called."""


app = typer.Typer(
    cls=Commands,
    help="Age and gender from face photos: train, compare, predict. The pipeline is `dvc repro`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _name in COMMANDS:
    app.command(_name, help=_summary(_name))(_stub)
