"""People side by side as Markdown, for a wiki or an issue: the same words as on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.comparison import Comparison
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.compare import INTRODUCTION, about, in_words, legend, ties
from analyzer.report.markdown import escape, link, table
from analyzer.report.piece import piece as told_of


def render(comparison: Comparison) -> str:
    """The whole comparison; ends with a newline."""
    parts = (_people, _table, _telling)
    return "\n".join(line for part in parts for line in part(comparison)).rstrip("\n") + "\n"


def _people(comparison: Comparison) -> Iterator[str]:
    days = sorted({p.as_of for p in (*comparison.people, *comparison.apart)})
    yield from ("# Side by side", "", f"As of {' and '.join(days)}.", "")
    for caution in comparison.cautions:
        yield from (f"**Caution: {_safe(caution)}**", "")
    for person in comparison.people:
        yield f"- **{_safe(person.login)}**: {_safe(person.headline)} {escape(about(person))}."
    for person in comparison.apart:
        yield f"- **{_safe(person.login)}**: {_safe(person.headline)} {words.APART}"
    yield ""


def _table(comparison: Comparison) -> Iterator[str]:
    if not comparison.people:
        return
    yield from ("## Dimension by dimension", "", INTRODUCTION, "")
    rows = [(words.DIMENSION[d.dimension], *map(in_words, d.cells)) for d in comparison.dimensions]
    seen = (words.CELL[person.research_state] for person in comparison.people)
    rows.append(("Research-style work, beside", *seen))
    yield from (*table(("", *(_safe(person.login) for person in comparison.people)), rows), "")
    yield from (f"- *{name}*: {meaning}." for name, meaning in legend(comparison))
    yield from ("", words.NOTHING_HELD, "")


def _telling(comparison: Comparison) -> Iterator[str]:
    shown = [d for d in comparison.dimensions if d.telling]
    if shown:
        yield from ("## The most telling evidence", "")
    for d in shown:
        yield from (f"### {words.DIMENSION[d.dimension]}", "")
        yield from (f"{escape(said)}\n" for said in ties(d))
        for told in d.telling:
            piece = told_of(told.evidence)
            yield f"- {_safe(told.login)}: **{escape(piece.message)}** {piece.beside}".rstrip()
            yield f"  - {link(piece.place, piece.url)}"
        yield ""


def _safe(text: str) -> str:
    return escape(printable(text))
