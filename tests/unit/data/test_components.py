"""Ties between images: near-duplicates and people, and chains of both."""

import pandas as pd
import pytest

from visage.data.components import components, identities

CHAIN = pd.DataFrame(
    {
        "source": "made",
        "group": [10, 10, 20, 20, 30, 40],
        "identity": [None, "ann", "ann", "bob", "cy", None],
    }
)


def tied(rows: pd.DataFrame, *, by_identity: bool) -> list[list[int]]:
    """Returns the positions in each component, in the rows' order."""
    positions = pd.Series(range(len(rows)))
    return (
        positions.groupby(components(rows, by_identity=by_identity), sort=False)
        .apply(list)
        .tolist()
    )


def test_a_chain_of_both_ties_is_one_component() -> None:
    assert tied(CHAIN, by_identity=True) == [[0, 1, 2, 3], [4], [5]]


def test_near_duplicates_alone_tie_without_identities() -> None:
    assert tied(CHAIN, by_identity=False) == [[0, 1], [2, 3], [4], [5]]


def test_one_name_in_two_sources_is_two_people() -> None:
    rows = CHAIN.assign(source=["a", "a", "b", "b", "b", "b"])
    assert tied(rows, by_identity=True) == [[0, 1], [2, 3], [4], [5]]


def test_unknown_people_are_not_one_person() -> None:
    rows = CHAIN.assign(group=range(6), identity=None)
    assert len(tied(rows, by_identity=True)) == 6
    assert identities(rows).tolist() == [-1] * 6


@pytest.mark.parametrize("by_identity", [True, False])
def test_no_rows_are_no_components(by_identity: bool) -> None:
    assert components(CHAIN.head(0), by_identity=by_identity).tolist() == []
