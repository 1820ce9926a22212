from typing import Any

import pytest

from visage.params.overrides import (
    OverrideError,
    leaves,
    overridden,
    read_override,
    unknown_names,
)

TREE: dict[str, Any] = {"a": 1, "train": {"lr": None, "rates": {"x": 1.0, "y": 2.0}}}


def test_a_value_is_replaced_by_its_dotted_name() -> None:
    assert overridden(TREE, {"train.lr": 0.1})["train"]["lr"] == 0.1


def test_a_mapping_is_merged() -> None:
    assert overridden(TREE, {"train.rates": {"y": 3.0, "z": 4.0}})["train"]["rates"] == {
        "x": 1.0,
        "y": 3.0,
        "z": 4.0,
    }


def test_the_tree_itself_stays() -> None:
    overridden(TREE, {"train.lr": 0.1, "train.rates": {"x": 9.0}})
    assert TREE == {"a": 1, "train": {"lr": None, "rates": {"x": 1.0, "y": 2.0}}}


def test_an_unknown_name_is_told_with_near_matches() -> None:
    (fault,) = unknown_names(TREE, {"a": 2, "trian.lr": 1})
    assert fault.startswith("trian.lr: params.yaml has no such parameter; did you mean train.lr,")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-4", 1e-4), ("[1, 2]", [1, 2]), ("null", None), ("off", "off"), ("a=b", "a=b")],
)
def test_an_override_is_read_as_yaml(text: str, value: Any) -> None:
    assert read_override(f"train.lr={text}") == ("train.lr", value)


@pytest.mark.parametrize("text", ["train.lr", "=3", "a=[1"])
def test_what_is_no_override_is_refused(text: str) -> None:
    with pytest.raises(OverrideError, match="-S "):
        read_override(text)


def test_leaves_of_a_mapping_have_dotted_names() -> None:
    assert dict(leaves("train", TREE["train"])) == {
        "train.lr": None,
        "train.rates.x": 1.0,
        "train.rates.y": 2.0,
    }
