"""What a look at a data set goes by: the project's params.yaml, else the same without a project.

Someone who has only a folder of faces has no params.yaml yet, so the keys of `data` stand here once
more. A test holds them against params.yaml; no stage reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from visage.data.labels import Rules
from visage.data.screening import rules_of
from visage.errors import VisageError
from visage.params.data import Data
from visage.params.load import PARAMS_FILE, read_params, validate
from visage.params.overrides import overridden, read_override, unknown_names
from visage.registry import members

WITHOUT_PROJECT: Final[dict[str, Any]] = {
    "age_max": 100,
    "data": {
        "source": "",
        "root": "",
        "over_max": "reject",
        "missing_label": "reject",
        "align": None,
        "crop_margin": None,
        "subset": None,
        "subset_seed": 0,
        "sources": [],
        "kaggle": {
            "table": "train.csv",
            "test_table": "test.csv",
            "columns": {
                "id": "id",
                "path": "full_path",
                "age": "age",
                "gender": "gender",
                "identity": None,
            },
            "female": "0",
            "male": "1",
        },
        "imdb_wiki": {"min_face_score": 1.0, "max_second_face_score": 0.0},
        "fairface": {"oldest": 90},
        "appa_real": {"age": "real", "images": "face"},
    },
    "model": {"image_size": 64},
    "ingest": {"near_duplicate_bits": 20, "contradicting_years": 0},
}


class SettingsError(VisageError):
    """The command line does not say which data set is meant, or names what is not there."""


@dataclass(frozen=True)
class Settings:
    """The data section, the rules of its labels, and the limits of `ingest` and the model."""

    data: Data
    rules: Rules
    min_side: int
    max_bits: int
    years: float


def read_settings(root: Path | None, *, source: str | None, words: Sequence[str]) -> Settings:
    """Returns the settings.

    Args:
        root: the data set; None: the project's.
        source: its form; None: the project's.
        words: NAME=VALUE, over all else.

    Raises:
        SettingsError: root or source are not given, and there is no project.
        ParamsError: the section has faults.
        OverrideError: a word is no NAME=VALUE.
    """
    project = PARAMS_FILE.is_file()
    tree = read_params() if project else WITHOUT_PROJECT
    if not project:
        _refuse_unsaid(root, source)
    given = {"data.root": root and str(root), "data.source": source}
    overrides = {name: value for name, value in given.items() if value is not None}
    overrides |= dict(read_override(word) for word in words)
    faults = unknown_names(tree, overrides)
    if faults:
        raise SettingsError("\n".join(f"-S {fault}" for fault in faults))
    return _settings(overridden(tree, overrides))


def _refuse_unsaid(root: Path | None, source: str | None) -> None:
    if root is None:
        raise SettingsError(
            f"there is no {PARAMS_FILE} here; give the folder of the data set, or run this in the "
            "root of a visage project"
        )
    if source is None:
        known = ", ".join(members("visage.data.sources"))
        raise SettingsError(f"there is no {PARAMS_FILE} here; say --source, one of {known}")


def _settings(tree: dict[str, Any]) -> Settings:
    data = validate(Data, tree, path=PARAMS_FILE)
    return Settings(
        data=data,
        rules=rules_of(data, age_max=int(tree["age_max"])),
        min_side=int(tree["model"]["image_size"]),
        max_bits=int(tree["ingest"]["near_duplicate_bits"]),
        years=float(tree["ingest"]["contradicting_years"]),
    )
