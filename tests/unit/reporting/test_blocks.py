from visage.reporting.blocks import Face, Sheet, Table


def table(n: int, *columns: str) -> Table:
    return Table(title="t", columns=("Name", *columns), rows=tuple((str(row),) for row in range(n)))


def sheet(n: int, *genders: str) -> Sheet:
    faces = [
        Face(picture="", alt="", error="", lines=(), id="", gender=gender)
        for gender in (genders or [""] * n)
    ]
    return Sheet(title="s", caption="", faces=tuple(faces), orders=("Oldest first",))


def test_long_tables_are_filtered_and_short_ones_only_sorted() -> None:
    assert [(table(n).sortable, table(n).filtered) for n in (2, 12, 13)] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_rows_are_filtered_by_the_column_that_counts_images() -> None:
    assert table(20, "MAE", "Faces").counted == 2
    assert table(20, "MAE").counted is None


def test_one_row_of_faces_needs_no_filter() -> None:
    assert [sheet(n).filtered for n in (6, 7)] == [False, True]


def test_only_known_genders_can_be_chosen() -> None:
    assert sheet(0, "male", "", "female", "male").genders == ["female", "male"]


def test_without_ages_none_is_asked_for() -> None:
    assert not sheet(3).aged
