"""A recipe: a named set of overrides on params.yaml, with an optional grid and published figures.

One pipeline serves every study; a recipe says what a study changes and what it is held against.
With `extends: other.yaml` it says what it changes of another one.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue

from visage.params.section import STRICT
from visage.sweep.study import Dotted, Study, load_study

Score = Annotated[float, Field(ge=0)]
Rank = Literal["harmonic", "rmse", "mae", "gender_f1", "gender_accuracy"]


class Published(BaseModel):
    """A row of the comparison that others have measured; years, and scores of 0 to 1."""

    model_config = STRICT
    name: str
    rmse: Score | None = None
    mae: Score | None = None
    gender_accuracy: Score | None = None
    gender_f1: Score | None = None
    harmonic: Score | None = None
    note: str = ""


class Recipe(Study):
    """Dotted names of params.yaml with their values.

    Each variant at each point of the grid is an experiment: a grid crosses its values, variants
    change one thing at a time.
    """

    grid: dict[str, Annotated[list[JsonValue], Field(min_length=1)]] = Field({})
    variants: Annotated[dict[str, Dotted], Field(min_length=1)] = Field({"": {}})  # by name
    published: tuple[Published, ...] = ()
    rank_by: Rank | None = None  # on the validation part; the best point alone meets the test part
    mean: bool = False  # the points are repeats of one experiment: a row has their mean


def load_recipe(path: Path) -> Recipe:
    """Returns the recipe in a YAML file.

    Raises:
        ParamsError: with every fault of the file.
    """
    return load_study(Recipe, path)
