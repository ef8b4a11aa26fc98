"""Results as text, files and frames: types kept, nothing that a spreadsheet would execute."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from analyzer.errors import QueryTooCostly, StoreError
from analyzer.queryset import Column, Limits, files, formats, open_store
from analyzer.queryset.frames import frame
from analyzer.queryset.wire import Row
from analyzer.report import table
from tests.store.sample import write

COLUMNS = (
    Column("=name", "VARCHAR"),
    Column("n", "INTEGER"),
    Column("value", "DOUBLE"),
    Column("day", "DATE"),
    Column("at", "TIMESTAMP"),
    Column("names", "VARCHAR[]"),
    Column("is_own", "BOOLEAN"),
    Column("more", "STRUCT(a INTEGER)"),
)
ROWS: tuple[Row, ...] = (
    ("=cmd|' /C calc'!A0", -7, 0.25, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), ["a", "b"], True, {"a": 1}),
    (None, None, float("nan"), None, None, None, None, None),
    ('ü"\x1b[31m\n', 2**31 - 1, 1e300, date(1800, 1, 1), datetime(2026, 1, 2), [], False, None),
)
CUT: tuple[Row, ...] = (*ROWS, ("x" * 40_000, *[None] * 7))
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a", "  =1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str, tmp_path: Path) -> None:
    out = io.StringIO()
    formats.write_csv([Column(text, "VARCHAR")], [(text,)], out)
    assert formats.harmless(text) == f"'{text}"
    assert out.getvalue().replace('"', "").startswith(f"'{text}\n'{text}")
    files.write_xlsx([Column(text, "VARCHAR")], [(text,)], tmp_path / "f.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert all(str(cell.value).startswith("'") for cell in cells)


def test_csv_keeps_numbers_and_says_nothing_for_null() -> None:
    out = io.StringIO()
    formats.write_csv(COLUMNS, ROWS, out)
    lines = out.getvalue().split("\n")
    assert lines[0] == "'=name,n,value,day,at,names,is_own,more"
    assert (
        lines[1] == """'=cmd|' /C calc'!A0,-7,0.25,2026-01-02,2026-01-02T03:04:00,"[""a"", ""b""]",true,"{""a"": 1}\""""
    )
    assert lines[2] == ",,nan,,,,,"


def test_json_is_json_and_ascii() -> None:
    whole, lines = io.StringIO(), io.StringIO()
    formats.write_json(COLUMNS, ROWS, whole)
    formats.write_jsonl(COLUMNS, ROWS, lines)
    records = json.loads(whole.getvalue())
    assert records == [json.loads(line) for line in lines.getvalue().splitlines()]
    assert whole.getvalue().isascii()
    assert records[0]["more"] == {"a": 1}
    assert records[0]["at"] == "2026-01-02T03:04:00"
    assert records[1] == dict.fromkeys(records[0])
    nothing = io.StringIO()
    formats.write_json(COLUMNS, [], nothing)
    assert nothing.getvalue() == "[]\n"


def test_parquet_keeps_types(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    files.write_parquet(COLUMNS, ROWS, path)
    with duckdb.connect() as connection:
        made = connection.read_parquet(str(path))
        assert [str(kind) for kind in made.types] == [
            *("VARCHAR", "INTEGER", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR[]", "BOOLEAN", "VARCHAR"),
        ]
        first, second, third = made.fetchall()
    assert first == (*ROWS[0][:-1], '{"a": 1}')
    assert [value for value in second if value == value] == [None] * 7  # noqa: PLR0124  (NaN)
    assert third == ROWS[2]


def test_excel_keeps_types_and_cuts_what_no_cell_holds(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    files.write_xlsx(COLUMNS, CUT, path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    values: Sequence[Sequence[object]] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[1][1:7] == [-7, 0.25, datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4), '["a", "b"]', True]
    assert values[2][2] == "nan"
    assert values[3][3] == "1800-01-01"
    assert len(str(values[4][0])) == files.EXCEL_CHARS
    again = tmp_path / "again.xlsx"
    files.write_xlsx(COLUMNS, CUT, again)
    assert again.read_bytes() == path.read_bytes()


def as_any(made: object) -> Any:  # pandas is untyped
    return made


def test_a_frame_has_types_and_nulls() -> None:
    made = as_any(frame(COLUMNS, ROWS))
    assert [str(made[column.name].dtype) for column in COLUMNS[:3]] == ["str", "Int64", "float64"]
    assert made.isna()["n"].tolist() == [False, True, False]
    assert made["at"][0] == datetime(2026, 1, 2, 3, 4)
    assert made["names"].tolist() == [["a", "b"], None, []]
    zoned = as_any(frame([Column("at", "TIMESTAMP WITH TIME ZONE")], [(datetime(2026, 1, 2, tzinfo=UTC),)]))
    assert zoned["at"].tolist() == [datetime(2026, 1, 2, tzinfo=UTC)]
    assert frame(COLUMNS, []).shape == (0, len(COLUMNS))


def test_two_lines_open_a_store_and_ask_it(tmp_path: Path) -> None:
    write(tmp_path / "s.duckdb")
    store = open_store(tmp_path / "s.duckdb")
    made = as_any(store.query("candidate/gaps", login="octo-builder"))
    assert made["state_words"].tolist() == ["could not check", "could not check"]
    assert as_any(store.sql("SELECT count(*) AS n FROM evidence"))["n"].tolist() == [4]
    assert "cohort/compare" in store.questions().index
    small = open_store(str(tmp_path / "s.duckdb"), Limits(rows=2))
    with pytest.raises(QueryTooCostly, match="too large"):
        small.sql("SELECT * FROM evidence")
    with pytest.raises(StoreError, match="no store"):
        open_store(tmp_path / "none.duckdb")


def test_a_table_breaks_titles_then_cells_and_at_last_gives_each_row_a_block() -> None:
    head, right = ["login", "n_months_active", "what"], [False, True, False]
    rows = [["ada\x1b[2J", "12", "kept running for a long time"], ["ben", "1,200", ""]]
    assert table.render(head, rows, right, 60).splitlines() == [
        "login       n_months_active  what",
        "----------  ---------------  ----------------------------",
        "ada\\x1b[2J               12  kept running for a long time",
        "ben                   1,200",
        "(2 rows)",
    ]
    assert table.render(head, rows, right, 40).splitlines()[:5] == [
        "login            n_  what",
        "            months_",
        "             active",
        "----------  -------  -------------------",
        "ada\\x1b[2J       12  kept running for a",
    ]
    blocks = table.render([*head, "a", "b", "c", "d"], [[*rows[0], *["x" * 30] * 4]], [*right, *[False] * 4], 60)
    assert blocks.splitlines()[:3] == ["row 1", "  login            ada\\x1b[2J", "  n_months_active  12"]
    assert table.render(["n"], [], [False], 60).splitlines()[-1] == "(0 rows)"
