"""People side by side as one HTML page: the words of the terminal, in tables that fit a phone and paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.comparison import Cell, Compared, Comparison
from analyzer.report import compare, words
from analyzer.report.html_page import page
from analyzer.report.piece import Piece, piece


@dataclass(frozen=True, slots=True)
class _Table:
    """Some of the people side by side; each row is a dimension's name with their cells in it."""

    people: tuple[Compared, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What tells most in a dimension: who cannot be told apart, and the strongest piece of each by login."""

    name: str
    ties: tuple[str, ...]
    pieces: tuple[tuple[str, Piece], ...]


def render(comparison: Comparison) -> str:
    """The whole comparison as one self-contained page."""
    return page(
        "comparison.html",
        comparison=comparison,
        days=sorted({person.as_of for person in (*comparison.people, *comparison.apart)}),
        introduction=compare.INTRODUCTION,
        about=compare.about,
        tables=tuple(_tables(comparison)),
        legend=compare.legend(comparison),
        telling=tuple(_telling(comparison)),
    )


def _tables(comparison: Comparison) -> Iterator[_Table]:
    """As few tables as hold all people, of equal widths."""
    n = len(comparison.people)
    beside = -(-n // -(-n // compare.MAX_BESIDE)) if n else 1
    for start in range(0, n, beside):
        chosen = slice(start, start + beside)
        rows = tuple((words.DIMENSION[d.dimension], d.cells[chosen]) for d in comparison.dimensions)
        yield _Table(comparison.people[chosen], rows)


def _telling(comparison: Comparison) -> Iterator[_Telling]:
    for d in comparison.dimensions:
        if d.telling:
            pieces = tuple((told.login, piece(told.evidence)) for told in d.telling)
            yield _Telling(words.DIMENSION[d.dimension], compare.ties(d), pieces)
