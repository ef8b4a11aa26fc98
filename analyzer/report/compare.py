"""People side by side on a terminal: words, places and ties; no number, no total, no ranking."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.comparison import Cell, Compared, ComparedDimension, Comparison
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.page import BOLD, CYAN, DIM, GREEN, Page, columns, wrapped
from analyzer.report.piece import piece as told_of
from signals.model import Level

MAX_BESIDE = 6
SHOWN_TELLING = 3
_LABEL, _GAP = 20, 1
_STYLE = {Level.LIVED_IN: GREEN, Level.USED: CYAN, Level.DECLARED: ""}

INTRODUCTION = (
    "People stand in the order in which they were named. Nothing is added up and nobody is ranked. The best level is "
    "said first, then how sure it is."
)
"""What a reader has to know before the table, in every format."""


def page(comparison: Comparison, width: int = 80, *, colour: bool = False) -> str:
    """Who they are, the table of dimensions with ties, the most telling evidence, who stands apart and why."""
    made = Page(width, colour=colour)
    days = sorted({p.as_of for p in (*comparison.people, *comparison.apart)})
    title, day = "Side by side", f"as of {' and '.join(days)}"
    made.line((title, BOLD), (" " * max(2, made.width - columns(title) - columns(day)), ""), (day, DIM))
    made.line(("-" * made.width, DIM))
    for caution in comparison.cautions:
        made.paragraph(f"Caution: {printable(caution)}", 0, BOLD)
    _people(made, comparison)
    if comparison.people:
        _tables(made, comparison)
        _telling(made, comparison)
    return str(made)


def _people(made: Page, comparison: Comparison) -> None:
    for person in comparison.people:
        made.blank()
        made.paragraph(printable(person.login), 0, BOLD)
        made.paragraph(printable(person.headline), 2)
        made.paragraph(f"{about(person)}.", 2, DIM)
    for person in comparison.apart:
        made.blank()
        made.paragraph(printable(person.login), 0, BOLD)
        made.paragraph(f"{printable(person.headline)} {words.APART}", 2)


def about(person: Compared) -> str:
    """Badges, coverage and the research axis in one line."""
    said = [f"Something seen in {person.coverage.observed} of {person.coverage.of} dimensions"]
    if person.badges:
        titles = ", ".join(words.BADGE.get(badge, words.signal(printable(badge))) for badge in person.badges)
        said.append(f"{'badge' if len(person.badges) == 1 else 'badges'}: {titles}")
    if person.research:
        names = ", ".join(words.signal(printable(name)).lower() for name in person.research)
        said.append(f"research-style work, shown beside and never subtracted: {names}")
    return "; ".join(said)


# --- the table -------------------------------------------------------------


def _tables(made: Page, comparison: Comparison) -> None:
    made.heading("Dimension by dimension")
    made.paragraph(INTRODUCTION, 2)
    n = len(comparison.people)
    n_tables = -(-n // MAX_BESIDE)
    beside = -(-n // n_tables)
    for start in range(0, n, beside):
        _table(made, comparison, range(start, min(n, start + beside)))
    made.blank()
    _legend(made, comparison)


def _table(made: Page, comparison: Comparison, chosen: range) -> None:
    width = min(24, (made.width - _LABEL) // len(chosen) - _GAP)
    made.blank()
    _row(made, "", [(printable(comparison.people[n].login), BOLD) for n in chosen], width)
    for d in comparison.dimensions:
        _row(made, words.DIMENSION[d.dimension], [_cell(d.cells[n]) for n in chosen], width)
    _row(made, "Research-style work", [_research(comparison.people[n]) for n in chosen], width)


def _research(person: Compared) -> tuple[str, str]:
    return words.CELL[person.research_state], "" if person.research else DIM


def _cell(cell: Cell) -> tuple[str, str]:
    if cell.best_level is None:
        return words.CELL[cell.state], DIM
    return in_words(cell), _STYLE[cell.best_level]


def in_words(cell: Cell) -> str:
    """The best level and the confidence, or the state, short enough for a table."""
    if cell.best_level is None:
        return words.CELL[cell.state]
    return f"{cell.best_level.value}, {cell.confidence.value}" if cell.confidence else cell.best_level.value


def _row(made: Page, label: str, cells: Sequence[tuple[str, str]], width: int) -> None:
    """Cells of equal width beside a label, each wrapped in its column."""
    texts = [list(wrapped(label, _LABEL - _GAP)), *(list(wrapped(text, width)) for text, _ in cells)]
    widths = [_LABEL - _GAP, *[width] * len(cells)]
    styles = ["", *(style for _, style in cells)]
    for n in range(max(map(len, texts))):
        parts: list[tuple[str, str]] = []
        for lines, room, style in zip(texts, widths, styles, strict=True):
            text = lines[n] if n < len(lines) else ""
            parts += [(text, style), (" " * (room - columns(text) + _GAP), "")]
        made.line(*parts)


def _legend(made: Page, comparison: Comparison) -> None:
    for name, meaning in legend(comparison):
        made.paragraph(f"{name}: {meaning}.", 2, DIM, hang=2)
    made.paragraph(words.NOTHING_HELD, 2, DIM)


def legend(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """What the words in the table mean, those that occur."""
    cells = [cell for d in comparison.dimensions for cell in d.cells]
    levels = sorted({c.best_level for c in cells if c.best_level}, key=lambda level: -level.rank)
    states = {c.state for c in cells} | {person.research_state for person in comparison.people}
    unseen = [state for state in words.UNSEEN if state in states]
    return (
        *((level.value, words.LEVEL[level]) for level in levels),
        *((("high, medium, low", "how sure it is; there was more or less to look at"),) if levels else ()),
        *((words.CELL[state], words.CELL_MEANS[state]) for state in unseen),
    )


# --- the evidence ----------------------------------------------------------


def _telling(made: Page, comparison: Comparison) -> None:
    made.heading("The most telling evidence")
    for d in comparison.dimensions:
        if not d.telling:
            continue
        made.blank()
        made.paragraph(words.DIMENSION[d.dimension], 2, BOLD)
        for said in ties(d):
            made.paragraph(said, 4, hang=2)
        for told in d.telling[:SHOWN_TELLING]:
            piece = told_of(told.evidence)
            made.paragraph(f"{printable(told.login)}: {piece.message}", 4, hang=2)
            made.paragraph(piece.place, 6)
            if piece.beside:
                made.paragraph(piece.beside, 6, DIM)
            if piece.url:
                made.line((piece.url, ""), indent=6)
        if len(d.telling) > SHOWN_TELLING:
            others = ", ".join(printable(told.login) for told in d.telling[SHOWN_TELLING:])
            made.paragraph(f"as much is shown by {others}: see --json.", 4, DIM)


def ties(d: ComparedDimension) -> tuple[str, ...]:
    """Who cannot be told apart in this dimension, in words."""
    return tuple(f"{_listed([printable(login) for login in group])}: {words.TIE}." for group in d.ties)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
