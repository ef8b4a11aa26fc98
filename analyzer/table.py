"""The rows of a small table that somebody made by hand: CSV however it was saved, or one column of text.

Spreadsheets save CSV with commas, semicolons or tabs, in UTF-8 with a mark at the front, in UTF-16 or in Windows' own
encoding, with line breaks inside quotes. What a cell says is text here: a formula is its own text and is never run.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.errors import UsageError

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
_DELIMITER_LINE = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", "\u200b\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number, counted from 1 as a spreadsheet does; cells are without blanks around them."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


def parse(data: bytes) -> tuple[Row, ...]:
    """The rows of a text, without blank ones at its end.

    Raises :class:`UsageError` for what is no text, for quotes that do not close (the rest of the file would be one
    cell), and for more than :data:`MAX_ROWS` rows.
    """
    if len(data) > MAX_BYTES:
        raise UsageError("The list is larger than a list of people is.", f"At most {MAX_BYTES // 1_000_000} MB.")
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    told = _DELIMITER_LINE.fullmatch(first.strip(" "))
    delimiter, text = (told[1], rest) if told else (_delimiter(text), text)
    lines = (f"{line}\n" for line in text.removesuffix("\n").split("\n"))
    return bounded(_rows(csv.reader(lines, delimiter=delimiter, strict=True)))


def decoded(data: bytes) -> str:
    """The text of a file; Windows' Western encoding where it is no UTF-8. Raises :class:`UsageError` for no text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise UsageError("The list is neither a text nor an Excel file.", "Save it as .csv or .xlsx.")
    return text


def bounded(rows: Iterator[Row]) -> tuple[Row, ...]:
    """The rows up to the last that is not blank; raises :class:`UsageError` for too many."""
    kept: list[Row] = []
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if len(kept) + len(waiting) > MAX_ROWS and not row.is_blank:
            raise UsageError(f"The list has more than {MAX_ROWS:,} rows.", "Split it.")
        if not row.is_blank:
            kept += waiting
            waiting = []
        elif len(waiting) > MAX_ROWS:
            break
    return tuple(kept)


def cell(text: str) -> str:
    """The text of a cell without blanks around it and without what nobody sees."""
    return text.translate(_INVISIBLE).strip()


def _rows(records: Iterator[list[str]]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "quotes do not close" if "unexpected end" in str(error) else str(error)
            raise UsageError(f"Row {number} of the list cannot be read: {reason}.", "Correct it.") from None
        yield Row(number, tuple(map(cell, record)))


def _delimiter(text: str) -> str:
    """That which stands most often in the first line with anything in it."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    bare = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=bare.count)
