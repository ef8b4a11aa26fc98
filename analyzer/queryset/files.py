"""Results as files with types: Parquet and Excel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import ModuleType

from analyzer.errors import UsageError
from analyzer.queryset.formats import harmless, is_text, text_of
from analyzer.queryset.wire import Column, Row, Value

EXCEL_ROWS = 1_048_575
"""Below the header."""
EXCEL_CHARS = 32_767

_BATCH_ROWS = 4_000
_KEPT_TYPE = re.compile(
    r"""U?(?:TINY|SMALL|BIG|HUGE)INT | U?INTEGER | FLOAT | DOUBLE | DECIMAL\(\d+,\d+\) | BOOLEAN | VARCHAR | DATE
    | TIMESTAMP (?:_S|_MS)? | BLOB | (?:VARCHAR|INTEGER|BIGINT|DOUBLE|BOOLEAN) \[\]""",
    re.VERBOSE,
)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CREATED = datetime(2000, 1, 1)
"""A fixed date, so that the same rows make the same file."""
_EXACT = 10**15
_EXCEL_YEAR = 1900


def write_parquet(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> None:
    """A Parquet file with the columns' types; what Parquet has no plain type for stands in it as text."""
    import duckdb  # noqa: PLC0415  (heavy, and no other format needs it in this process)

    kept = [_KEPT_TYPE.fullmatch(column.type) is not None for column in columns]
    types = [column.type if keep else "VARCHAR" for column, keep in zip(columns, kept, strict=True)]
    declared = ", ".join(f"{_quoted(c.name)} {kind}" for c, kind in zip(columns, types, strict=True))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE result ({declared})")
        appender = connection.appender("result")
        source = (
            tuple(v if keep or v is None else text_of(v) for v, keep in zip(row, kept, strict=True)) for row in rows
        )
        while batch := list(islice(source, _BATCH_ROWS)):
            appender.append_rows(batch)
            appender.flush()
        place = str(path).replace("'", "''")
        try:
            connection.execute(f"COPY result TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException as error:
            raise OSError(str(error).partition("\n")[0]) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_xlsx(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> None:
    """An Excel workbook with one sheet; nothing in it is a formula or a link.

    Text beyond what a cell holds ends with an ellipsis. Raises :class:`UsageError` for more rows than a sheet holds.
    """
    module = _excel()
    try:
        with module.Workbook(str(path), _OPTIONS) as book:
            book.set_properties({"created": _CREATED})
            day, moment = (book.add_format({"num_format": f"yyyy-mm-dd{clock}"}) for clock in ("", " hh:mm"))
            sheet = book.add_worksheet("result")
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, [harmless(column.name) for column in columns], book.add_format({"bold": True}))
            for y, row in enumerate(rows, 1):
                if y > EXCEL_ROWS:
                    raise UsageError(f"A sheet holds {EXCEL_ROWS:,} rows.", "Ask for less, or take --format parquet.")
                for x, value in enumerate(row):
                    shown = _cell(value)
                    style = moment if isinstance(shown, datetime) else day if isinstance(shown, date) else None
                    sheet.write(y, x, shown, style)
    except module.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error


def _excel() -> ModuleType:
    import xlsxwriter  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]  (heavy, and untyped)

    return xlsxwriter


def _cell(value: Value) -> str | float | date | None:
    """What Excel can hold: numbers it does not round, dates it knows, text that is no formula."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < _EXACT:
        return value
    if isinstance(value, date) and value.year >= _EXCEL_YEAR:
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    text = harmless(text_of(value)) if is_text(value) else text_of(value)
    return text if len(text) <= EXCEL_CHARS else f"{text[: EXCEL_CHARS - 1]}…"
