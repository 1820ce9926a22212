"""`visage amp probe`: which train.amp and train.channels_last are fast on this machine."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from visage.cli.guard import guard
from visage.codes import Task
from visage.inference.machine import machine
from visage.models.backbone import Normalisation
from visage.models.network import NetworkSpec
from visage.params.load import load, read_params
from visage.params.train import Train
from visage.profiling.precision import Setting, Timing, best, timings

HALF = (0.5, 0.5, 0.5)  # of the normalisation, which costs the same whatever its numbers


def probe(
    backbone: Annotated[
        str | None, typer.Option(help="Any timm name; without it that of params.yaml.")
    ] = None,
    image_size: Annotated[int | None, typer.Option(min=16, help="Pixels.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=2, help="Images a step.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Steps of each setting.")] = 5,
) -> None:
    """Time training steps under off, bf16 and fp16 in both memory layouts, and say which to set.

    No data and no weights are needed. The parameter holds the concrete value, so that runs repeat.
    """
    guard(rooted=False)
    params = read_params()
    spec = _spec(params, backbone=backbone, image_size=image_size)
    size = batch_size or int(params["train"]["batch_size"])
    on = machine()
    found = list(timings(spec, load(Train), batch_size=size, rounds=rounds, on=on))
    title = f"{spec.backbone}, {spec.image_size} px, batch {size}, {on.device.type}"
    console = Console(width=None if Console().is_terminal else 100)
    console.print(table(found, title=title))
    console.print(advice(best(found), params["train"]), highlight=False)


def _spec(
    params: Mapping[str, Any], *, backbone: str | None, image_size: int | None
) -> NetworkSpec:
    model = params["model"]
    return NetworkSpec(
        backbone=backbone or params["backbone"],
        backbone_kwargs=params["init"]["kwargs"],
        drop_path_rate=model["drop_path_rate"],
        tasks=tuple(Task(task) for task in params["tasks"]),
        age_head=model["age_head"],
        age_max=params["age_max"],
        mlp=tuple(model["mlp"]),
        dropout=model["dropout"],
        image_size=image_size or model["image_size"],
        normalisation=Normalisation(HALF, HALF),
        pool=model["pool"],
    )


def table(found: Sequence[Timing], *, title: str) -> Table:
    """Returns a row for each setting, with its speed by that of full precision, NCHW."""
    shown = Table(title=title)
    for heading in ("train.amp", "train.channels_last"):
        shown.add_column(heading)
    for heading in ("images/s", "by the first row"):
        shown.add_column(heading, justify="right")
    first = found[0].images_per_second
    for timing in found:
        speed, setting = timing.images_per_second, timing.setting
        texts = (timing.refusal, "") if speed is None else (f"{speed:.1f}", _ratio(speed, first))
        shown.add_row(setting.amp, str(setting.channels_last).lower(), *texts)
    return shown


def _ratio(speed: float, first: float | None) -> str:
    return f"{speed / first:.2f}" if first else ""


def advice(setting: Setting, recipe: Mapping[str, Any]) -> str:
    """Says what to set, or that it is set already."""
    wanted = {"amp": setting.amp, "channels_last": setting.channels_last}
    changes = [
        f"-S train.{name}={str(value).lower()}"
        for name, value in wanted.items()
        if recipe[name] != value
    ]
    if not changes:
        return "params.yaml has the fastest already."
    return f"Set it in params.yaml, or for one run: dvc exp run {' '.join(changes)}"
