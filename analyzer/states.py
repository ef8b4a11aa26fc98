"""The four states by signal, repository and dimension, and the values of what was observed. Pure.

``absent`` is said only where somebody looked well and there was room: six months of the person's activity in
repositories of a kind where the thing can be expected, and files that could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from analyzer import scoring
from analyzer.frame import Frame, RepositoryResult
from analyzer.kind import why_not_here
from analyzer.model import Confidence, Coverage, DimensionScore, DossierEvidence, SignalInRepository, SignalScore, State
from signals.base import Signal
from signals.model import Dimension, Level, Room
from signals.wording import counted

OPPORTUNITY_MONTHS = 6


def of_signal(
    frame: Frame, signal: Signal, repositories: Sequence[RepositoryResult], rows: Sequence[DossierEvidence]
) -> SignalScore:
    mine = [row for row in rows if row.signal == signal.id]
    entries = tuple(_in_repository(signal, r, [m for m in mine if m.repository == r.full_name]) for r in repositories)
    state, reason = _state_over(signal, repositories, entries)
    value = _signal_value(frame, mine) if state is State.OBSERVED else None
    return SignalScore(
        signal=signal.id,
        dimension=signal.dimension,
        state=state,
        value=value,
        evidence=tuple(row.id for row in mine if row.attribution.share > 0),
        by_repository=entries,
        reason=reason,
    )


def _signal_value(frame: Frame, rows: Sequence[DossierEvidence]) -> float:
    values: list[float] = []
    for name in sorted({row.repository for row in rows}):
        own = [row for row in rows if row.repository == name and row.attribution.share > 0]
        if own:
            best = max((row.level for row in own), key=lambda level: level.rank)
            values.append(scoring.signal_in_repository([row.weight for row in own], best, frame.rubric))
    return scoring.signal_value(values, frame.rubric)


def _in_repository(signal: Signal, repository: RepositoryResult, rows: Sequence[DossierEvidence]) -> SignalInRepository:
    own = [row for row in rows if row.attribution.share > 0]
    level: Literal["declared", "used"] | None = None
    if rows:
        level = "used" if any(row.content_level == "used" for row in rows) else "declared"
    state, reason = _state_in(signal, repository, n_own=len(own), n_all=len(rows))
    return SignalInRepository(repository.full_name, state, level, len(own), reason)


def _state_in(signal: Signal, r: RepositoryResult, n_own: int, n_all: int) -> tuple[State, str]:
    if n_own:
        return State.OBSERVED, f"{counted(n_own, 'piece')} of evidence by this person"
    if r.state in ("skipped", "failed"):
        return State.NOT_CHECKED, r.reason
    if signal.id in r.not_checked:
        return State.NOT_CHECKED, r.not_checked[signal.id]
    others = f"{n_all:,} present, none of it by this person" if n_all else "nothing found"
    if r.candidate_commits == 0:
        return State.NOT_OBSERVED, f"{others}; this person has no commit here"
    if why_not := why_not_here(r.kind, signal.dimension, signal.rule.room):
        return State.NOT_OBSERVED, f"{others}; {why_not}"
    if r.own_months < OPPORTUNITY_MONTHS:
        return State.NOT_OBSERVED, f"{others}; active here in only {r.own_months} months"
    return State.ABSENT, f"{others}, though this person was active here in {r.own_months} months"


def _state_over(
    signal: Signal, repositories: Sequence[RepositoryResult], entries: Sequence[SignalInRepository]
) -> tuple[State, str]:
    states = [entry.state for entry in entries]
    if State.OBSERVED in states:
        n = states.count(State.OBSERVED)
        return State.OBSERVED, f"seen in {n} of {len(entries)} repositories"
    if State.NOT_CHECKED in states:
        return State.NOT_CHECKED, next(e.reason for e in entries if e.state is State.NOT_CHECKED)
    places = [r for r in repositories if not why_not_here(r.kind, signal.dimension, signal.rule.room)]
    months = sum(r.own_months for r in places)
    if months >= OPPORTUNITY_MONTHS:
        return (
            State.ABSENT,
            f"looked in every repository; {months} months of activity, added up over those where it could be expected",
        )
    return State.NOT_OBSERVED, "no public repository where it could be expected for six months or more"


def of_dimension(
    frame: Frame,
    dimension: Dimension,
    scores: Sequence[SignalScore],
    rows: Sequence[DossierEvidence],
    repositories: Sequence[RepositoryResult],
) -> DimensionScore:
    inside = [s for s in scores if s.dimension is dimension]
    own = [row for row in rows if row.dimension is dimension and row.attribution.share > 0]
    best = max((row.level for row in own), key=lambda level: level.rank, default=None)
    state = State.of_all(s.state for s in inside)
    value = None
    if state is State.OBSERVED:
        values = [s.value for s in inside if s.value is not None]
        value = scoring.dimension_value(values, len(inside), best is Level.LIVED_IN, frame.rubric)
    return DimensionScore(
        dimension=dimension,
        state=state,
        value=value,
        best_level=best,
        confidence=_confidence(frame, dimension, own, repositories) if state is State.OBSERVED else None,
        signals=tuple(s.signal for s in inside),
    )


def _confidence(
    frame: Frame, dimension: Dimension, own: Sequence[DossierEvidence], repositories: Sequence[RepositoryResult]
) -> Confidence:
    seen = {row.repository for row in own}
    identity_factor = max(frame.rubric.identity[row.attribution.confidence] for row in own)
    places = [r for r in repositories if r.full_name in seen or not why_not_here(r.kind, dimension, Room.CODE)]
    return scoring.confidence(
        months=sum(r.own_months for r in places),
        coverage=min((_covered(r.coverage) for r in places), default=0.0),
        identity=identity_factor,
        whole=any(row.factors.path_class >= 1 for row in own),
    )


def _covered(coverage: Coverage) -> float:
    return coverage.read / coverage.eligible if coverage.eligible else 1.0


def of_research(frame: Frame, research: Sequence[SignalScore]) -> float | None:
    values = [s.value for s in research if s.value is not None]
    return scoring.dimension_value(values, len(research), True, frame.rubric) if values else None
