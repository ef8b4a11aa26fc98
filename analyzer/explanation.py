"""Why a value is what it is: every value computed anew from its evidence, step by step. Pure.

The steps are those of ``scoring`` on the stored factors of each row, so a reader can redo them by hand:

row → rows of a signal in one repository → the best repositories of the signal → the best signals of the dimension.

What comes out is compared with what was stored. A difference means that the rows, the weights and the values do not
belong together, and then nobody should rely on the values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import mul
from typing import Literal

from analyzer import scoring
from analyzer.model import Confidence, Dossier, DossierEvidence, Rules, SignalScore, State
from analyzer.scoring import MAX_WEIGHT, Rubric
from signals.model import Dimension, Level

TOLERANCE = 0.5e-6
"""Half of the last decimal that is ever shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the person's evidence: ``weight`` is the product of its factors, counted as 0.999 at most.

    ``left`` is what remains of 1 after this piece and all heavier ones in the same repository. ``role`` and
    ``identity`` are, with the share, the factors of the person's part. ``months`` is the age that the recency stands
    for, None where it is unknown or beyond counting. ``guards`` are the names that a guard of this factor can have.
    """

    evidence: DossierEvidence
    weight: float
    left: float
    role: float
    identity: float
    months: float | None
    guards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InRepository:
    """A signal in one repository: the pieces joined, then at most ``cap``, which goes with the best level.

    ``is_counted`` is false for a repository beyond the best few.
    """

    repository: str
    best_level: Level
    pieces: tuple[Piece, ...]
    joined: float
    cap: float
    value: float
    is_counted: bool


@dataclass(frozen=True, slots=True)
class SignalSteps:
    """A signal: the stored ``score`` and what its rows give. ``others`` is the work of other people, which weighs 0."""

    score: SignalScore
    repositories: tuple[InRepository, ...]
    value: float | None
    others: tuple[DossierEvidence, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a dimension's mean; ``signal`` is empty and ``value`` 0 where fewer signals were seen."""

    weight: float
    signal: str
    value: float


@dataclass(frozen=True, slots=True)
class DimensionSteps:
    """A dimension, or the research axis: the weighted mean of the best signals, then at most ``cap``.

    ``cap`` is None where something is lived-in, and for research, which has none. ``stored`` is the value that was
    stored, ``value`` the one that the rows give.
    """

    dimension: Dimension
    state: State
    best_level: Level | None
    confidence: Confidence | None
    signals: tuple[SignalSteps, ...]
    terms: tuple[Term, ...]
    mean: float | None
    cap: float | None
    value: float | None
    stored: float | None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A stored value that its rows do not give; ``what`` names it in plain words."""

    what: str
    stored: float | None
    recomputed: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every value of a candidate with its steps; ``dimensions`` ends with the research axis.

    ``n_values`` is the number of stored values that were compared.
    """

    login: str
    as_of: str
    rules: Rules
    dimensions: tuple[DimensionSteps, ...]
    n_values: int
    mismatches: tuple[Mismatch, ...]
    schema: Literal["shiptrace.explanation/1"] = field(default="shiptrace.explanation/1")


def explain(dossier: Dossier, rubric: Rubric) -> Explanation:
    """Compute every value of a dossier anew. ``rubric`` holds the weights of the dossier's own rubric version."""
    scores = {s.signal: _signal(s, dossier.evidence, rubric) for s in dossier.signals}
    dimensions = [
        _dimension(d.dimension, [scores[s] for s in d.signals], d.value, d.state, d.confidence, rubric)
        for d in dossier.dimensions
    ]
    research = [scores[s] for s in dossier.research.signals]
    dimensions.append(
        _dimension(
            Dimension.RESEARCH,
            research,
            dossier.research.value,
            State.of_all(s.score.state for s in research),
            None,
            rubric,
        )
    )
    compared = [
        *(Mismatch(f"evidence {e.id} ({e.signal})", e.weight, _weight(e, rubric)) for e in dossier.evidence),
        *(Mismatch(f"signal {s.score.signal}", s.score.value, s.value) for s in scores.values()),
        *(Mismatch(f"dimension {d.dimension.value}", d.stored, d.value) for d in dimensions),
    ]
    wrong = tuple(c for c in compared if not _agree(c.stored, c.recomputed))
    return Explanation(dossier.candidate.login, dossier.as_of, dossier.rules, tuple(dimensions), len(compared), wrong)


def narrowed(explanation: Explanation, dimension: Dimension, signal: str = "") -> Explanation:
    """The explanation of one dimension, or of one signal in it; its mean keeps all terms."""
    (found,) = (d for d in explanation.dimensions if d.dimension is dimension)
    if signal:
        found = replace(found, signals=tuple(s for s in found.signals if s.score.signal == signal))
    return replace(explanation, dimensions=(found,))


def _agree(stored: float | None, recomputed: float | None) -> bool:
    if stored is None or recomputed is None:
        return stored is recomputed
    return abs(stored - recomputed) <= TOLERANCE


# --- the steps -------------------------------------------------------------


def _weight(e: DossierEvidence, rubric: Rubric) -> float:
    """The product of the factors, the first of them read from the level's word."""
    return scoring.weight(replace(e.factors, level=rubric.levels[e.level]))


def _signal(score: SignalScore, evidence: Sequence[DossierEvidence], rubric: Rubric) -> SignalSteps:
    rows = [e for e in evidence if e.signal == score.signal]
    own = [e for e in rows if e.attribution.share > 0]
    places = [
        _in_repository(name, [e for e in own if e.repository == name], rubric)
        for name in sorted({e.repository for e in own})
    ]
    places.sort(key=lambda place: -place.value)
    return SignalSteps(
        score=score,
        repositories=tuple(replace(p, is_counted=n < rubric.max_repositories) for n, p in enumerate(places)),
        value=scoring.signal_value([p.value for p in places], rubric) if places else None,
        others=tuple(e for e in rows if e.attribution.share <= 0),
    )


def _in_repository(name: str, rows: Sequence[DossierEvidence], rubric: Rubric) -> InRepository:
    heaviest = sorted(rows, key=lambda e: (-_weight(e, rubric), e.id))
    weights = [_weight(e, rubric) for e in heaviest]
    left = accumulate((1 - min(w, MAX_WEIGHT) for w in weights), mul)
    best = max((e.level for e in rows), key=lambda level: level.rank)
    return InRepository(
        repository=name,
        best_level=best,
        pieces=tuple(_piece(e, rest, rubric) for e, rest in zip(heaviest, left, strict=True)),
        joined=scoring.noisy_or(weights),
        cap=rubric.caps[best],
        value=scoring.signal_in_repository(weights, best, rubric),
        is_counted=True,
    )


def _piece(e: DossierEvidence, left: float, rubric: Rubric) -> Piece:
    identity = rubric.identity[e.attribution.confidence]
    whole = e.attribution.share * identity
    return Piece(
        evidence=e,
        weight=min(_weight(e, rubric), MAX_WEIGHT),
        left=left,
        role=e.factors.attribution / whole if whole else 0.0,
        identity=identity,
        months=_months(e.factors.recency, rubric),
        guards=tuple(name for name, factor in rubric.guards.items() if factor == e.factors.guards),
    )


def _months(recency: float, rubric: Rubric) -> float | None:
    """The age that gives this recency: the inverse of ``scoring.recency``."""
    above = (recency - rubric.recency_floor) / (1 - rubric.recency_floor) if rubric.recency_floor < 1 else 0.0
    return -rubric.half_life_months * math.log2(above) if above > TOLERANCE else None


def _dimension(
    dimension: Dimension,
    signals: Sequence[SignalSteps],
    stored: float | None,
    state: State,
    confidence: Confidence | None,
    rubric: Rubric,
) -> DimensionSteps:
    seen = sorted((s for s in signals if s.value is not None), key=lambda s: (-(s.value or 0), s.score.signal))
    values = [s.value for s in seen if s.value is not None]
    best = max((p.best_level for s in seen for p in s.repositories), key=lambda level: level.rank, default=None)
    is_free = best is Level.LIVED_IN or dimension is Dimension.RESEARCH
    n = len(signals)
    weights = rubric.dimension_weights[: max(1, n)]
    named = [*((s.score.signal, s.value or 0.0) for s in seen), *[("", 0.0)] * len(weights)]
    return DimensionSteps(
        dimension=dimension,
        state=state,
        best_level=best,
        confidence=confidence,
        signals=tuple(signals),
        terms=tuple(Term(w, *rest) for w, rest in zip(weights, named, strict=False)) if seen else (),
        mean=scoring.dimension_value(values, n, lived_in=True, rubric=rubric) if seen else None,
        cap=None if is_free else rubric.without_lived_in,
        value=scoring.dimension_value(values, n, lived_in=is_free, rubric=rubric) if seen else None,
        stored=stored,
    )
