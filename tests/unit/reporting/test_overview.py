"""The blocks that the report and the data check share."""

import pandas as pd
import pytest

from visage.reporting.blocks import Block, Facts, Figure, Sheet, Table
from visage.reporting.overview import (
    age_blocks,
    duplicate_blocks,
    label_text,
    rejected_table,
    size_facts,
)
from visage.schema import INDEX, REJECTED


def index(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    given = {
        "id": [f"face {row}" for row in range(n)],
        "group": list(range(n)),
        "sha256": [str(row) for row in range(n)],
        **columns,
    }
    table = pd.DataFrame(given)
    if "age" in columns:
        table = table.assign(age_low=table["age"], age_high=table["age"])
    return table.reindex(columns=INDEX.names)


def rejected(reasons: list[str], values: list[str | None]) -> pd.DataFrame:
    table = pd.DataFrame({"reason": reasons, "value": values})
    return table.assign(id=[f"row {row}" for row in range(len(table))]).reindex(
        columns=REJECTED.names
    )


def one(blocks: tuple[Block, ...], kind: type) -> Block:
    return next(block for block in blocks if isinstance(block, kind))


def test_a_spike_is_in_the_table_and_marked_in_the_figure() -> None:
    ages = [float(age) for age in range(20, 40) for _ in range(50)] + [30.0] * 200
    blocks = age_blocks(index(age=ages))
    table, figure = one(blocks, Table), one(blocks, Figure)
    assert isinstance(table, Table)
    assert isinstance(figure, Figure)
    assert table.rows == (("30", "250", "50", "5.0"),)
    assert "--figure-second" in figure.svg


def test_without_ages_there_is_nothing_to_show() -> None:
    assert age_blocks(index(age=[None, None])) == ()


def test_reasons_of_rejection_come_by_number_of_rows_with_their_first_example() -> None:
    table = rejected_table(rejected(["b", "a", "a"], [None, "140", "150"]))
    assert table is not None
    assert table.rows == (("a", "2", "row 1", "140"), ("b", "1", "row 0", ""))


def test_a_remedy_stands_beside_its_reason() -> None:
    table = rejected_table(rejected(["a"], ["x"]), remedies={"a": "mend it"})
    assert table is not None
    assert table.rows[0][-1] == "mend it"


def test_a_hostile_value_is_cut() -> None:
    table = rejected_table(rejected(["a"], ["x" * 500]))
    assert table is not None
    assert len(table.rows[0][3]) < 100


def test_nothing_set_aside_needs_no_table() -> None:
    assert rejected_table(rejected([], [])) is None


def test_near_duplicates_are_shown_as_whole_groups() -> None:
    table = index(group=[0, 0, 0, 3, 3], age=[5.0, 5.0, 5.0, 5.0, 60.0], gender=[0] * 5)
    blocks = duplicate_blocks(table, picture=lambda row: f"data:,{row.id}", n=4)
    sheet = one(blocks, Sheet)
    assert isinstance(sheet, Sheet)
    assert [face.id for face in sheet.faces] == ["face 3", "face 4"]
    assert sheet.faces[1].error == "60 years, female"


def test_without_room_the_groups_are_only_counted() -> None:
    blocks = duplicate_blocks(index(group=[0, 0]), picture=str, n=0)
    assert [type(block) for block in blocks] == [Facts]


def test_no_near_duplicates_are_no_blocks() -> None:
    assert duplicate_blocks(index(group=[0, 1]), picture=str, n=9) == ()


def test_no_images_have_no_sizes() -> None:
    assert size_facts(index(width=[], height=[])) is None


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"age": [30.0], "gender": [1]}, "30 years, male"),
        ({"age": [None], "gender": [0]}, "female"),
        ({"age": [None], "gender": [None]}, "unlabelled"),
    ],
)
def test_labels_are_told_in_words(columns: dict[str, list[object]], text: str) -> None:
    assert label_text(next(index(**columns).itertuples())) == text


def test_a_range_of_ages_is_told_with_both_ends() -> None:
    table = index(age=[24.5], gender=[None]).assign(age_low=20.0, age_high=29.0)
    assert label_text(next(table.itertuples())) == "20 to 29 years"
