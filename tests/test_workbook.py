"""Excel workbooks as two libraries write them, and as somebody hostile would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from analyzer import workbook
from analyzer.errors import UsageError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets><sheet r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Target="/xl/worksheets/one.xml"/></R>',
    "xl/worksheets/one.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>%s</sheetData></worksheet>',
}


def _zip(parts: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def _sheet(rows: str, **others: str) -> bytes:
    return _zip({name: text.replace("%s", rows) for name, text in _PARTS.items()} | others)


def _by_xlsxwriter(**options: object) -> bytes:
    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made, {"in_memory": True, **options})
    sheet = book.add_worksheet("people")
    sheet.write_row(0, 0, ["login", "reference", "note"])
    sheet.write_url(2, 0, "https://github.com/ada")
    sheet.write(2, 1, 117)
    sheet.write_formula(2, 2, "=1+1", None, 2)
    sheet.write_rich_string(4, 0, book.add_format({"bold": True}), "be", "rt")
    book.add_worksheet("another").write(0, 0, "never read")
    book.close()
    return made.getvalue()


def _by_openpyxl() -> bytes:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for place, value in {
        "A1": "login", "B1": "reference", "C1": "note", "A3": "https://github.com/ada", "B3": 117, "C3": "=1+1",
        "A5": " bert\u00a0",
    }.items():  # fmt: skip
        sheet[place] = value
    book.create_sheet("another")["A1"] = "never read"
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("data", [_by_xlsxwriter(), _by_xlsxwriter(constant_memory=True), _by_openpyxl()])
def test_what_others_write_is_read(data: bytes) -> None:
    assert workbook.is_workbook(data)
    rows = workbook.parse(data)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.cells for row in rows if not row.is_blank] == [
        ("login", "reference", "note"),
        ("https://github.com/ada", "117", "=1+1"),
        ("bert",),
    ]


def test_rows_and_cells_may_leave_out_where_they_are() -> None:
    (row,) = workbook.parse(_sheet("<row><c><v>1</v></c><c><v>2</v></c><c r='E1'><v>5</v></c><c r='ZZ1'/></row>"))
    assert row.cells == ("1", "2", "", "", "5")


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and nothing else", "damaged"),
        (_by_openpyxl()[:-200], "damaged"),
        (_zip({"word/document.xml": "<x/>"}), "no workbook"),
        (_sheet("<row"), "damaged"),
        (_sheet("", **{"xl/sharedStrings.xml": _LAUGHS}), "damaged"),
        (_sheet("<row><c t='s'><v>7</v></c></row>"), "damaged"),
        (_sheet("<row r='3'/><row r='2'/>"), "damaged"),
        (_sheet("<row r='99999999999'/>"), "damaged"),
        (_sheet("<row/>" + " " * workbook.MAX_PART_BYTES), "larger than a list"),
        (_sheet("".join(f"<row r='{n}'><c><v>1</v></c></row>" for n in range(1, 10_010))), "more than 10,000 rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old format, or has a password"),
        (b"PK\x03\x04" + b"x" * 5_000_000, "larger than a list"),
    ],
)
def test_what_is_broken_or_hostile_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        workbook.parse(data)


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    data = _sheet("<row/>" + " " * workbook.MAX_PART_BYTES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo("xl/worksheets/one.xml").file_size.to_bytes(4, "little")
    with pytest.raises(UsageError):
        workbook.parse(data.replace(true, (100).to_bytes(4, "little")))
