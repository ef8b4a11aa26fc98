"""Results as text for other programs: CSV, JSON, JSON lines. Rows are written as they come."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from typing import Protocol, cast

from analyzer.queryset.wire import Column, Row, Value, plain

NULL = "NULL"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Writes(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object:
        """Take the text."""
        ...


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading sign that would start one gets an apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_FORMULA) else text


def text_of(value: Value) -> str:
    """A value as text for a cell: ISO dates, JSON for lists and structs, the empty text for null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    made = plain(value)
    return json.dumps(made, ensure_ascii=False) if isinstance(made, list | dict) else str(made)


def shown(value: Value) -> str:
    """A value as people read it: null is named, numbers have at most six decimals."""
    if value is None:
        return NULL
    if isinstance(value, float) and math.isfinite(value) and (not value or 1e-4 <= abs(value) < 1e15):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return text_of(value)


def is_text(value: Value) -> bool:
    """Whether a value stands in a cell as text and not as a number, a truth value or nothing."""
    return value is not None and not isinstance(value, bool | int | float)


def write_csv(columns: Sequence[Column], rows: Iterable[Row], out: Writes) -> None:
    """Comma-separated, a header first; text that looks like a formula is made harmless, numbers stay numbers."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(column.name) for column in columns])
    for row in rows:
        writer.writerow([harmless(text_of(value)) if is_text(value) else text_of(value) for value in row])


def write_json(columns: Sequence[Column], rows: Iterable[Row], out: Writes) -> None:
    """An array with an object for each row. Numbers that JSON has no way to write are null."""
    before = "[\n  "
    for row in rows:
        out.write(before + _object(columns, row))
        before = ",\n  "
    out.write("[]\n" if before == "[\n  " else "\n]\n")


def write_jsonl(columns: Sequence[Column], rows: Iterable[Row], out: Writes) -> None:
    """An object a line for each row."""
    for row in rows:
        out.write(_object(columns, row) + "\n")


def _object(columns: Sequence[Column], row: Row) -> str:
    named = {column.name: _finite(plain(value)) for column, value in zip(columns, row, strict=True)}
    return json.dumps(named, allow_nan=False)


def _finite(value: Value) -> Value:
    """NaN and the infinities as null, also inside."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(item) for item in cast("list[Value]", value)]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in cast("dict[str, Value]", value).items()}
    return value
