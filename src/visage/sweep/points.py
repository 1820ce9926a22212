"""From a recipe to the experiments that it stands for, each with a name and its overrides."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from visage.codes import Part
from visage.files.hashes import sha256_json
from visage.params.load import ParamsError
from visage.params.overrides import overridden, unknown_names
from visage.sweep.recipe import Published, Recipe
from visage.sweep.study import Study, base_overrides, misuse, study_name

PART = "evaluate.part"
PUBLISHED = "report.published"
Check = Callable[[Mapping[str, Any]], list[str]]


@dataclass(frozen=True)
class Point:
    """An experiment to be: overrides under dotted names, the later ones of a recipe winning."""

    name: str
    overrides: Mapping[str, Any]


def points(
    recipe: Recipe, *, path: Path, extra: Mapping[str, Any], smoke: bool
) -> tuple[Point, ...]:
    """Returns the points of a recipe in the order of its file: each variant at each of its grid.

    Args:
        recipe: what is in the file `path`, whose name begins the experiments' names.
        path: the recipe's file.
        extra: overrides of the command line; they win over the recipe's own.
        smoke: take the recipe's smoke overrides in place of its overrides.

    Raises:
        ParamsError: with every fault of the recipe's use.
    """
    base, prefix = base_overrides(recipe, extra=extra, smoke=smoke), study_name(path, smoke=smoke)
    if recipe.rank_by:
        base = for_ranking(base)
    if recipe.published and not smoke:  # a quick run compares nothing with them
        base = {PUBLISHED: [_published(row) for row in recipe.published], **base}
    found = []
    for variant, changes in recipe.variants.items():
        start = f"{prefix}-{variant}" if variant else prefix
        for values in product(*recipe.grid.values()):
            chosen = dict(zip(recipe.grid, values, strict=True))
            found.append(Point(_name(start, chosen), {**base, **changes, **chosen}))
    faults = [
        *misuse(
            recipe, command=f"visage run {path}", chosen=_chosen(recipe), extra=extra, smoke=smoke
        ),
        *(part_faults(recipe) if recipe.rank_by else []),
        *_collisions(found),
    ]
    if faults:
        raise ParamsError(path, faults)
    return tuple(found)


def _published(row: Published) -> dict[str, Any]:
    """Returns a row of the recipe as `report.published` has it."""
    figures = row.model_dump(exclude={"name", "note"}, exclude_none=True)
    return {"name": row.name, "figures": figures, "note": row.note}


def for_ranking(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Returns overrides that measure on the validation part, where points are ranked."""
    return {**overrides, PART: Part.VALIDATION.value}


def part_faults(study: Study) -> list[str]:
    """Returns the fault of a file that sets the part which `for_ranking` and `winning` choose."""
    smoke = study.smoke.overrides if study.smoke else {}
    if PART not in {**study.overrides, **smoke}:
        return []
    return [
        f"overrides.{PART}: the points are measured on the validation part and the best one on the "
        "test part, whatever it says; leave it out"
    ]


def winning(point: Point, *, study: str) -> Point:
    """Returns the same experiment, measured on the test part, as the study's winner."""
    return Point(winner_name(study), {**point.overrides, PART: Part.TEST.value})


def winner_name(study: str) -> str:
    """Returns what the experiment of a study's best point on the test part is called."""
    return f"{study}-winner"


def _chosen(recipe: Recipe) -> list[str]:
    grid = [f"grid.{name}" for name in recipe.grid]
    grid += [f"rank_by.{PART}"] if recipe.rank_by else []
    return grid + [f"variants.{key}" for changes in recipe.variants.values() for key in changes]


def _collisions(found: list[Point]) -> Iterator[str]:
    for name, n in Counter(point.name for point in found).items():
        if n > 1:
            yield f"grid: {name} would stand for {n} points; make its values differ"


def refuse_faults(
    found: tuple[Point, ...],
    tree: Mapping[str, Any],
    *,
    path: Path,
    check: Check,
    twins: bool = False,
) -> None:
    """Checks what each point makes of params.yaml, before the first one runs.

    Two points of the same parameters are one training, which would look like two that agree.

    Args:
        found: the points.
        tree: params.yaml.
        path: the recipe's file.
        check: gives the faults of a whole tree of parameters.
        twins: two points may be one training, as in a quick run, which compares nothing.

    Raises:
        ParamsError: with every fault of every point.
    """
    faults: list[str] = []
    names: dict[str, str] = {}  # by the hash of the whole tree
    for point in found:
        unknown = unknown_names(tree, point.overrides)
        if unknown:
            faults += unknown
            continue
        whole = overridden(tree, point.overrides)
        faults += [f"{point.name}: {fault}" for fault in check(whole)]
        twin = names.setdefault(sha256_json(whole), point.name)
        if twin != point.name and not twins:
            faults.append(f"{point.name}: is the same training as {twin}; leave one of them out")
    if faults:
        raise ParamsError(path, list(dict.fromkeys(faults)))


def _name(prefix: str, chosen: Mapping[str, Any]) -> str:
    return "-".join([prefix, *(_telling(name, value) for name, value in chosen.items())])


def _telling(name: str, value: Any) -> str:
    """A text speaks for itself; a number needs its parameter's name: `epochs3`, `mlp_none`."""
    values = value if isinstance(value, list) else [value]
    text, leaf = "+".join(str(item) for item in values), name.rpartition(".")[2]
    if not text:
        return f"{leaf}_none"
    words = text if isinstance(values[0], str) else f"{leaf}{text}"
    return re.sub(r"[^A-Za-z0-9_.+]+", "_", words).strip("._")
