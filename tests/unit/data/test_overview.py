import pandas as pd

from visage.data.overview import near_duplicates, sizes, source_counts
from visage.schema import INDEX


def index(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    given = {"group": list(range(n)), "sha256": [str(row) for row in range(n)], **columns}
    table = pd.DataFrame(given)
    if "age_low" not in columns and "age" in columns:
        table = table.assign(age_low=table["age"], age_high=table["age"])
    return table.reindex(columns=INDEX.names)


def test_each_source_has_its_counts() -> None:
    table = index(
        source=["b", "a", "a", "a"],
        gender=[0, 1, None, None],
        age=[3.0, None, 5.0, None],
        official_part=[None, None, None, "unlabelled"],
    )
    one, other = source_counts(table)
    assert (one.source, one.female, one.male, one.no_gender) == ("a", 0, 1, 1)
    assert (one.no_age, one.unlabelled) == (1, 1)
    assert (other.source, other.female) == ("b", 1)


def test_sizes_are_of_the_shorter_side() -> None:
    found = sizes(index(width=[100, 30, 30], height=[50, 60, 60]))
    assert found is not None
    assert (found.quantiles[0], found.quantiles[2], found.quantiles[-1]) == (30, 30, 50)
    assert (found.commonest, found.n_commonest) == ((30, 60), 2)


def test_no_images_have_no_sizes() -> None:
    assert sizes(index(width=[], height=[])) is None


def test_groups_with_the_most_different_labels_come_first() -> None:
    table = index(
        group=[0, 0, 2, 2, 4, 4, 6],
        age=[5.0, 5.0, 10.0, 30.0, 7.0, 7.0, 1.0],
        gender=[0, 0, 1, 1, 0, 1, 1],
        sha256=["x", "x", "b", "c", "d", "e", "f"],
    )
    groups = near_duplicates(table)
    assert [group.rows for group in groups] == [(4, 5), (2, 3), (0, 1)]
    assert [group.years for group in groups] == [0, 20, 0]
    assert [group.same_file for group in groups] == [False, False, True]


def test_a_group_without_ages_spans_no_years() -> None:
    (group,) = near_duplicates(index(group=[0, 0], age=[None, 4.0], gender=[None, None]))
    assert (group.years, group.genders) == (0, 0)


def test_ranges_of_a_group_span_the_years_between_their_nearest_ends() -> None:
    ages = {"age_low": [20.0, 22.0, 40.0, 45.0], "age_high": [29.0, 22.0, 49.0, 45.0]}
    inside, across = (
        near_duplicates(index(group=group, **ages)) for group in ([0, 0, 2, 2], [0] * 4)
    )
    assert [group.years for group in inside] == [0, 0]
    assert [group.years for group in across] == [23]
