"""The report as Markdown, for a wiki or an issue.

Whatever came from a repository is escaped, so that it is text and nothing else: no markup, no HTML, no link, and none
of the marks (``@name``, ``#1``, ``GH-1``, ``!1``) by which a forge would notify people or tie the page to an issue. A
backslash does not stop those, since they are looked for after rendering; an invisible space behind the mark does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from analyzer.report import words
from analyzer.report.story import Missed, Piece, Story
from analyzer.told import Badge

_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~!${}]")
_MARK = re.compile(r"(?<=[@#!$%&~])(?=[\w\"'/])|(?<=:)(?=/)|(?<=\bwww)(?=\.)|(?<=\bGH-)(?=[0-9])", re.IGNORECASE)
_LIST_MARK = re.compile(r"\A(?:(?=[-+=])|(?<![^0-9])([0-9]{1,9})(?=[.)]))")
_APART, _APART_ENTITY = "\u200b", "&#8203;"
_IN_URL = ":/?#=%+,;~@&"


def escape(text: str) -> str:
    """A printable text as Markdown that shows just this text, wherever in a line or a table it stands."""
    parted = _MARK.sub(_APART, text.strip())
    escaped = _LIST_MARK.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", parted))
    return escaped.replace(_APART, _APART_ENTITY)


def link(text: str, url: str | None) -> str:
    """The escaped text, as a link where there is an address; the story has let only http(s) pass."""
    if url is None:
        return escape(text)
    return f"[{escape(text)}]({quote(url, safe=_IN_URL).replace('&', '&amp;')})"


def code(text: str) -> str:
    """A text as code, in a fence longer than any in it."""
    inside = text.strip()
    fence = "`" * (max((len(run) for run in re.findall("`+", inside)), default=0) + 1)
    space = " " if inside.startswith("`") or inside.endswith("`") else ""
    return f"{fence}{space}{inside}{space}{fence}"


def render(story: Story) -> str:
    """The whole report; ends with a newline."""
    parts = (_opening, _badges, _repositories, _seen, _evidence, _unseen)
    return "\n".join(line for part in parts for line in part(story)).rstrip("\n") + "\n"


def _opening(story: Story) -> Iterator[str]:
    opening = story.opening
    yield from (f"# {escape(story.login)}", "", f"As of {story.as_of}.", "", f"**{escape(opening.headline)}**", "")
    if story.strongest:
        yield from ("The strongest story:", "", *piece(story.strongest), "")
    yield from (f"**Sure:** {escape(opening.sure)}.", "", f"**Not visible:** {escape(opening.not_visible)}.", "")
    yield from ("**Ask:**", "", *(f"- {escape(question)}" for question in opening.ask), "")


def _badges(story: Story) -> Iterator[str]:
    for badge in story.badges:
        yield from (f"## Badge: {escape(badge.title)}", "", words.GIVEN, "", *_gates(badge), "")


def _gates(badge: Badge) -> Iterator[str]:
    yield from (f"- {escape(gate.condition)}." for gate in badge.gates)


def _repositories(story: Story) -> Iterator[str]:
    rows = [(r.full_name, r.said) for r in story.repositories]
    if rows:
        yield from ("## Repositories read", "", *table(("repository", "read"), rows), "")


def _seen(story: Story) -> Iterator[str]:
    if story.seen:
        rows = [(d.name, d.said, "; ".join(d.signals)) for d in story.seen]
        yield from ("## Production work seen", "", *table(("dimension", "level", "seen in"), rows), "")
    if story.research:
        title = "## Research-style work (shown beside, never subtracted)"
        yield from (title, "", *(f"- {escape(name)}" for name in story.research), "")
    if story.levels:
        yield from (" ".join(f"*{level.value.capitalize()}*: {words.LEVEL[level]}." for level in story.levels), "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table of texts, which are escaped here."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(map(escape, row))} |" for row in rows)


# --- evidence --------------------------------------------------------------


def _evidence(story: Story) -> Iterator[str]:
    first = "More evidence" if story.strongest else "Evidence"
    title = f"{first}, strongest first" if story.has_levels else "What there is to read"
    for heading, pieces in ((title, story.pieces), ("Changes taken back", story.reverts)):
        if pieces:
            yield from (f"## {heading}", "", *(line for p in pieces for line in piece(p)), "")
    if story.n_more_pieces:
        yield from (words.more_pieces(story.n_more_pieces), "")
    if story.n_others:
        yield from (words.others(story.n_others), "")


def piece(p: Piece) -> Iterator[str]:
    """A piece of evidence as an item of a list."""
    yield f"- **{escape(p.message)}**"
    yield f"  - {escape(p.standing)}{'. ' + p.beside if p.beside else ''}"
    yield f"  - {link(p.place, p.url)}"
    if p.snippet:
        yield f"  - {code(p.snippet)}"
    yield f"  - {escape(p.whose)}"


# --- what could not be seen ------------------------------------------------


def _unseen(story: Story) -> Iterator[str]:
    if not (story.unseen or story.missed):
        return
    yield from ("## Not seen, and why", "")
    yield from (f"- {u.said}: {'; '.join(u.names)}. *{u.why}*" for u in story.unseen)
    yield from (f"- {_missed(missed)}" for missed in story.missed)
    if story.n_more_missed:
        yield f"- {words.more_missed(story.n_more_missed)}"
    yield from ("", words.NOTHING_HELD)


def _missed(missed: Missed) -> str:
    more = f" and {missed.n_more:,} more" if missed.n_more else ""
    parts = (missed.repository, ", ".join(missed.names) + more, missed.reason)
    return f"{escape(': '.join(part for part in parts if part))}."
