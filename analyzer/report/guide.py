"""The interview guide: questions with where they come from and what to listen for, for a terminal and as Markdown.

Texts are ``printable`` as in ``story``, and otherwise raw until they are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from analyzer import interview, opening
from analyzer.model import Dossier
from analyzer.report import story, words
from analyzer.report.clean import printable
from analyzer.report.markdown import code, escape, link
from analyzer.report.page import BOLD, DIM, Page, columns
from analyzer.report.story import Piece
from analyzer.told import OpeningKind, Question

_TITLES = {
    "evidence": "About what was seen",
    "general": "About work that is not public",
    "gap": "About what could not be seen",
}
_HOW = "A trace in public code is a good question and no answer. So is a gap: most production work is not public."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: why it is asked, with the evidence it is about, and what an answer from experience has in it.

    ``why`` is empty where the group's title says it.
    """

    text: str
    why: str
    listen_for: tuple[str, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one kind under a title."""

    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The questions as they are (the JSON) and in groups; without a person it is the general guide."""

    login: str | None
    as_of: str | None
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]

    @property
    def title(self) -> str:
        """Whom the guide is for."""
        return f"Interview with {self.login}" if self.login else "Interview with somebody without public work"


@dataclass(frozen=True, slots=True)
class Document:
    """The guide as JSON; ``evidence`` are the ids of the dossier."""

    candidate: str | None
    as_of: str | None
    questions: tuple[Question, ...]
    schema: Literal["shiptrace.interview/1"] = field(default="shiptrace.interview/1")


def of(dossier: Dossier) -> Guide:
    """The guide for a person whose dossier is there."""
    has_levels = opening.of(dossier).kind is not OpeningKind.LITTLE
    pieces = {e.id: story.piece(e, has_levels=has_levels) for e in dossier.evidence}
    questions = interview.questions(dossier)
    return Guide(printable(dossier.candidate.login), dossier.as_of, questions, _groups(questions, pieces))


def general() -> Guide:
    """The guide for somebody of whom nothing public is there or known."""
    questions = interview.general()
    return Guide(None, None, questions, _groups(questions, {}))


def document(guide: Guide) -> Document:
    """What ``--json`` writes."""
    return Document(guide.login, guide.as_of, guide.questions)


def _groups(questions: tuple[Question, ...], pieces: Mapping[str, Piece]) -> tuple[Group, ...]:
    """In the order in which the kinds first come."""
    topics = dict.fromkeys(q.topic for q in questions)
    return tuple(
        Group(_TITLES[topic], tuple(_asked(q, pieces) for q in questions if q.topic == topic)) for topic in topics
    )


def _asked(q: Question, pieces: Mapping[str, Piece]) -> Asked:
    about = f"{words.DIMENSION[q.dimension]}: " if q.dimension and q.topic == "gap" else ""
    why = "" if q.topic == "general" else f"{about}{q.why}".rstrip(".") + "."
    shown = tuple(pieces[name] for name in q.evidence if name in pieces)
    return Asked(printable(q.text), printable(why), tuple(map(printable, q.listen_for)), shown)


# --- laid out --------------------------------------------------------------


def terminal(guide: Guide, width: int = 80, *, colour: bool = False) -> str:
    """The guide in lines of at most ``width`` columns; only links may be longer."""
    page = Page(width, colour=colour)
    day = f"as of {guide.as_of}" if guide.as_of else ""
    page.line((guide.title, BOLD), (" " * max(2, page.width - columns(guide.title) - columns(day)), ""), (day, DIM))
    page.line(("-" * page.width, DIM))
    page.paragraph(_HOW)
    number = 0
    for group in guide.groups:
        page.heading(group.title)
        for n, asked in enumerate(group.asked):
            number += 1
            if n:
                page.blank()
            _question(page, number, asked)
    return str(page)


def _question(page: Page, number: int, asked: Asked) -> None:
    page.paragraph(f"{number}. {asked.text}", 2, BOLD, hang=len(f"{number}. "))
    if asked.why:
        page.paragraph(f"Why: {asked.why}", 5, hang=2)
    for p in asked.pieces:
        if p.beside:
            page.paragraph(p.beside, 7)
        page.paragraph(p.place, 7, DIM)
        if p.snippet:
            page.paragraph(f"> {p.snippet}", 7, DIM, hang=2)
        if p.url:
            page.line((p.url, ""), indent=7)
    page.paragraph(f"Listen for: {'; '.join(asked.listen_for)}.", 5, hang=2)


def markdown(guide: Guide) -> str:
    """The guide as Markdown."""
    return "\n".join(_markdown(guide)).rstrip("\n") + "\n"


def _markdown(guide: Guide) -> Iterator[str]:
    yield from (f"# {escape(guide.title)}", "")
    if guide.as_of:
        yield from (f"As of {guide.as_of}.", "")
    yield from (_HOW, "")
    for group in guide.groups:
        yield from (f"## {group.title}", "")
        for asked in group.asked:
            yield f"- **{escape(asked.text)}**"
            if asked.why:
                yield f"  - Why: {escape(asked.why)}"
            for p in asked.pieces:
                yield f"  - {link(p.place, p.url)}{'. ' + p.beside if p.beside else ''}"
                if p.snippet:
                    yield f"  - {code(p.snippet)}"
            yield f"  - Listen for: {escape('; '.join(asked.listen_for))}."
        yield ""
