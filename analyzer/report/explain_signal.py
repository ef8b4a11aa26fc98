"""One signal taken apart on a terminal: every piece of evidence, every factor, every sum, as a reader can redo it."""

from __future__ import annotations

from analyzer.explanation import DimensionSteps, Explanation, InRepository, Piece, SignalSteps
from analyzer.model import State
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.explain import foot, head, mean_of, number, short
from analyzer.report.page import BOLD, DIM, Page
from analyzer.report.piece import piece as told_of
from analyzer.told import Opening, OpeningKind

MAX_OTHERS = 5


def signal_page(explanation: Explanation, opening: Opening, width: int = 80, *, colour: bool = False) -> str:
    """The page of one signal; the explanation is narrowed to it."""
    ((d, s),) = [(d, s) for d in explanation.dimensions for s in d.signals]
    page = Page(width, colour=colour)
    has_values = opening.kind is not OpeningKind.LITTLE
    head(page, explanation, f"{printable(explanation.login)}: {words.signal(printable(s.score.signal))}")
    page.paragraph(f"{_result(s, has_values=has_values)} {words.DIMENSION[d.dimension]} is its dimension.")
    page.paragraph(f"`shiptrace signals {printable(s.score.signal)}` shows what is looked for.", style=DIM)
    for place in s.repositories:
        _place(page, place, has_values=has_values)
    if has_values and s.value is not None:
        _sum(page, d, s)
    _elsewhere(page, s)
    _others(page, s)
    foot(page, explanation, has_values=has_values)
    return str(page)


def _result(s: SignalSteps, *, has_values: bool) -> str:
    said = words.STATE[s.score.state].capitalize()
    if s.repositories and has_values:
        best = max((place.best_level for place in s.repositories), key=lambda level: level.rank)
        said += f": {best.value} ({words.LEVEL[best]})"
    return f"{said}. {printable(s.score.reason).capitalize()}."


# --- pieces ----------------------------------------------------------------


def _place(page: Page, place: InRepository, *, has_values: bool) -> None:
    n = words.count(len(place.pieces), "piece")
    page.blank()
    page.paragraph(f"{printable(place.repository)}: {n} of evidence by this person", 0, BOLD)
    for n, piece in enumerate(place.pieces, 1):
        _piece(page, n, piece, has_values=has_values)
    if not has_values:
        return
    if len(place.pieces) > 1:
        page.line(("  piece     weight    left of 1", DIM))
        for n, piece in enumerate(place.pieces, 1):
            page.line((f"  {n:>5}   {number(piece.weight)}     {number(piece.left)}", ""))
        page.paragraph(f"1 − {number(place.pieces[-1].left)} = {number(place.joined)}, the pieces joined.", 2)
    bound = "which keeps it there" if place.value < place.joined else "which is not reached"
    cap = f"A best level of {place.best_level.value} allows at most {place.cap:.2f}, {bound}." if place.cap < 1 else ""
    late = "" if place.is_counted else " It is beyond the best repositories and not counted."
    page.paragraph(f"{cap} Value here: {number(place.value)}.{late}".strip(), 2, BOLD)


def _piece(page: Page, n: int, piece: Piece, *, has_values: bool) -> None:
    told = told_of(piece.evidence, has_levels=has_values)
    page.paragraph(f"{n}. {told.message}", 2, BOLD, hang=3)
    for text in (told.standing, told.place, told.whose, told.beside):
        if text:
            page.paragraph(text, 5)
    if told.url:
        page.line((told.url, ""), indent=5)
    for cap in piece.evidence.caps:
        page.paragraph(f"not lived-in: {words.CAP.get(cap, printable(cap).replace('_', ' '))}", 5, DIM)
    if has_values:
        page.paragraph(_product(piece), 5, hang=2)
    page.blank()


def _product(piece: Piece) -> str:
    """The factors with what each stands for; one that is 1 takes nothing away and is left out."""
    e, f = piece.evidence, piece.evidence.factors
    factors = [f"{short(f.level)} ({e.level.value})"]
    if f.attribution < 1:
        factors.append(_part(piece))
    if f.path_class < 1:
        factors.append(f"{short(f.path_class)} (a path of class {e.path_class})")
    if f.recency < 1:
        factors.append(f"{short(f.recency)} ({_age(piece)})")
    if f.guards < 1:
        names = " or ".join(name.replace("_", " ") for name in piece.guards)
        factors.append(f"{short(f.guards)} (guard: {names or 'several'})")
    return f"weight {number(piece.weight)} = {' × '.join(factors)}"


def _part(piece: Piece) -> str:
    part = piece.evidence.attribution
    named = [
        (part.share, "share of the lines"),
        (piece.role, f"as {part.role.value}"),
        (piece.identity, f"{part.confidence.value} confidence in the address"),
    ]
    below = [(value, name) for value, name in named if value < 1 - 1e-9]
    if len(below) == 1:
        return f"{short(below[0][0])} ({below[0][1]})"
    inside = " × ".join(f"{short(value)} {name}" for value, name in below)
    return f"{short(piece.evidence.factors.attribution)} ({inside})"


def _age(piece: Piece) -> str:
    if piece.months is None:
        return "time of the last change unknown or long ago"
    return f"last changed about {words.count(round(piece.months), 'month')} before"


# --- sums ------------------------------------------------------------------


def _sum(page: Page, d: DimensionSteps, s: SignalSteps) -> None:
    page.heading("Over the repositories")
    counted = [place for place in s.repositories if place.is_counted]
    product = "".join(f"(1 − {number(place.value)})" for place in counted)
    page.paragraph(f"1 − {product} = {number(s.value)}" if len(counted) > 1 else number(s.value), 2, hang=2)
    page.heading(f"In its dimension: {words.DIMENSION[d.dimension]}")
    for term in d.terms:
        mark = BOLD if term.signal == s.score.signal else ""
        name = words.signal(printable(term.signal)) or "no further signal was seen"
        page.row(f"{term.weight:g} × {number(term.value)}", name, 14, mark)
    if s.score.signal not in {term.signal for term in d.terms}:
        page.paragraph("This signal is not among the best of its dimension and adds nothing to its value.", 2)
    page.row(f"= {number(d.value)}", mean_of(d), 14)


# --- what does not count ---------------------------------------------------


def _elsewhere(page: Page, s: SignalSteps) -> None:
    places = [place for place in s.score.by_repository if place.state is not State.OBSERVED]
    if not places:
        return
    page.heading("Where else it was looked for")
    for place in places:
        page.paragraph(printable(place.full_name), 2)
        page.paragraph(f"{words.STATE[place.state]}: {printable(place.reason)}", 4, DIM, hang=2)
    page.paragraph(words.NOTHING_HELD, 2)


def _others(page: Page, s: SignalSteps) -> None:
    if not s.others:
        return
    page.heading("Other people's work, which weighs 0")
    for e in s.others[:MAX_OTHERS]:
        told = told_of(e)
        page.paragraph(f"{told.message} {told.place}", 2, hang=2)
        page.paragraph(told.whose, 4, DIM)
    if len(s.others) > MAX_OTHERS:
        page.paragraph(f"and {words.count(len(s.others) - MAX_OTHERS, 'more piece')}: see --json.", 2, DIM)
