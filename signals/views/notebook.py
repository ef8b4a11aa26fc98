"""A Jupyter notebook's cells. Outputs are counted and dropped: they are most of the bytes and none of the work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

_TOO_DEEP = "nested too deeply"


@dataclass(frozen=True, slots=True)
class Notebook:
    """The kernel's language in lower case ("" if unsaid), counts of cells, and the source of each code cell."""

    language: str
    n_code: int
    n_markdown: int
    n_with_output: int
    sources: tuple[str, ...]


def cells(text: str) -> Notebook:
    """Read a notebook of format 3 or 4; ValueError where it is none."""
    try:
        raw: object = json.loads(text)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    book = _mapping(raw)
    found = [
        _mapping(cell) for holder in [book, *map(_mapping, _list(book.get("worksheets")))] for cell in _cells(holder)
    ]
    if not found and "nbformat" not in book:
        raise ValueError("not a notebook")
    code = [cell for cell in found if cell.get("cell_type") == "code"]
    return Notebook(
        language=_language(book, code),
        n_code=len(code),
        n_markdown=sum(1 for cell in found if cell.get("cell_type") == "markdown"),
        n_with_output=sum(1 for cell in code if cell.get("outputs")),
        sources=tuple(_source(cell) for cell in code),
    )


def _language(book: dict[str, object], code: list[dict[str, object]]) -> str:
    metadata = _mapping(book.get("metadata"))
    names = [
        _mapping(metadata.get("language_info")).get("name"),
        _mapping(metadata.get("kernelspec")).get("language"),
        *(cell.get("language") for cell in code[:1]),
    ]
    return next((name.lower() for name in names if isinstance(name, str) and name), "")


def _source(cell: dict[str, object]) -> str:
    """A cell's source, which is a text or a list of lines; format 3 calls it ``input``."""
    source = cell.get("source", cell.get("input"))
    return source if isinstance(source, str) else "".join(line for line in _list(source) if isinstance(line, str))


def _cells(holder: dict[str, object]) -> list[object]:
    return _list(holder.get("cells"))


def _mapping(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
