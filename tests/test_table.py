"""Tables as people save them: every delimiter, encoding and quote, and what is refused."""

from __future__ import annotations

import pytest

from analyzer import table
from analyzer.errors import UsageError

ROWS = [(1, ("login", "why")), (2, ("ada", "née, here"))]


@pytest.mark.parametrize(
    "data",
    [
        b'login,why\nada,"n\xc3\xa9e, here"\n',
        b'login;why\r\nada;"n\xc3\xa9e, here"\r\n',
        b'\xef\xbb\xbflogin\twhy\rada\t"n\xc3\xa9e, here"',
        b'sep=;\r\nlogin;why\r\nada;"n\xc3\xa9e, here"\r\n\r\n;;\r\n',
        b'login|why\n ada |\t"n\xc3\xa9e, here"\n'.replace(b'\t"', b'"'),
        b"login;why\nada;n\xe9e, here\n",
        "login,why\n\u200bada\u00a0,'née, here'\n".replace("'", '"').encode("utf-16"),
        '"login",why\n"ada","née, here"'.encode("utf-16-be").join((b"\xfe\xff", b"")),
    ],
)
def test_the_same_however_it_was_saved(data: bytes) -> None:
    assert [(row.number, row.cells) for row in table.parse(data)] == ROWS


def test_rows_count_as_in_a_spreadsheet() -> None:
    rows = table.parse(b'\nlogin,note\n"ada","two\nlines, ""quoted"""\n,\nbert,\n,\n\n')
    assert [(row.number, row.is_blank) for row in rows] == [(1, True), (2, False), (3, False), (4, True), (5, False)]
    assert rows[2].cells == ("ada", 'two\nlines, "quoted"')


def test_one_column_needs_no_delimiter() -> None:
    rows = table.parse("ada\r\n# a remark\r\nhttps://github.com/bert\u2028\r\n".encode())
    assert [row.cells for row in rows] == [("ada",), ("# a remark",), ("https://github.com/bert",)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'login,note\nada,"never closed\nbert,\n', "Row 2 of the list cannot be read: quotes do not close"),
        (b'ada,"x"y\n', "Row 1 of the list cannot be read"),
        (b"\x7fELF\x00\x01", "neither a text nor an Excel file"),
        (b"a" * (table.MAX_BYTES + 1), "larger than a list"),
        (b"ada\n" * (table.MAX_ROWS + 1), "more than 10,000 rows"),
    ],
)
def test_what_would_lose_rows_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        table.parse(data)


def test_blank_rows_at_the_end_do_not_count() -> None:
    assert len(table.parse(b"ada\n" + b"\n" * (table.MAX_ROWS * 3))) == 1
