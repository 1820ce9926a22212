"""params.yaml and the classes of visage.params say the same, and only the file has values."""

import json
from pathlib import Path
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel, Field

from visage.params.all import SECTIONS
from visage.params.load import read_params
from visage.params.schema import SCHEMA_FILE, params_schema
from visage.params.section import Nested, Section


def mismatches(tree: dict[str, Any], sections: tuple[Any, ...]) -> set[str]:
    """Keys of the file without a class, classes without a key, and the same within sections."""
    found = set(tree) ^ {section.key for section in sections}
    for section in sections:
        if isinstance(tree.get(section.key), dict):
            found |= {f"{section.key}.{key}" for key in keys_apart(tree[section.key], section)}
    return found


def keys_apart(value: Any, model: type[BaseModel]) -> set[str]:
    found = set(value) ^ set(model.model_fields)
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and name in value:
            found |= {f"{name}.{key}" for key in keys_apart(value[name], inner)}
    return found


def defaults(model: Any) -> set[str]:
    """Fields, nested ones too, that need not stand in the file."""
    found = set()
    for name, field in getattr(model, "model_fields", {}).items():
        if not field.is_required():
            found.add(f"{model.__name__}.{name}")
        for part in (field.annotation, *get_args(field.annotation)):
            found |= defaults(part)
    return found


def test_every_key_has_a_class_and_every_class_a_key(root: Path) -> None:
    assert mismatches(read_params(root / "params.yaml"), SECTIONS) == set()


def test_no_class_has_a_default() -> None:
    assert {name for section in SECTIONS for name in defaults(section)} == set()


def test_a_section_is_a_file_of_its_own_name() -> None:
    assert [section.__module__.rpartition(".")[2] for section in SECTIONS] == [
        section.key for section in SECTIONS
    ]


def test_the_published_schema_is_that_of_the_classes(root: Path) -> None:
    published = json.loads((root / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert published == params_schema(), "run `make deps`"


def test_editors_find_the_schema(root: Path) -> None:
    first = (root / "params.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE}"


def test_seen_to_fail_when_the_file_has_another_section(root: Path) -> None:
    tree = read_params(root / "params.yaml") | {"extra": {}}
    assert mismatches(tree, SECTIONS) == {"extra"}


def test_seen_to_fail_when_a_class_has_no_section(root: Path) -> None:
    tree = read_params(root / "params.yaml")
    del tree["infer"]
    assert mismatches(tree, SECTIONS) == {"infer"}


@pytest.mark.parametrize(
    ("section", "key", "found"),
    [("train", "extra", "train.extra"), ("split", "fractions", "split.fractions.extra")],
)
def test_seen_to_fail_when_a_key_has_no_field(
    root: Path, section: str, key: str, found: str
) -> None:
    tree = read_params(root / "params.yaml")
    target = tree[section] if key == "extra" else tree[section][key]
    target["extra"] = 1
    assert mismatches(tree, SECTIONS) == {found}


def test_seen_to_fail_when_a_class_has_a_default() -> None:
    class Inner(Nested):
        width: Annotated[int, Field(gt=0)] = 3

    class Outer(Section):
        inner: Inner | None
        height: int

    assert defaults(Outer) == {"Inner.width"}
