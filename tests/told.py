"""Dossiers in a line or two, for the tests of what is told to people: openings, badges, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from analyzer.model import DimensionScore, Dossier, DossierEvidence, DossierRepository, JsonFacts, SignalScore, State
from signals.base import active
from signals.model import Dimension, Level, PathClass
from tests.report.sample import ALERTS, PREDICTOR, dossier

DIMENSIONS: Mapping[str, Dimension] = {s.id: s.dimension for s in active()}
WEIGHTS = {Level.DECLARED: 0.08, Level.USED: 0.3, Level.LIVED_IN: 0.7}


def repository(name: str = "acme/predictor", kind: str = "service", own: int = 80, of: int = 100) -> DossierRepository:
    """A readable repository of a kind, with the person's commits and all."""
    return replace(PREDICTOR, full_name=name, kind=kind, candidate_commits=own, commits=of)


def row(
    signal: str,
    level: Level = Level.LIVED_IN,
    at: str = "acme/predictor",
    share: float = 1.0,
    path_class: PathClass | None = PathClass.CODE,
    **facts: str | int,
) -> DossierEvidence:
    """A piece of evidence; its weight is that of its level."""
    made: JsonFacts = dict(facts)
    return replace(
        ALERTS,
        id=sha256(f"{signal} {at} {level} {share}".encode()).hexdigest()[:16],
        signal=signal,
        dimension=DIMENSIONS[signal],
        repository=at,
        level=level,
        content_level="declared" if level is Level.DECLARED else "used",
        attribution=replace(ALERTS.attribution, share=share),
        path_class=path_class,
        weight=WEIGHTS[level] * share,
        message=f"What {signal} found",
        facts=made,
    )


def months(n: int, level: Level = Level.USED, at: str = "acme/predictor") -> DossierEvidence:
    """Months of activity from January 2024 on, every second one."""
    last = f"{2024 + (2 * n - 2) // 12}-{(2 * n - 2) % 12 + 1:02}-15"
    return row("active-months", level, at, path_class=None, months=n, first="2024-01-15", last=last)


def told(*rows: DossierEvidence, repositories: tuple[DossierRepository, ...] = (repository(),)) -> Dossier:
    """A dossier with this evidence; a signal and a dimension are observed where a row is the person's."""
    seen = {r.signal for r in rows if r.attribution.share > 0}

    def state(is_seen: bool) -> State:
        return State.OBSERVED if is_seen else State.NOT_OBSERVED

    return replace(
        dossier(),
        repositories=repositories,
        evidence=rows,
        signals=tuple(SignalScore(s.id, s.dimension, state(s.id in seen), None, (), (), "") for s in active()),
        dimensions=tuple(_dimension(d, rows) for d in Dimension if d is not Dimension.RESEARCH),
    )


def _dimension(dimension: Dimension, rows: tuple[DossierEvidence, ...]) -> DimensionScore:
    levels = [r.level for r in rows if r.dimension is dimension and r.attribution.share > 0]
    best = max(levels, key=lambda level: level.rank, default=None)
    inside = tuple(s.id for s in active() if s.dimension is dimension)
    confidence = ALERTS.attribution.confidence if best else None
    return DimensionScore(dimension, State.OBSERVED if best else State.NOT_OBSERVED, None, best, confidence, inside)
