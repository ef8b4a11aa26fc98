"""Rows and columns on a terminal: a table where it fits, else each row as a block of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzer.report.clean import printable
from analyzer.report.page import BOLD, DIM, Page, columns, wrapped

MAX_CHARS = 2_000
"""Of a cell; the rest is for --format json."""

_GAP = 2
_NARROWEST = 14
"""A column that has to be broken into lines is at least this wide, or the rows become blocks."""

_WIDEST_LABEL = 30
_PART = re.compile("[^_]*_|[^_]+")


def render(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], width: int = 80, *, colour: bool = False
) -> str:
    """Texts as a page of at most ``width`` columns; ``right`` says which columns hold numbers."""
    page = Page(width, colour=colour)
    titles = [_cell(text) for text in head]
    cells = [[_cell(text) for text in row] for row in rows]
    contents = [max(map(columns, column), default=0) for column in zip(*cells, strict=True)] or [0] * len(head)
    widths = _fitting(titles, contents, page.width - _GAP * (len(head) - 1))
    if widths:
        _table(page, titles, cells, right, widths)
    else:
        _blocks(page, titles, cells)
    n = len(rows)
    page.line((f"({n:,} {'row' if n == 1 else 'rows'})", DIM))
    return str(page)


def _cell(text: str) -> str:
    return printable(text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS - 1]}…")


def _fitting(titles: Sequence[str], contents: Sequence[int], room: int) -> list[int]:
    """Widths that fill no more than the room: titles are broken first, then the widest columns made narrower.

    Empty where those would be too narrow to read.
    """
    whole = [max(columns(title), content) for title, content in zip(titles, contents, strict=True)]
    if sum(whole) <= room:
        return whole
    broken = [max(*map(columns, _parts(title)), content) for title, content in zip(titles, contents, strict=True)]
    for most in range(max([*broken, _NARROWEST]), _NARROWEST - 1, -1):
        widths = [min(n, most) for n in broken]
        left = room - sum(widths)
        if left >= 0:
            return _widened(widths, [columns(title) for title in titles], left)
    return []


def _widened(widths: Sequence[int], titles: Sequence[int], left: int) -> list[int]:
    """The widths with what room is left given to titles that are broken."""
    made: list[int] = []
    for width, title in zip(widths, titles, strict=True):
        more = title - width if 0 < title - width <= left else 0
        left -= more
        made.append(width + more)
    return made


def _parts(title: str) -> list[str]:
    """A title such as ``n_could_not_check`` in the pieces between which it may be broken."""
    return [*_PART.findall(title), ""]


def _title(title: str, width: int) -> str:
    """The title with spaces where it has to be broken to fit."""
    lines = [""]
    for part in _parts(title):
        if columns(lines[-1]) + columns(part) > width:
            lines.append("")
        lines[-1] += part
    return " ".join(lines)


def _table(
    page: Page, titles: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], widths: Sequence[int]
) -> None:
    broken = [_title(title, width) for title, width in zip(titles, widths, strict=True)]
    for line in _lines(broken, widths, right):
        page.line((line, BOLD))
    page.line(("  ".join("-" * width for width in widths), DIM))
    for row in cells:
        for line in _lines(row, widths, right):
            page.line((line, ""))


def _lines(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """A row as one or more lines, each cell wrapped in its column."""
    parts = [list(wrapped(text, width)) for text, width in zip(row, widths, strict=True)]
    for n in range(max(1, *map(len, parts))):
        texts = [part[n] if n < len(part) else "" for part in parts]
        padded = (_padded(text, width, to_right) for text, width, to_right in zip(texts, widths, right, strict=True))
        yield (" " * _GAP).join(padded).rstrip()


def _padded(text: str, width: int, to_right: bool) -> str:
    space = " " * (width - columns(text))
    return space + text if to_right else text + space


def _blocks(page: Page, titles: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    label = min(_WIDEST_LABEL, max(map(columns, titles)))
    for n, row in enumerate(cells, 1):
        page.line((f"row {n:,}", BOLD))
        for title, text in zip(titles, row, strict=True):
            page.row(title, text, label)
        page.blank()
