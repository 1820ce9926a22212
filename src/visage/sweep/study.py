"""What a recipe and a search have in common: why, what the user must give, overrides, a quick run.

The overrides of the command line win over the file's; what a study chooses itself can't be given.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, Field, JsonValue

from visage.params.load import ParamsError, parse, read_params
from visage.params.section import STRICT

Dotted = dict[str, JsonValue]
RECIPES: Final = Path("recipes")


class Smoke(BaseModel):
    """What stands in the place of `overrides` for a quick run on the generated faces."""

    model_config = STRICT
    overrides: Dotted


class Study(BaseModel):
    """A purpose, and dotted names of params.yaml with their values."""

    model_config = STRICT
    purpose: Annotated[str, Field(min_length=1)]
    needs: dict[
        str, str
    ] = {}  # parameter -> what it is; only the user knows it, and gives it by -S
    overrides: Dotted = {}
    smoke: Smoke | None = None


S = TypeVar("S", bound=Study)


def load_study(model: type[S], path: Path, *, folder: Path = RECIPES) -> S:
    """Returns the study in a YAML file; `folder` holds those that there are.

    Raises:
        ParamsError: with every fault of the file.
    """
    return parse(model, _tree(path, folder), path=path)


def _tree(path: Path, folder: Path, *, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Returns what is in the file, over what is in the one beside it that it extends.

    above: the files that extend this one, the user's first.
    """
    if path.resolve() in [known.resolve() for known in above]:
        ring = " -> ".join(known.name for known in (*above, path))
        raise ParamsError(above[-1], [f"extends: {ring} is a ring; let one of them extend nothing"])
    if not path.is_file():
        known = ", ".join(sorted(str(found) for found in folder.glob("*.yaml")))
        raise ParamsError(path, [f"there is no such recipe; known: {known or 'none'}"])
    own = dict(read_params(path))
    if above or "extends" in own:
        _refuse_unmergeable(own, path)
    if "extends" not in own:
        return own
    extended = own.pop("extends")
    return _extended(_tree(path.parent / extended, folder, above=(*above, path)), own)


def _refuse_unmergeable(tree: dict[str, Any], path: Path) -> None:
    """What is merged must have its form; all else is checked in what comes of it."""
    faults = []
    extended, smoke = tree.get("extends", "x"), tree.get("smoke", {})
    if not (isinstance(extended, str) and extended):
        faults.append(f"extends: must name a file beside this one, found {extended!r}")
    inner = smoke.get("overrides", {}) if isinstance(smoke, dict) else {}
    merged = {"overrides": tree.get("overrides", {}), "smoke": smoke, "smoke.overrides": inner}
    faults += [
        f"{name}: must be a mapping, found {value!r}; leave it out where it is empty"
        for name, value in merged.items()
        if not isinstance(value, dict)
    ]
    if faults:
        raise ParamsError(path, faults)


def _extended(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own keys win; overrides win one by one, and hold for a quick run, too."""
    changes = own.get("overrides", {})
    smoke = {**base.get("smoke", {}), **own.get("smoke", {})}
    if smoke:
        before, after = (tree.get("smoke", {}).get("overrides", {}) for tree in (base, own))
        smoke = {**smoke, "overrides": {**before, **changes, **after}}
    merged = {"overrides": {**base.get("overrides", {}), **changes}}
    return {**base, **own, **merged, **({"smoke": smoke} if smoke else {})}


def study_name(path: Path, *, smoke: bool) -> str:
    """Returns what the names of a study's experiments begin with."""
    return f"{path.stem}-smoke" if smoke else path.stem


def base_overrides(study: Study, *, extra: Mapping[str, Any], smoke: bool) -> dict[str, Any]:
    """Returns the overrides that all experiments of a study share."""
    base = study.smoke.overrides if smoke and study.smoke else study.overrides
    return {**base, **extra}


def misuse(
    study: Study, *, command: str, chosen: Iterable[str], extra: Mapping[str, Any], smoke: bool
) -> Iterator[str]:
    """Yields the faults in how a study was started.

    Args:
        study: what is in the file.
        command: how it was started, for the remedy.
        chosen: the parameters that the study chooses, each as `grid.seed` or `space.train.lr`.
        extra: overrides of the command line.
        smoke: the quick run was asked for.
    """
    for name in chosen:
        if name.partition(".")[2] in extra:
            given = name.partition(".")[2]
            yield f"{name}: -S {given}=... would replace what the study chooses; leave it out"
    if smoke:
        if study.smoke is None:
            yield "smoke: is missing, so there is no quick run; add it"
        return
    for name, what in study.needs.items():
        if name not in extra:
            yield f"needs {name} ({what}): {command} -S {name}=..."
