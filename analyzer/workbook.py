"""The rows of the first sheet of an Excel workbook, read as the text it is.

An ``.xlsx`` file is a zip archive with XML in it, made by whoever sent it. So sizes are looked at before anything is
unpacked, a document type (which could define entities that grow) is refused, and nothing is computed: a formula is its
own text.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from analyzer.errors import UsageError
from analyzer.table import MAX_BYTES, Row, bounded, cell

MAX_PART_BYTES = 10_000_000
"""Of one part, unpacked."""

MAX_COLUMNS = 100

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BROKEN = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, KeyError, NotImplementedError, ValueError)
_SAVE = "Open it, save it as .xlsx or .csv, and give that."


def is_workbook(data: bytes) -> bool:
    """Whether a file begins like an Excel workbook, also one of the old format or behind a password."""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def parse(data: bytes) -> tuple[Row, ...]:
    """The rows of the first sheet. Raises :class:`UsageError` for what cannot be read, is too large or hostile."""
    if len(data) > MAX_BYTES:
        raise UsageError("The workbook is larger than a list of people is.", f"At most {MAX_BYTES // 1_000_000} MB.")
    if not data.startswith(b"PK"):
        raise UsageError("The workbook is of Excel's old format, or has a password.", _SAVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            strings = _strings(archive)
            sheet = _part(archive, _first_sheet(archive))
        return bounded(_rows(sheet, strings))
    except _BROKEN as error:
        raise UsageError("The workbook cannot be read: it is damaged, or no workbook.", _SAVE) from error
    except RuntimeError as error:  # what zipfile says of a part behind a password
        raise UsageError("The workbook has a password.", _SAVE) from error


class _NoDoctype(ElementTree.TreeBuilder):
    """Elements only."""

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Stop before anything is defined."""
        raise ValueError(f"a document type {name!r} {pubid!r} {system!r}")


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    """A part of the archive. Raises one of :data:`_BROKEN`, and :class:`UsageError` for one that is too large."""
    info = archive.getinfo(name)
    if info.file_size > MAX_PART_BYTES:
        raise UsageError("The workbook is larger than a list of people is.", _SAVE)
    with archive.open(info) as file:
        data = file.read(MAX_PART_BYTES + 1)  # what the archive says of its sizes need not be true
    if len(data) > MAX_PART_BYTES:
        raise UsageError("The workbook is larger than a list of people is.", _SAVE)
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314  (no document type: nothing to expand)
    parser.feed(data)
    return parser.close()


def _first_sheet(archive: zipfile.ZipFile) -> str:
    sheet = _part(archive, _WORKBOOK).find("{*}sheets/{*}sheet")
    wanted = {} if sheet is None else sheet.attrib
    number = next((value for name, value in wanted.items() if name.endswith("}id")), "")
    for relation in _part(archive, _RELATIONS):
        if relation.get("Id") == number:
            target = relation.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise ValueError("no sheet")


def _strings(archive: zipfile.ZipFile) -> tuple[str, ...]:
    if _STRINGS not in archive.namelist():
        return ()
    return tuple(_text(item) for item in _part(archive, _STRINGS))


def _text(item: Element) -> str:
    """Plain or with formats; not how it is read aloud, which stands in ``rPh``."""
    pieces = [*item.findall("{*}t"), *item.findall("{*}r/{*}t")]
    return "".join(piece.text or "" for piece in pieces)


def _rows(sheet: Element, strings: tuple[str, ...]) -> Iterator[Row]:
    """The rows with those that are left out of the file because they are empty."""
    number = 0
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        at = int(row.get("r") or number + 1)
        if at <= number or at > 2**20:
            raise ValueError("rows out of order")
        yield from (Row(blank, ()) for blank in range(number + 1, at))
        number = at
        yield Row(number, _cells(row, strings))


def _cells(row: Element, strings: tuple[str, ...]) -> tuple[str, ...]:
    cells: dict[int, str] = {}
    column = -1
    for element in row.iterfind("{*}c"):
        reference = _REFERENCE.fullmatch(element.get("r", ""))
        column = _column(reference[1]) if reference else column + 1
        if column < MAX_COLUMNS:
            cells[column] = cell(_value(element, strings))
    return tuple(cells.get(n, "") for n in range(max(cells, default=-1) + 1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(element: Element, strings: tuple[str, ...]) -> str:
    formula = element.find("{*}f")
    if formula is not None:
        return f"={formula.text or ''}"
    if element.get("t") == "inlineStr":
        inline = element.find("{*}is")
        return "" if inline is None else _text(inline)
    value = element.findtext("{*}v") or ""
    if element.get("t") != "s":
        return value
    place = int(value)
    if not 0 <= place < len(strings):
        raise ValueError("no such text")
    return strings[place]
