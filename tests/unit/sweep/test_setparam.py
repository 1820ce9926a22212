from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st

from visage.sweep.setparam import set_params


def read_by_hydra(argument: str) -> tuple[str, Any]:
    """What DVC, which parses with Hydra, makes of an argument."""
    override = OverridesParser.create().parse_override(argument)
    return str(override.key_or_group), override.value()


@pytest.mark.parametrize(
    "value",
    [
        3,
        1e-05,
        -0.5,
        True,
        None,
        "off",
        "1e-4",
        "null",
        "a b, c=d",
        [1, 2],
        ["age"],
        [],
        [{"a": {"x": 1.5}, "b": "it's"}],
    ],
)
def test_hydra_reads_back_the_value(value: Any) -> None:
    (argument,) = set_params({"train.x": value})
    assert read_by_hydra(argument) == ("train.x", value)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="$")))
def test_hydra_reads_back_any_text(text: str) -> None:
    (argument,) = set_params({"data.root": text})
    assert read_by_hydra(argument) == ("data.root", text)


def test_a_mapping_is_given_leaf_by_leaf_so_that_new_keys_are_added() -> None:
    assert list(set_params({"init.kwargs": {"drop": 0.1, "deep": {"x": 1}}})) == [
        "++init.kwargs.drop=0.1",
        "++init.kwargs.deep.x=1",
    ]
