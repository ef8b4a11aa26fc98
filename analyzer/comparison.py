"""Several people side by side, dimension by dimension. Pure.

A comparison adds nothing up and ranks nobody: people stand in the order in which they were named. What it may say of a
dimension is who shows the most telling evidence, and between whom the evidence carries no difference:

Two people are **tied** in a dimension where their best levels are equal and either their values lie less than ``BAND``
apart or the confidence of one of them is low. ``BAND`` is what one more piece of used evidence moves a dimension
(0.5 · 0.3 · 0.7 ≈ 0.1): a smaller distance is one file found or missed. A tie need not carry over: of three people
the first and the third may differ although each is tied with the second. So a dimension can have several ties.

Of whom there is too little to see stands apart, without levels and values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analyzer import opening
from analyzer.model import Confidence, DimensionScore, Dossier, DossierEvidence, ProfileCoverage, Rules, State
from analyzer.told import OpeningKind
from signals.model import Dimension, Level

BAND = 0.10


@dataclass(frozen=True, slots=True)
class Cell:
    """What is there of one person in one dimension; ``value`` is for scripts, people read the words."""

    login: str
    state: State
    best_level: Level | None
    confidence: Confidence | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Telling:
    """The strongest piece of evidence of one person in a dimension."""

    login: str
    evidence: DossierEvidence


@dataclass(frozen=True, slots=True)
class ComparedDimension:
    """A dimension: one cell for each person, who is tied with whom, and the most telling evidence.

    ``telling`` is the piece of the one who shows most, or, where others are tied with that person, a piece of each of
    them; it is in the order of the people and empty where nobody shows anything.
    """

    dimension: Dimension
    cells: tuple[Cell, ...]
    ties: tuple[tuple[str, ...], ...]
    telling: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One person of the comparison; ``research`` are the research signals that were seen, beside their state."""

    login: str
    as_of: str
    rules: Rules
    headline: str
    badges: tuple[str, ...]
    coverage: ProfileCoverage
    research_state: State
    research: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """Somebody of whom too little is public to say anything: not compared, and not ranked below the others."""

    login: str
    as_of: str
    headline: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """People side by side. ``cautions`` say in plain words what makes them hard to compare."""

    people: tuple[Compared, ...]
    apart: tuple[Apart, ...]
    dimensions: tuple[ComparedDimension, ...]
    cautions: tuple[str, ...]
    schema: Literal["shiptrace.comparison/1"] = field(default="shiptrace.comparison/1")


def compare(dossiers: Iterable[Dossier]) -> Comparison:
    """Compare people in the order given; a person given twice stands there once."""
    by_login: dict[str, Dossier] = {}
    for dossier in dossiers:
        by_login.setdefault(dossier.candidate.login.lower(), dossier)
    given = tuple(by_login.values())
    told = {d.candidate.login: opening.of(d) for d in given}
    people = [d for d in given if told[d.candidate.login].kind is not OpeningKind.LITTLE]
    return Comparison(
        people=tuple(_person(d, told[d.candidate.login].headline) for d in people),
        apart=tuple(
            Apart(d.candidate.login, d.as_of, told[d.candidate.login].headline) for d in given if d not in people
        ),
        dimensions=tuple(
            _dimension(people, dimension) for dimension in Dimension if dimension is not Dimension.RESEARCH
        ),
        cautions=tuple(_cautions(given)),
    )


def _person(d: Dossier, headline: str) -> Compared:
    states = {s.signal: s.state for s in d.signals if s.signal in d.research.signals}
    seen = {name for name, state in states.items() if state is State.OBSERVED}
    return Compared(
        login=d.candidate.login,
        as_of=d.as_of,
        rules=d.rules,
        headline=headline,
        badges=d.profile.badges,
        coverage=d.profile.coverage,
        research_state=State.of_all(states.values()),
        research=tuple(name for name in d.research.signals if name in seen),
    )


# --- one dimension ---------------------------------------------------------


def _dimension(people: Sequence[Dossier], dimension: Dimension) -> ComparedDimension:
    cells = tuple(_cell(d, next(s for s in d.dimensions if s.dimension is dimension)) for d in people)
    shown = [cell for cell in cells if cell.best_level is not None]
    telling: list[Telling] = []
    if shown:
        top = max(shown, key=_strength)
        leading = {cell.login for cell in shown if cell is top or are_tied(cell, top)}
        telling = [t for d in people if d.candidate.login in leading for t in _telling(d, dimension)]
    return ComparedDimension(dimension, cells, ties_of(shown), tuple(telling))


def _cell(d: Dossier, score: DimensionScore) -> Cell:
    return Cell(d.candidate.login, score.state, score.best_level, score.confidence, score.value)


def _strength(cell: Cell) -> tuple[int, float]:
    return (cell.best_level.rank if cell.best_level else -1, cell.value or 0.0)


def _telling(d: Dossier, dimension: Dimension) -> list[Telling]:
    own = [e for e in d.evidence if e.dimension is dimension and e.attribution.share > 0 and e.weight > 0]
    strongest = sorted(own, key=lambda e: (-e.level.rank, -opening.telling(e), -e.weight, e.id))[:1]
    return [Telling(d.candidate.login, e) for e in strongest]


def are_tied(a: Cell, b: Cell) -> bool:
    """Whether the evidence carries no difference between two people in a dimension."""
    if a.best_level is None or a.best_level is not b.best_level:
        return False
    is_unsure = Confidence.LOW in (a.confidence, b.confidence)
    return is_unsure or abs((a.value or 0.0) - (b.value or 0.0)) < BAND


def ties_of(cells: Sequence[Cell]) -> tuple[tuple[str, ...], ...]:
    """The largest groups of people of whom each is tied with each, in the order of the people."""
    groups: list[set[str]] = []
    for level in Level:
        inside = [c for c in cells if c.best_level is level]
        unsure = {c.login for c in inside if c.confidence is Confidence.LOW}
        values = {c.login: c.value or 0.0 for c in inside if c.login not in unsure}
        for lowest in set(values.values()) or {0.0}:
            groups.append(unsure | {login for login, value in values.items() if 0 <= value - lowest < BAND})
    largest = [g for g in groups if len(g) > 1 and not any(g < other for other in groups)]
    order = [c.login for c in cells]
    named = {tuple(sorted(group, key=order.index)) for group in largest}
    return tuple(sorted(named, key=lambda group: [order.index(login) for login in group]))


# --- what makes it hard ----------------------------------------------------


def _cautions(given: Sequence[Dossier]) -> Iterable[str]:
    """Differences between the dossiers that are not differences between the people."""
    differing: tuple[tuple[str, Callable[[Dossier], str]], ...] = (
        ("judged from different days", lambda d: d.as_of),
        ("read with different versions of the rules", lambda d: d.rules.version),
        ("weighed with different versions of the rubric", lambda d: d.rules.rubric),
    )
    for what, of in differing:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for d in given:
            groups[of(d)].append(d.candidate.login)
        if len(groups) > 1:
            found = "; ".join(f"{value}: {', '.join(groups[value])}" for value in sorted(groups))
            yield f"These people were {what} ({found}). Scan them anew before you compare."
