from visage.reporting.markdown import table


def test_columns_stand_below_each_other_numbers_to_the_right() -> None:
    assert table(["name", "n"], [["a", "100"], ["long name", "2"]], right=[False, True]) == [
        "| name      |   n |",
        "| --------- | --: |",
        "| a         | 100 |",
        "| long name |   2 |",
    ]
