"""A plain-text page of fixed width: headings, paragraphs and rows, with colour where the terminal has it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

BOLD, DIM, GREEN, CYAN = "1", "2", "32", "36"


def columns(text: str) -> int:
    """How many columns a text takes on a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most ``width`` columns, broken between words where that is possible."""
    line = ""
    for word in text.split():
        rest = word
        if line and columns(line) + 1 + columns(rest) <= width:
            line += f" {rest}"
            continue
        if line:
            yield line
        while columns(rest) > width:
            head = _head(rest, width)
            yield head
            rest = rest[len(head) :]
        line = rest
    if line:
        yield line


def _head(text: str, width: int) -> str:
    taken = 0
    for n, char in enumerate(text):
        taken += columns(char)
        if taken > width:
            return text[: max(1, n)]
    return text


class Page:
    """Collects lines. ``style`` is one of this module's names, or empty."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = max(40, width)
        self._colour = colour
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def blank(self) -> None:
        """An empty line."""
        self._lines.append("")

    def line(self, *parts: tuple[str, str], indent: int = 0) -> None:
        """One line of (text, style) parts as it is, however long: for links and for rows that are known to fit."""
        self._lines.append(" " * indent + "".join(self._styled(text, style) for text, style in parts).rstrip())

    def heading(self, text: str) -> None:
        """A line that stands out, with or without colour."""
        self.blank()
        self.line((text.upper(), BOLD))

    def paragraph(self, text: str, indent: int = 0, style: str = "", hang: int = 0) -> None:
        """Wrapped text; lines after the first are indented by ``hang`` more."""
        for n, line in enumerate(wrapped(text, self.width - indent - hang)):
            self.line((line, style), indent=indent + (hang if n else 0))

    def row(self, label: str, text: str, label_width: int, style: str = "") -> None:
        """A label in a column of its own and wrapped text beside it; a label too long has a line of its own."""
        indent = 2
        fits = columns(label) <= label_width
        start = label + " " * (label_width - columns(label)) if fits else ""
        if not fits:
            self.paragraph(label, indent, hang=2)
        for n, line in enumerate(wrapped(text, self.width - indent - label_width - 2)):
            left = start if n == 0 and fits else " " * label_width
            self.line((f"{left}  ", ""), (line, style), indent=indent)

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour and style and text else text
