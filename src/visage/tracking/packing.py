"""The files that make a run's folder `model` an MLflow model, beside the weights themselves.

The weights lie there once, as the pipeline wrote them; MLflow is told who loads them (`scoring.py`,
which is named, not imported: it reads photos, and tracking a run needs none of that) and what goes
in and out. The environment must have visage, which is on no registry: its requirements name the
exact versions of what computes, and in a comment how visage itself is installed. Its bare name
would install whatever someone may put on a registry under it.
"""

import json
import platform
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from visage import __version__

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

INSTALL: Final = f"visage {__version__} is on no registry: `pip install '.[train]'` in its checkout"
LOADER: Final = "visage.tracking.scoring"
ENVIRONMENT: Final = "python_env.yaml"
INTEGERS: Final = ("face", "gender")
# A grey picture of 32 x 32 pixels, PNG: what an image looks like on its way in. It has no face.
EXAMPLE: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQV"
    "R42mNoIAAYRhWMKhhVMFIVAABCAAAfN5c2AAAAAABJRU5ErkJggg=="
)
INPUT: Final = "input_example.json"
SERVING_INPUT: Final = "serving_input_example.json"
NUMBERS: Final = ("x0", "y0", "x1", "y1", "age", "age_low", "age_high", "gender_probability")


def write_packing(folder: Path, card: Path) -> tuple[Path, ...]:
    """Writes MLmodel and what it names to `folder`; returns the files. `card` is model.json."""
    with warnings.catch_warnings(action="ignore"):  # MLflow warns of its own types
        from mlflow.models import Model
        from mlflow.pyfunc import add_to_model

    facts = json.loads(card.read_text(encoding="utf-8"))
    model = Model(
        signature=signature(facts.get("margin")), saved_input_example_info=_write_example(folder)
    )
    add_to_model(model, LOADER, python_env=ENVIRONMENT)  # type: ignore[no-untyped-call]
    model.save(str(folder / "MLmodel"))
    _write_environment(folder, facts)
    return tuple(sorted(path for path in folder.iterdir() if path.is_file()))


def signature(margin: float | None) -> "ModelSignature":
    """Returns what goes in and out."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
    from mlflow.types.schema import AnyType

    anything = AnyType()  # type: ignore[no-untyped-call]  # base64 text, bytes, or an array
    numbers = [ColSpec("double", name, required=False) for name in NUMBERS]
    integers = [ColSpec("long", name, required=False) for name in INTEGERS]
    rows = [ColSpec("long", "image"), *integers, *numbers]
    others = {"error": "string", "unfamiliar": "boolean"}
    told = [ColSpec(kind, name, required=False) for name, kind in others.items()]
    return ModelSignature(
        inputs=Schema([ColSpec(anything, "image")]),
        outputs=Schema([*rows, *told]),
        params=ParamSchema(
            [ParamSpec("crop", "string", default_crop(margin)), ParamSpec("margin", "double", -1.0)]
        ),
    )


def default_crop(margin: float | None) -> str:
    """Returns what is safe: faces are searched only where the model knows its margin."""
    return "none" if margin is None else "face"


def requirements(facts: Mapping[str, Any]) -> str:
    """Returns a requirements.txt: visage's own requirements in exact versions.

    Args:
        facts: model.json, whose `versions` trained the model; the others' are those of here.
    """
    versions = dict(_installed()) | facts.get("versions", {})
    public = {name: found.partition("+")[0] for name, found in versions.items()}
    lines = [f"{name}=={found}" for name, found in sorted(public.items())]
    return "\n".join([f"# {INSTALL}", *lines, ""])


def _installed() -> Iterator[tuple[str, str]]:
    """Yields name and version of what visage with its extra `train` requires, if it is here."""
    for line in requires("visage") or []:
        name, extra = re.match(r"[\w.-]+", line), re.search(r"extra == ['\"](\w+)", line)
        if name and (extra is None or extra[1] == "train"):
            with suppress(PackageNotFoundError):  # it is for another platform
                yield name[0], version(name[0])


def _write_example(folder: Path) -> dict[str, str]:
    """Writes what may go in, as a table and as a request; returns what MLflow keeps of it."""
    table = {"columns": ["image"], "data": [[EXAMPLE]]}
    (folder / INPUT).write_text(json.dumps(table), encoding="utf-8")
    (folder / SERVING_INPUT).write_text(json.dumps({"dataframe_split": table}), encoding="utf-8")
    return {
        "artifact_path": INPUT,
        "serving_input_path": SERVING_INPUT,
        "type": "dataframe",
        "pandas_orient": "split",
    }


def _write_environment(folder: Path, facts: Mapping[str, Any]) -> None:
    (folder / "requirements.txt").write_text(requirements(facts), encoding="utf-8")
    environment = {"python": platform.python_version(), "dependencies": ["-r requirements.txt"]}
    (folder / ENVIRONMENT).write_text(json.dumps(environment), encoding="utf-8")  # JSON is YAML
