"""A recipe: a named set of overrides on params.yaml, with an optional grid and published figures.

One pipeline serves every study; a recipe says what a study changes and what it is held against.
With `extends: other.yaml` it says what it changes of another one.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, JsonValue

from visage.params.load import ParamsError, parse, read_params
from visage.params.section import STRICT

Dotted = dict[str, JsonValue]
Score = Annotated[float, Field(ge=0)]


class Published(BaseModel):
    """A row of the comparison that others have measured; years, and scores of 0 to 1."""

    model_config = STRICT
    name: str
    rmse: Score
    mae: Score
    gender_f1: Score
    harmonic: Score
    note: str = ""


class Smoke(BaseModel):
    """What stands in the place of `overrides` for a quick run on the generated faces."""

    model_config = STRICT
    overrides: Dotted


class Recipe(BaseModel):
    """Dotted names of params.yaml with their values; each point of the grid is an experiment."""

    model_config = STRICT
    purpose: Annotated[str, Field(min_length=1)]
    needs: dict[
        str, str
    ] = {}  # parameter -> what it is; only the user knows it, and gives it by -S
    overrides: Dotted = {}
    grid: dict[str, Annotated[list[JsonValue], Field(min_length=1)]] = {}
    published: tuple[Published, ...] = ()
    mean: bool = False  # the points are repeats of one experiment: a row has their mean
    smoke: Smoke | None = None


def load_recipe(path: Path) -> Recipe:
    """Returns the recipe in a YAML file.

    Raises:
        ParamsError: with every fault of the file.
    """
    return parse(Recipe, _tree(path), path=path)


def _tree(path: Path) -> dict[str, Any]:
    """Returns what is in the file, over what is in the one beside it that it extends."""
    if not path.is_file():
        known = ", ".join(sorted(str(found) for found in Path("recipes").glob("*.yaml")))
        raise ParamsError(path, [f"there is no such recipe; known: {known or 'none'}"])
    own = dict(read_params(path))
    extended = own.pop("extends", None)
    return own if extended is None else _extended(_tree(path.parent / str(extended)), own)


def _extended(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own keys win; overrides win one by one, and hold for a quick run, too."""
    changes = own.get("overrides", {})
    smoke = {**base.get("smoke", {}), **own.get("smoke", {})}
    if smoke:
        before, after = (tree.get("smoke", {}).get("overrides", {}) for tree in (base, own))
        smoke = {**smoke, "overrides": {**before, **changes, **after}}
    merged = {"overrides": {**base.get("overrides", {}), **changes}}
    return {**base, **own, **merged, **({"smoke": smoke} if smoke else {})}
