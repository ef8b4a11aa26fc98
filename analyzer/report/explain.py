"""Why a person's values are what they are, on a terminal: words first, then the numbers that anybody can redo.

``overview`` goes from each dimension to its signals, or with ``everything`` to the single pieces; ``explain_signal``
takes one signal apart. Where there is too little public work to say anything, neither shows a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analyzer.explanation import DimensionSteps, Explanation, InRepository, SignalSteps
from analyzer.model import State
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.page import BOLD, DIM, Page, columns
from analyzer.report.piece import piece as told_of
from analyzer.told import Opening, OpeningKind
from signals.model import Dimension

MAX_REASONS = 3
_HOW = (
    "A piece of evidence weighs its level times the person's part in it, the kind of file, how recent it is, and "
    "guards against copies. Pieces of one signal in one repository are joined: each takes its weight of what the "
    "others leave of 1. A cap that goes with the best level keeps many small pieces from adding up to a large one. "
    "The best repositories are joined in the same way. A dimension is the weighted mean of its best signals; where "
    "nothing is lived-in it is capped, too."
)


def overview(
    explanation: Explanation, opening: Opening, width: int = 80, *, colour: bool = False, everything: bool = False
) -> str:
    """The dimensions, best level first, with the signals behind each; what was not seen, and why."""
    page = Page(width, colour=colour)
    has_values = opening.kind is not OpeningKind.LITTLE
    head(page, explanation, printable(explanation.login))
    page.paragraph(printable(opening.headline))
    if has_values:
        page.heading("How a value comes about")
        page.paragraph(_HOW, 2)
        page.paragraph("A value is no grade. It says how much of this kind of work public code shows.", 2)
    seen = [d for d in explanation.dimensions if d.value is not None]
    if seen:
        page.heading("What was seen")
    for d in sorted(seen, key=_strength):
        _dimension(page, d, has_values=has_values, everything=everything)
    _unseen(page, explanation.dimensions, everything=everything)
    foot(page, explanation, has_values=has_values)
    one = f"shiptrace explain {printable(explanation.login)} SIGNAL"
    page.paragraph(f"`{one}` shows every piece of evidence of a signal and the whole calculation.", 2, DIM)
    return str(page)


def head(page: Page, explanation: Explanation, title: str) -> None:
    """Whom or what it is about, and the day it is judged from."""
    day = f"as of {explanation.as_of}"
    page.line((title, BOLD), (" " * max(2, page.width - columns(title) - columns(day)), ""), (day, DIM))
    page.line(("-" * page.width, DIM))


def foot(page: Page, explanation: Explanation, *, has_values: bool) -> None:
    """Whether the stored values follow from the stored evidence."""
    n_wrong = len(explanation.mismatches)
    page.heading("Checked" if not n_wrong else "Does not agree")
    rules = f"rules {printable(explanation.rules.version)}, rubric {printable(explanation.rules.rubric)}"
    if not n_wrong:
        n = words.count(explanation.n_values, "stored value")
        page.paragraph(f"{n} computed anew from the stored evidence ({rules}): all agree to 6 decimals.", 2)
    else:
        said = f"{n_wrong} of {words.count(explanation.n_values, 'stored value')} do not follow from the evidence"
        page.paragraph(f"{said} ({rules}). Do not rely on them; scan again.", 2, BOLD)
        for wrong in explanation.mismatches:
            stored, anew = number(wrong.stored), number(wrong.recomputed)
            page.paragraph(f"{printable(wrong.what)}: stored {stored}, computed anew {anew}", 2, hang=2)
    if not has_values:
        page.paragraph("No values are shown: nothing should be read from so little. --json has them.", 2)


def number(value: float | None, decimals: int = 6) -> str:
    """A value with a fixed number of decimals; "none" where there is none."""
    return "none" if value is None else f"{value:.{decimals}f}"


def short(value: float) -> str:
    """A factor with as many of six decimals as it needs: 0.85, 0.967335."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def mean_of(d: DimensionSteps, decimals: int = 6) -> str:
    """How the sum of a dimension's terms becomes its value: the divisor, the cap."""
    total = sum(term.weight for term in d.terms)
    said = "the sum"
    if total < 1 - 1e-9:
        n = words.count(len(d.terms), "signal")
        said += f", divided by {total:g} as this version looks for {n} here"
    if d.cap is not None and d.mean is not None and d.mean > d.cap:
        said += f": {number(d.mean, decimals)}, but at most {d.cap:.2f} where nothing is lived-in"
    return said


# --- dimensions ------------------------------------------------------------


def _strength(d: DimensionSteps) -> tuple[bool, int, float]:
    """Research last; best level first, then value."""
    return (d.dimension is Dimension.RESEARCH, -d.best_level.rank if d.best_level else 0, -(d.value or 0.0))


def _dimension(page: Page, d: DimensionSteps, *, has_values: bool, everything: bool) -> None:
    said = [words.STATE[d.state]]
    if has_values and d.best_level is not None and d.dimension is not Dimension.RESEARCH:
        said[0] += f": {d.best_level.value}"
    if d.confidence and has_values:
        said.append(words.CONFIDENCE[d.confidence])
    page.blank()
    page.paragraph(f"{words.DIMENSION[d.dimension]}: {', '.join(said)}", 2, BOLD, hang=2)
    by_name = {s.score.signal: s for s in d.signals}
    if has_values:
        for term in d.terms:
            if term.signal:
                page.row(f"{term.weight:g} × {number(term.value, 4)}", _told(by_name[term.signal]), _NUMBERS)
        if rest := [f"{term.weight:g}" for term in d.terms if not term.signal]:
            page.row(f"{', '.join(rest)} × 0", "no further signal was seen", _NUMBERS, DIM)
        page.row(f"= {number(d.value, 4)}", mean_of(d, 4), _NUMBERS)
    counted = {term.signal for term in d.terms} if has_values else set[str]()
    for s in d.signals:
        if s.value is not None and s.score.signal not in counted:
            said = _told(s, has_levels=has_values)
            page.row("not counted" if has_values else "seen", said, _NUMBERS, DIM if has_values else "")
    if everything:
        for s in d.signals:
            _pieces(page, s, has_values=has_values)
    _others(page, d, everything=everything)


_NUMBERS = 12


def _told(s: SignalSteps, *, has_levels: bool = True) -> str:
    best = max((place.best_level for place in s.repositories), key=lambda level: level.rank)
    n = words.count(sum(len(place.pieces) for place in s.repositories), "piece")
    where = words.count(len(s.repositories), "repository", "repositories")
    return f"{_named(s)}: {best.value}, {n} in {where}" if has_levels else f"{_named(s)}: {n} in {where}"


def _named(s: SignalSteps) -> str:
    """The signal's title, and the name by which to ask for it."""
    name = printable(s.score.signal)
    return f"{words.signal(name)} ({name})"


def _pieces(page: Page, s: SignalSteps, *, has_values: bool) -> None:
    for place in s.repositories:
        page.blank()
        page.paragraph(f"{words.signal(printable(s.score.signal))} in {printable(place.repository)}", 4, hang=2)
        for piece in place.pieces:
            told = told_of(piece.evidence, has_levels=has_values)
            weight = f"{number(piece.weight, 4)}  {piece.evidence.level.value}: " if has_values else ""
            page.paragraph(f"{weight}{told.message}", 6, hang=8)
            page.paragraph(told.place.partition(": ")[2], 14, DIM)
        if has_values:
            page.paragraph(f"{number(place.value, 4)}  {joined(place)}", 6, hang=8)


def joined(place: InRepository) -> str:
    """How the pieces of a signal in a repository became its value there."""
    said = "joined" if len(place.pieces) > 1 else "alone"
    if place.value < place.joined:
        said += f" {number(place.joined, 4)}, but at most {place.cap:.2f} where the best level is "
        said += place.best_level.value
    return said if place.is_counted else f"{said}; beyond the best repositories, not counted"


# --- what was not seen -----------------------------------------------------


def _others(page: Page, d: DimensionSteps, *, everything: bool, indent: int = 4) -> None:
    """The signals of a dimension that were not seen, by state."""
    missing = [s for s in d.signals if s.score.state is not State.OBSERVED]
    by_state: defaultdict[State, list[SignalSteps]] = defaultdict(list)
    for s in missing:
        by_state[s.score.state].append(s)
    for state, signals in by_state.items():
        names = ", ".join(_named(s) for s in signals)
        page.paragraph(f"{words.STATE[state]}: {names}", indent, DIM, hang=2)
        if everything:
            reasons(page, signals, indent + 2)


def reasons(page: Page, signals: Sequence[SignalSteps], indent: int) -> None:
    """Why signals were not seen, each reason once."""
    found = dict.fromkeys(printable(s.score.reason) for s in signals)
    for reason in list(found)[:MAX_REASONS]:
        page.paragraph(f"{reason}.", indent, DIM, hang=2)
    if len(found) > MAX_REASONS:
        page.paragraph(f"and {words.count(len(found) - MAX_REASONS, 'more reason')}", indent, DIM)


def _unseen(page: Page, dimensions: Sequence[DimensionSteps], *, everything: bool) -> None:
    unseen = [d for d in dimensions if d.value is None and d.signals]
    if not unseen:
        return
    page.heading("What was not seen, and why")
    page.paragraph(words.NOTHING_HELD, 2)
    for state in (State.NOT_CHECKED, State.ABSENT, State.NOT_OBSERVED):
        inside = [d for d in unseen if d.state is state]
        if not inside:
            continue
        page.blank()
        names = "; ".join(words.DIMENSION[d.dimension] for d in inside)
        page.paragraph(f"{words.STATE[state].capitalize()}: {names}", 2, BOLD, hang=2)
        if everything:
            for d in inside:
                page.paragraph(words.DIMENSION[d.dimension], 4)
                _others(page, d, everything=True, indent=6)
        else:
            reasons(page, [s for d in inside for s in d.signals if s.score.state is state], 4)
