"""Which experiments of a study are there already, so that the same command goes on behind them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from visage.files.paths import EVALUATE_METRICS
from visage.params.load import PARAMS_FILE
from visage.params.overrides import overridden
from visage.sweep.points import Point
from visage.sweep.repository import committed_text, experiments, has_code_of, head


def finished(found: Iterable[Point], params: Mapping[str, Any], root: Path) -> list[str]:
    """Returns the names of the points that an experiment from HEAD is the very outcome of.

    Its parameters are those that the point would have now, its code is that of the workspace, and
    it has been measured. Whether the data are what they were is not looked at: that takes as long
    as running it again where nothing changed.

    Args:
        found: the study's points.
        params: the tree of params.yaml as it is in the workspace.
        root: the project.
    """
    there = experiments(root, start=head(root))
    return [
        point.name
        for point in found
        if point.name in there
        and _is_outcome(there[point.name], overridden(params, point.overrides), root)
    ]


def _is_outcome(commit: str, tree: Mapping[str, Any], root: Path) -> bool:
    if not committed_text(root, commit, EVALUATE_METRICS):
        return False
    its_own = YAML(typ="safe").load(committed_text(root, commit, PARAMS_FILE))
    return its_own == tree and has_code_of(root, commit)
