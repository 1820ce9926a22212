"""What a look at a data set goes by: the project's params.yaml, else the same without a project.

Someone who has only a folder of faces has no params.yaml yet, so the keys of `data` stand here once
more. A test holds them against params.yaml; no stage reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict, create_model

from visage.errors import VisageError
from visage.params.age_max import AgeMax
from visage.params.data import Data
from visage.params.ingest import Ingest
from visage.params.load import PARAMS_FILE, ParamsError, read_params, validate, validate_all
from visage.params.model import Model
from visage.params.overrides import overridden, read_override, unknown_names
from visage.params.section import Scalar, Section
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
    "ingest": {"near_duplicate_bits": 20, "contradicting": "keep", "contradicting_years": 0},
}


class SettingsError(VisageError):
    """The command line does not say which data set is meant, or names what is not there."""


@dataclass(frozen=True)
class Settings:
    """The data section, and what its images are held to of `age_max`, `ingest` and the model.

    Attributes:
        data: the section.
        age_max: the largest age that a label may have, years.
        min_side: images with a shorter side are tiny, pixels.
        max_bits: near-duplicates' hashes differ in at most so many bits of 256.
        years: ages of near-duplicates further apart contradict.
        contradicting: what `ingest` does with these: keep or reject.
    """

    data: Data
    age_max: int
    min_side: int
    max_bits: int
    years: float
    contradicting: str


def read_settings(root: Path | None, *, source: str | None, words: Sequence[str]) -> Settings:
    """Returns the settings.

    Args:
        root: the data set; None: the project's.
        source: its form; None: the project's.
        words: NAME=VALUE, over all else.

    Raises:
        SettingsError: root or source are not given, and there is no project.
        ParamsError: with the faults of all that is read of the parameters.
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


def near_duplicate_bits(path: Path) -> int:
    """Returns `ingest.near_duplicate_bits` of a params file; without one what goes then.

    Raises:
        ParamsError: the file is no YAML, or the value is none.
    """
    tree = read_params(path) if path.is_file() else WITHOUT_PROJECT
    found: Any = validate(_some_of(Ingest, "near_duplicate_bits"), tree, path=path)
    return int(found.near_duplicate_bits)


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
    sections: tuple[type[Section | Scalar[Any]], ...] = (
        AgeMax,
        Data,
        _some_of(Model, "image_size"),
        _some_of(Ingest, "near_duplicate_bits", "contradicting", "contradicting_years"),
    )
    found, faults = validate_all(sections, tree, path=PARAMS_FILE)
    if faults:
        raise ParamsError(PARAMS_FILE, faults)
    return Settings(
        data=found["data"],
        age_max=found["age_max"].root,
        min_side=found["model"].image_size,
        max_bits=found["ingest"].near_duplicate_bits,
        years=found["ingest"].contradicting_years,
        contradicting=found["ingest"].contradicting,
    )


class _Some(Section):
    """A section of which some keys are read; those beside them may be absent or wrong."""

    model_config = ConfigDict(extra="ignore")


def _some_of(section: type[Section], *names: str) -> type[Section]:
    """Returns a class of some of a section's fields, with their types and limits."""
    known = section.model_fields
    fields: Any = {name: (known[name].annotation, known[name]) for name in names}
    some = create_model(section.__name__, __base__=_Some, **fields)
    some.key = section.key
    return some
