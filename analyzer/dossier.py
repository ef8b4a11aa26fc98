"""Assemble the dossier: rows with their factors, states by signal, repository and dimension, gaps. Pure.

The order of everything is fixed and nothing depends on the order in which repositories were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal
from urllib.parse import quote

from analyzer import identity, scoring
from analyzer.kind import Judged, expected
from analyzer.model import (
    Candidate,
    Confidence,
    Coverage,
    DimensionScore,
    Dossier,
    DossierApi,
    DossierAttribution,
    DossierCandidate,
    DossierEvidence,
    DossierIdentity,
    DossierRepository,
    Finding,
    Gap,
    JsonFacts,
    Profile,
    ProfileCoverage,
    Research,
    RepositoryState,
    Rules,
    SignalInRepository,
    SignalScore,
    State,
)
from signals.base import Signal
from signals.kernel import Failure
from signals.model import ApiRecord, AtCommit, Dimension, Facts, Level, Lines

OPPORTUNITY_MONTHS = 6
MIN_COVERAGE = 0.9
Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RepositoryResult:
    """What was found in one repository.

    ``own_months`` are the months with a commit of the candidate. ``not_checked`` maps a signal to the reason why it could
    not be looked at here; ``first_at`` and ``last_at`` are committer times of all commits.
    """

    full_name: str
    sha: str
    web_url: str | None
    kind: Judged | None
    state: RepositoryState
    reason: str
    commits: int = 0
    candidate_commits: int = 0
    first_day: str | None = None
    last_day: str | None = None
    coverage: Coverage = Coverage(0, 0, 0)
    own_months: int = 0
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    not_checked: Mapping[str, str] = field(default_factory=dict[str, str])
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row needs: the candidate, the day, the active signals, the rubric and the redactor for foreign text."""

    candidate: Candidate
    as_of: date
    signals: tuple[Signal, ...]
    rubric: scoring.Rubric
    clean: Clean


def rules_version(signals: Sequence[Signal]) -> str:
    """A short hash over every signal's id and rule version."""
    text = "\n".join(f"{s.id}@{s.rule.version}" for s in signals)
    return sha256(text.encode()).hexdigest()[:12]


def assemble(frame: Frame, results: Sequence[RepositoryResult], gaps: Sequence[Gap] = ()) -> Dossier:
    """Build the dossier from the repositories' results."""
    repositories = sorted(results, key=lambda r: (r.full_name, r.sha))
    by_id = {s.id: s for s in frame.signals}
    rows = [_row(frame, by_id[f.evidence.signal], r, f) for r in repositories for f in r.findings]
    rows.sort(key=_row_order)
    scores = tuple(_signal_score(frame, signal, repositories, rows) for signal in frame.signals)
    dimensions = tuple(_dimension(frame, d, scores, rows, repositories) for d in Dimension if d is not Dimension.RESEARCH)
    research = [s for s in scores if s.dimension is Dimension.RESEARCH]
    return Dossier(
        candidate=_candidate(frame.candidate),
        as_of=frame.as_of.isoformat(),
        rules=Rules(rules_version(frame.signals), frame.rubric.version),
        repositories=tuple(_repository(r) for r in repositories),
        evidence=tuple(rows),
        signals=scores,
        dimensions=dimensions,
        research=Research(
            value=_research_value(frame, research), signals=tuple(s.signal for s in research)
        ),
        profile=_profile(dimensions, research, rows),
        gaps=_gaps(repositories, gaps, frame.clean),
    )


def _candidate(candidate: Candidate) -> DossierCandidate:
    return DossierCandidate(
        candidate.login,
        tuple(
            sorted(
                (
                    DossierIdentity(identity.email_hash(candidate.login, i.email), i.source, i.confidence)
                    for i in candidate.identities
                ),
                key=lambda i: i.email_hash,
            )
        ),
    )


def _repository(r: RepositoryResult) -> DossierRepository:
    return DossierRepository(
        full_name=r.full_name,
        sha=r.sha,
        kind=r.kind.kind.value if r.kind else "unknown",
        kind_reasons=r.kind.reasons if r.kind else (),
        commits=r.commits,
        candidate_commits=r.candidate_commits,
        first_commit=r.first_day,
        last_commit=r.last_day,
        state=r.state,
        reason=r.reason,
        coverage=r.coverage,
    )


# --- rows ------------------------------------------------------------------


def evidence_id(signal: Signal, repository: str, finding: Finding) -> str:
    """A hash of signal, repository, place, blob and rule version: 16 hex digits."""
    place = finding.evidence.place
    if isinstance(place, Lines):
        where = f"{place.path}\0{place.start}-{place.end}"
    elif isinstance(place, AtCommit):
        where = place.sha
    else:
        where = f"{place.kind}\0{place.id}"
    text = "\0".join((signal.id, repository, where, finding.evidence.blob, str(signal.rule.version)))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _row(frame: Frame, signal: Signal, repository: RepositoryResult, finding: Finding) -> DossierEvidence:
    evidence, part, place = finding.evidence, finding.attribution, finding.evidence.place
    lines = place if isinstance(place, Lines) else None
    factors = scoring.factors(
        level=finding.level,
        attribution=part,
        path_class=evidence.path_class,
        dimension=signal.dimension,
        last_changed_at=finding.last_changed_at,
        guards=evidence.guards,
        as_of=frame.as_of,
        rubric=frame.rubric,
    )
    return DossierEvidence(
        id=evidence_id(signal, repository.full_name, finding),
        signal=signal.id,
        dimension=signal.dimension,
        repository=repository.full_name,
        place_kind="lines" if lines else "commit" if isinstance(place, AtCommit) else "api",
        sha=lines.sha if lines else None,
        path=lines.path if lines else None,
        line_start=lines.start if lines else None,
        line_end=lines.end if lines else None,
        more_lines=lines.more if lines else (),
        commit=place.sha if isinstance(place, AtCommit) else None,
        api=DossierApi(place.kind, place.id, place.url, place.at) if isinstance(place, ApiRecord) else None,
        supports=finding.supports,
        content_level="used" if finding.shown is Level.USED else "declared",
        level=finding.level,
        caps=finding.caps,
        path_class=evidence.path_class,
        attribution=DossierAttribution(
            part.share, part.role, part.identity, part.method, part.confidence, part.reason
        ),
        weight=scoring.weight(factors),
        factors=factors,
        message=frame.clean(evidence.message),
        snippet=frame.clean(evidence.snippet),
        facts=_facts(finding.facts, frame.clean),
        url=_url(repository.web_url, place),
    )


def _facts(facts: Facts, clean: Clean) -> JsonFacts:
    cleaned: dict[str, str | int | float | bool | None | tuple[str, ...]] = {}
    for name in sorted(facts):
        value = facts[name]
        if isinstance(value, str):
            cleaned[name] = clean(value)
        elif value is None or isinstance(value, bool | int | float):
            cleaned[name] = value
        else:
            cleaned[name] = tuple(clean(item) for item in value)
    return cleaned


def _url(web_url: str | None, place: Lines | AtCommit | ApiRecord) -> str | None:
    if isinstance(place, ApiRecord):
        return place.url
    if web_url is None:
        return None
    if isinstance(place, AtCommit):
        return f"{web_url}/commit/{place.sha}"
    path = quote(place.path.encode("utf-8", "surrogateescape"))
    plain = "?plain=1" if path.lower().endswith((".md", ".mdx", ".rst", ".ipynb")) else ""
    end = f"-L{place.end}" if place.end != place.start else ""
    return f"{web_url}/blob/{place.sha}/{path}{plain}#L{place.start}{end}"


def _row_order(row: DossierEvidence) -> tuple[object, ...]:
    dimension = list(Dimension).index(row.dimension)
    return (row.repository, dimension, row.signal, row.path or "", row.line_start or 0, row.commit or "", row.id)


# --- signals and dimensions ------------------------------------------------


def _signal_score(
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


def _in_repository(
    signal: Signal, repository: RepositoryResult, rows: Sequence[DossierEvidence]
) -> SignalInRepository:
    own = [row for row in rows if row.attribution.share > 0]
    level: Literal["declared", "used"] | None = None
    if rows:
        level = "used" if any(row.content_level == "used" for row in rows) else "declared"
    state, reason = _state_in(signal, repository, n_own=len(own), n_all=len(rows))
    return SignalInRepository(repository.full_name, state, level, len(own), reason)


def _state_in(signal: Signal, r: RepositoryResult, n_own: int, n_all: int) -> tuple[State, str]:
    if n_own:
        return State.OBSERVED, f"{n_own} piece{'s' if n_own > 1 else ''} of evidence by this person"
    if r.state in ("skipped", "failed"):
        return State.NOT_CHECKED, r.reason
    if signal.id in r.not_checked:
        return State.NOT_CHECKED, r.not_checked[signal.id]
    others = f"{n_all} present, none of it by this person" if n_all else "nothing found"
    if r.candidate_commits == 0:
        return State.NOT_OBSERVED, f"{others}; this person has no commit here"
    if r.kind is None or not expected(r.kind.kind, signal.dimension):
        kind = r.kind.kind.value if r.kind else "unknown"
        return State.NOT_OBSERVED, f"{others}; a repository of kind {kind} is no place to expect it"
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
    months = sum(r.own_months for r in repositories if r.kind and expected(r.kind.kind, signal.dimension))
    if months >= OPPORTUNITY_MONTHS:
        return State.ABSENT, f"looked in every repository; {months} active months where it could be expected"
    return State.NOT_OBSERVED, "no public repository where it could be expected for six months or more"


def _dimension(
    frame: Frame,
    dimension: Dimension,
    scores: Sequence[SignalScore],
    rows: Sequence[DossierEvidence],
    repositories: Sequence[RepositoryResult],
) -> DimensionScore:
    inside = [s for s in scores if s.dimension is dimension]
    own = [row for row in rows if row.dimension is dimension and row.attribution.share > 0]
    best = max((row.level for row in own), key=lambda level: level.rank, default=None)
    state = _worst_first(inside)
    value = None
    if state is State.OBSERVED:
        values = [s.value for s in inside if s.value is not None]
        value = scoring.dimension_value(values, len(inside), best is Level.LIVED_IN, frame.rubric)
    return DimensionScore(
        dimension=dimension,
        state=state,
        value=value,
        best_level=best,
        confidence=_confidence(dimension, own, repositories) if state is State.OBSERVED else None,
        signals=tuple(s.signal for s in inside),
    )


def _worst_first(scores: Iterable[SignalScore]) -> State:
    states = {s.state for s in scores}
    for state in (State.OBSERVED, State.NOT_CHECKED, State.NOT_OBSERVED):
        if state in states:
            return state
    return State.ABSENT if states else State.NOT_CHECKED


def _confidence(
    dimension: Dimension, own: Sequence[DossierEvidence], repositories: Sequence[RepositoryResult]
) -> Confidence:
    seen = {row.repository for row in own}
    identity_factor = max(_IDENTITY[row.attribution.confidence] for row in own)
    places = [r for r in repositories if r.full_name in seen or (r.kind and expected(r.kind.kind, dimension))]
    return scoring.confidence(
        months=sum(r.own_months for r in places),
        coverage=min((_covered(r.coverage) for r in places), default=0.0),
        identity=identity_factor,
    )


_IDENTITY = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.85, Confidence.LOW: 0.5}


def _covered(coverage: Coverage) -> float:
    return coverage.read / coverage.eligible if coverage.eligible else 1.0


def _research_value(frame: Frame, research: Sequence[SignalScore]) -> float | None:
    values = [s.value for s in research if s.value is not None]
    return scoring.dimension_value(values, len(research), True, frame.rubric) if values else None


# --- words -----------------------------------------------------------------


def _profile(
    dimensions: Sequence[DimensionScore], research: Sequence[SignalScore], rows: Sequence[DossierEvidence]
) -> Profile:
    observed = [d for d in dimensions if d.state is State.OBSERVED]
    of = sum(bool(d.signals) for d in dimensions)
    return Profile(_summary(observed, research, rows), (), ProfileCoverage(len(observed), of))


def _summary(
    observed: Sequence[DimensionScore], research: Sequence[SignalScore], rows: Sequence[DossierEvidence]
) -> str:
    lived = [d.dimension.value.replace("_", " ") for d in observed if d.best_level is Level.LIVED_IN]
    if lived:
        return f"Kept changing over months or taken back and repaired: {', '.join(lived)}."
    if observed:
        names = ", ".join(d.dimension.value.replace("_", " ") for d in observed)
        return f"Present but not shown in use over time: {names}."
    if any(s.state is State.OBSERVED for s in research):
        return "The public work is research-style; it offers little room to look for operations."
    if any(row.attribution.share == 0 for row in rows):
        return "Evidence exists in these repositories, but none of it is by this person."
    return "Too little public work by this person in these repositories to say anything."


def _gaps(repositories: Sequence[RepositoryResult], more: Sequence[Gap], clean: Clean) -> tuple[Gap, ...]:
    gaps = [*more]
    for r in repositories:
        gaps.extend(r.gaps)
        for failure in r.failures:
            where = failure.path or (f"commit {failure.sha[:12]}" if failure.sha else "")
            gaps.append(Gap(what=clean(where) or "signal", repository=r.full_name, signal=failure.signal, reason=failure.reason))
        gaps.extend(
            Gap("signal", r.full_name, signal, reason)
            for signal, reason in r.not_checked.items()
            if not any(f.signal == signal for f in r.failures)
        )
    return tuple(sorted(set(gaps), key=lambda g: (g.repository, g.what, g.signal, g.reason)))
