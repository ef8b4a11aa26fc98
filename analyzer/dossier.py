"""Assemble the dossier: rows with their factors, states by signal, repository and dimension, gaps. Pure.

The order of everything is fixed and nothing depends on the order in which repositories were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

from analyzer import badges, identity, opening, scoring, states
from analyzer.frame import Clean, Frame, RepositoryResult
from analyzer.model import (
    Candidate,
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
    Rules,
    State,
)
from signals.base import ContentRule, Signal
from signals.model import ApiRecord, AtCommit, Dimension, Facts, Level, Lines, PathClass


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
    scores = tuple(states.of_signal(frame, signal, repositories, rows) for signal in frame.signals)
    dimensions = tuple(
        states.of_dimension(frame, d, scores, rows, repositories) for d in Dimension if d is not Dimension.RESEARCH
    )
    research = [s for s in scores if s.dimension is Dimension.RESEARCH]
    dossier = Dossier(
        candidate=_candidate(frame.candidate),
        as_of=frame.as_of.isoformat(),
        rules=Rules(rules_version(frame.signals), frame.rubric.version),
        repositories=tuple(_repository(r) for r in repositories),
        evidence=tuple(rows),
        signals=scores,
        dimensions=dimensions,
        research=Research(value=states.of_research(frame, research), signals=tuple(s.signal for s in research)),
        profile=Profile("", (), ProfileCoverage(0, 0)),
        gaps=_gaps(repositories, gaps, frame.clean),
    )
    return replace(dossier, profile=_profile(dossier))


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
        path_class=None if evidence.path_class in _whole_in(signal) else evidence.path_class,
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
        attribution=DossierAttribution(part.share, part.role, part.identity, part.method, part.confidence, part.reason),
        weight=scoring.weight(factors),
        factors=factors,
        message=frame.clean(f"{evidence.message} {finding.history}".rstrip()),
        snippet=frame.clean(evidence.snippet),
        facts=_facts(finding.facts, frame.clean),
        url=_url(repository.web_url, place, part.lines),
    )


def _whole_in(signal: Signal) -> frozenset[PathClass]:
    return signal.rule.whole_in if isinstance(signal.rule, ContentRule) else frozenset()


def _facts(facts: Facts, clean: Clean) -> JsonFacts:
    cleaned: dict[str, str | int | float | bool | tuple[str, ...] | None] = {}
    for name in sorted(facts):
        value = facts[name]
        if isinstance(value, str):
            cleaned[name] = clean(value)
        elif value is None or isinstance(value, bool | int | float):
            cleaned[name] = value
        else:
            cleaned[name] = tuple(clean(item) for item in value)
    return cleaned


def _url(web_url: str | None, place: Lines | AtCommit | ApiRecord, own: Sequence[int]) -> str | None:
    """Where the evidence can be read; the person's first line of it where the place starts with somebody else's."""
    if isinstance(place, ApiRecord):
        return place.url
    if web_url is None:
        return None
    if isinstance(place, AtCommit):
        return f"{web_url}/commit/{place.sha}"
    path = quote(place.path.encode("utf-8", "surrogateescape"))
    plain = "?plain=1" if path.lower().endswith((".md", ".mdx", ".rst", ".ipynb")) else ""
    lines = f"L{place.start}" if place.end == place.start else f"L{place.start}-L{place.end}"
    if own and not any(place.start <= line <= place.end for line in own):
        lines = f"L{own[0]}"
    return f"{web_url}/blob/{place.sha}/{path}{plain}#{lines}"


def _row_order(row: DossierEvidence) -> tuple[object, ...]:
    dimension = list(Dimension).index(row.dimension)
    return (row.repository, dimension, row.signal, row.path or "", row.line_start or 0, row.commit or "", row.id)


# --- words -----------------------------------------------------------------


def _profile(dossier: Dossier) -> Profile:
    observed = sum(d.state is State.OBSERVED for d in dossier.dimensions)
    of = sum(bool(d.signals) for d in dossier.dimensions)
    given = tuple(badge.badge for badge in badges.judge(dossier) if badge.is_given)
    return Profile(opening.of(dossier).headline, given, ProfileCoverage(observed, of))


def _gaps(repositories: Sequence[RepositoryResult], more: Sequence[Gap], clean: Clean) -> tuple[Gap, ...]:
    gaps = [*more]
    for r in repositories:
        gaps.extend(r.gaps)
        for failure in r.failures:
            where = failure.path or (f"commit {failure.sha[:12]}" if failure.sha else "")
            gaps.append(
                Gap(what=clean(where) or "signal", repository=r.full_name, signal=failure.signal, reason=failure.reason)
            )
        gaps.extend(
            Gap("signal", r.full_name, signal, reason)
            for signal, reason in r.not_checked.items()
            if not any(f.signal == signal for f in r.failures)
        )
    return tuple(sorted(set(gaps), key=lambda g: (g.repository, g.what, g.signal, g.reason)))
