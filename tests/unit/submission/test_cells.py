import pytest

from visage.submission.cells import read_cells


def faults(content: bytes) -> list[str]:
    return [str(fault) for fault in read_cells(content).faults]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbfid,age\n1,2\n", "begins with a byte order mark"),
        ("id,age\n1,2\n".encode("utf-16"), "is not UTF-8 (line 1)"),
        ("id,age\n1,2\n".encode("utf-16-le"), "holds null characters, as UTF-16 does"),
        ("id,age\n1,2\né,3\n".encode("latin-1"), "is not UTF-8 (line 3)"),
        (b"id,age\r\n1,2\n3,4\n", "ends 1 lines with CRLF and 2 with LF"),
        (b"id,age\r1,2\r", "ends 2 lines with a lone CR"),
        (b'id,age\n1,2\n"3,4\n5,6\n', "from line 3 on; is a quote left open?"),
        (b"id,age\n1,2,3\n", "not the header's 2 (1): line 2: 3"),
        (b"id,age\n1\n", "not the header's 2 (1): line 2: 1"),
        (b"id,age\n\n1,2\n", "not the header's 2 (1): line 2: none, a blank line"),
    ],
)
def test_odd_bytes_and_shapes_are_faults(content: bytes, fault: str) -> None:
    assert any(fault in told for told in faults(content)), faults(content)


def test_what_stands_behind_a_byte_order_mark_is_read() -> None:
    assert list(read_cells(b"\xef\xbb\xbfid\n1\n").table.columns) == ["id"]


def test_cells_are_text_under_the_line_that_they_begin_on() -> None:
    table = read_cells(b'id,age\n"a\nb",1.0\nNA,\n').table
    assert table.index.tolist() == [2, 4]
    assert table.to_numpy().tolist() == [["a\nb", "1.0"], ["NA", ""]]
