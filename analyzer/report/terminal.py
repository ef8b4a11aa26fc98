"""The report on a terminal, for somebody who is no engineer: words instead of numbers, every claim with its place.

The story's texts are printable already; only our own words carry colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzer.report import words
from analyzer.report.page import BOLD, CYAN, DIM, GREEN, Page, columns
from analyzer.report.story import Missed, Piece, Story
from analyzer.told import Badge
from signals.model import Level

_LABEL = 34
_OPENING_LABEL = 12
_LEVEL_LABEL = 8
_STYLE = {Level.LIVED_IN: GREEN, Level.USED: CYAN, Level.DECLARED: ""}


def render(story: Story, width: int = 80, *, colour: bool = False) -> str:
    """The whole report in lines of at most ``width`` columns; only links may be longer."""
    page = Page(width, colour=colour)
    _overview(page, story)
    _pieces(page, story)
    _unseen(page, story)
    return str(page)


def summary(story: Story, width: int = 80, *, colour: bool = False) -> str:
    """What a scan ends with: the report without its evidence, but for the strongest piece."""
    page = Page(width, colour=colour)
    _overview(page, replace(story, pieces=(), reverts=()))  # so that the legend has what is shown only
    _unseen(page, story)
    return str(page)


def _overview(page: Page, story: Story) -> None:
    _opening(page, story)
    for badge in story.badges:
        _badge(page, badge)
    _repositories(page, story)
    _seen(page, story)


def _opening(page: Page, story: Story) -> None:
    opening = story.opening
    day = f"as of {story.as_of}"
    space = " " * max(2, page.width - columns(story.login) - columns(day))
    page.line((story.login, BOLD), (space, ""), (day, DIM))
    page.line(("-" * page.width, DIM))
    page.paragraph(opening.headline, style=BOLD)
    page.blank()
    if story.strongest:
        page.paragraph("The strongest story:", 2)
        _piece(page, story.strongest)
        page.blank()
    page.row("Sure:", f"{opening.sure}.", _OPENING_LABEL)
    page.row("Not visible:", f"{opening.not_visible}.", _OPENING_LABEL)
    for n, question in enumerate(opening.ask):
        page.row("" if n else "Ask:", question, _OPENING_LABEL)


def _badge(page: Page, badge: Badge) -> None:
    page.heading(f"Badge: {badge.title}")
    page.paragraph(words.GIVEN, 2)
    for gate in badge.gates:
        page.paragraph(f"- {gate.condition}.", 2, hang=2)


def _repositories(page: Page, story: Story) -> None:
    if story.repositories:
        page.heading("Repositories read")
    label = min(_LABEL, max((columns(r.full_name) for r in story.repositories), default=0))
    for r in story.repositories:
        page.row(r.full_name, r.said, label)


def _seen(page: Page, story: Story) -> None:
    if story.seen:
        page.heading("Production work seen")
        for d in story.seen:
            page.row(d.name, d.said, _LABEL, _STYLE[d.level])
            page.paragraph("; ".join(d.signals), 4, DIM)
    if story.research:
        page.heading("Research-style work (shown beside, never subtracted)")
        page.paragraph(f"{'; '.join(story.research)}.", 2)
    if story.levels:
        page.blank()
        for level in story.levels:
            page.row(level.value, f"{words.LEVEL[level]}.", _LEVEL_LABEL, DIM)


# --- evidence --------------------------------------------------------------


def _pieces(page: Page, story: Story) -> None:
    if story.pieces:
        first = "More evidence" if story.strongest else "Evidence"
        page.heading(f"{first}, strongest first" if story.has_levels else "What there is to read")
        _list(page, story.pieces)
    if story.reverts:
        page.heading("Changes taken back")
        _list(page, story.reverts)
    if story.n_more_pieces or story.n_others:
        page.blank()
    if story.n_more_pieces:
        page.paragraph(words.more_pieces(story.n_more_pieces), 2)
    if story.n_others:
        page.paragraph(words.others(story.n_others), 2, DIM)


def _list(page: Page, pieces: Sequence[Piece]) -> None:
    for n, p in enumerate(pieces):
        if n:
            page.blank()
        _piece(page, p)


def _piece(page: Page, p: Piece) -> None:
    """A piece of evidence: what, how strong, where, whose, and its link on a line of its own."""
    page.paragraph(f"* {p.message}", 2, BOLD, hang=2)
    page.paragraph(p.standing, 4, _STYLE[p.level] if p.level else "")
    if p.beside:
        page.paragraph(p.beside, 4)
    page.paragraph(p.place, 4)
    if p.snippet:
        page.paragraph(f"> {p.snippet}", 4, hang=2)
    page.paragraph(p.whose, 4, DIM)
    if p.url:
        page.line((p.url, ""), indent=4)


# --- what could not be seen ------------------------------------------------


def _unseen(page: Page, story: Story) -> None:
    if not (story.unseen or story.missed):
        return
    page.heading("Not seen, and why")
    for u in story.unseen:
        page.paragraph(f"{u.said}: {'; '.join(u.names)}.", 2)
        page.paragraph(u.why, 4, DIM)
    for missed in story.missed:
        page.paragraph(_missed(missed), 2, hang=2)
    if story.n_more_missed:
        page.paragraph(words.more_missed(story.n_more_missed), 2)
    page.paragraph(words.NOTHING_HELD, 2)


def _missed(missed: Missed) -> str:
    more = f" and {missed.n_more:,} more" if missed.n_more else ""
    parts = (missed.repository, ", ".join(missed.names) + more, missed.reason)
    return f"{': '.join(part for part in parts if part)}."
