"""Rows of the newest run as a dossier again: the inverse of ``rows.py``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from analyzer.model import (
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
    Factors,
    Gap,
    IdentitySource,
    JsonFacts,
    Profile,
    ProfileCoverage,
    Research,
    Role,
    Rules,
    SignalInRepository,
    SignalScore,
    State,
)
from analyzer.store import people
from analyzer.store.rows import COLUMNS
from signals.model import Dimension, Level, PathClass

Named = dict[str, Any]


class _Newest(NamedTuple):
    """The candidate with the newest run, and the names of its repositories by key."""

    login: str
    candidate_id: int
    run: Named
    repositories: Mapping[int, str]


def weights(connection: DuckDBPyConnection, version: str) -> Mapping[tuple[str, str], float]:
    """The rubric's weights by section and name."""
    sql = "SELECT section, name, value FROM rubric_weight WHERE rubric_version = ? ORDER BY ALL"
    return {(section, name): value for section, name, value in connection.execute(sql, [version]).fetchall()}


def read(connection: DuckDBPyConnection, login: str) -> Dossier:
    """The dossier of the candidate's newest run. Raises :class:`UnknownCandidate`."""
    candidate_id, login = people.find(connection, login)
    run = next(_rows(connection, "run", "candidate_id", candidate_id, order="run_id DESC"))
    repositories = list(_rows(connection, "repository", "candidate_id", candidate_id))
    newest = _Newest(login, candidate_id, run, {r["repository_id"]: r["full_name"] for r in repositories})
    return Dossier(
        candidate=DossierCandidate(newest.login, _identities(connection, newest)),
        as_of=run["as_of"].isoformat(),
        rules=Rules(run["rules_version"], run["rubric_version"]),
        repositories=tuple(_repository(r) for r in repositories),
        evidence=_evidence(connection, newest),
        signals=_signals(connection, newest),
        dimensions=_dimensions(connection, newest),
        research=Research(run["research_value"], tuple(run["research_signals"])),
        profile=Profile(
            run["summary"], tuple(run["badges"]), ProfileCoverage(run["n_dimensions_observed"], run["n_dimensions"])
        ),
        gaps=tuple(
            Gap(g["what"], g["repository"], g["signal"], g["reason"])
            for g in _rows(connection, "gap", "candidate_id", candidate_id)
        ),
    )


def _rows(connection: DuckDBPyConnection, table: str, key: str, value: int, order: str = "ordinal") -> Iterator[Named]:
    """The rows of a table with a key, each as a mapping from column to value."""
    columns = COLUMNS[table]
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = ? ORDER BY {order}"  # noqa: S608  (names of ours)
    for row in connection.execute(sql, [value]).fetchall():
        yield dict(zip(columns, row, strict=True))


def _identities(connection: DuckDBPyConnection, newest: _Newest) -> tuple[DossierIdentity, ...]:
    return tuple(
        DossierIdentity(i["email_hash"], IdentitySource(i["source"]), Confidence(i["confidence"]))
        for i in _rows(connection, "identity", "candidate_id", newest.candidate_id)
    )


def _repository(r: Named) -> DossierRepository:
    return DossierRepository(
        full_name=r["full_name"],
        sha=r["sha"],
        kind=r["kind"],
        kind_reasons=tuple(r["kind_reasons"]),
        commits=r["n_commits"],
        candidate_commits=r["n_candidate_commits"],
        first_commit=_day(r["first_commit"]),
        last_commit=_day(r["last_commit"]),
        state=r["state"],
        reason=r["reason"],
        coverage=Coverage(r["n_eligible"], r["n_read"], r["n_failed"]),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _evidence(connection: DuckDBPyConnection, newest: _Newest) -> tuple[DossierEvidence, ...]:
    supports: defaultdict[str, list[str]] = defaultdict(list)
    for link in _rows(connection, "evidence_link", "candidate_id", newest.candidate_id):
        if link["kind"] == "supports":
            supports[link["from_id"]].append(link["to_id"])
    return tuple(
        _piece(e, newest.repositories[e["repository_id"]], supports[e["evidence_id"]])
        for e in _rows(connection, "evidence", "candidate_id", newest.candidate_id)
    )


def _piece(e: Named, repository: str, supports: Sequence[str]) -> DossierEvidence:
    api = DossierApi(e["api_kind"], e["api_id"], e["api_url"], e["api_at"]) if e["api_kind"] is not None else None
    return DossierEvidence(
        id=e["evidence_id"],
        signal=e["signal"],
        dimension=Dimension(e["dimension"]),
        repository=repository,
        place_kind=e["place_kind"],
        sha=e["sha"],
        path=e["path"],
        line_start=e["line_start"],
        line_end=e["line_end"],
        more_lines=tuple(e["more_lines"]),
        commit=e["commit_sha"],
        api=api,
        supports=tuple(supports),
        content_level=e["content_level"],
        level=Level(e["level"]),
        caps=tuple(e["caps"]),
        path_class=PathClass(e["path_class"]) if e["path_class"] else None,
        attribution=_attribution(e),
        weight=e["weight"],
        factors=Factors(
            level=e["factor_level"],
            attribution=e["factor_attribution"],
            path_class=e["factor_path_class"],
            recency=e["factor_recency"],
            guards=e["factor_guards"],
        ),
        message=e["message"],
        snippet=e["snippet"],
        facts=_facts(e["facts"]),
        url=e["url"],
    )


def _attribution(e: Named) -> DossierAttribution:
    return DossierAttribution(
        share=e["share"],
        role=Role(e["role"]),
        identity=IdentitySource(e["identity"]) if e["identity"] else None,
        method=e["method"],
        confidence=Confidence(e["confidence"]),
        reason=e["attribution_reason"],
    )


def _facts(text: str) -> JsonFacts:
    facts: dict[str, str | int | float | bool | list[str] | None] = json.loads(text)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}


def _signals(connection: DuckDBPyConnection, newest: _Newest) -> tuple[SignalScore, ...]:
    places: defaultdict[str, list[SignalInRepository]] = defaultdict(list)
    for p in _rows(connection, "signal_repository", "candidate_id", newest.candidate_id, order="signal, ordinal"):
        name = newest.repositories[p["repository_id"]]
        places[p["signal"]].append(
            SignalInRepository(name, State(p["state"]), p["content_level"], p["n_evidence"], p["reason"])
        )
    return tuple(
        SignalScore(
            signal=s["signal"],
            dimension=Dimension(s["dimension"]),
            state=State(s["state"]),
            value=s["value"],
            evidence=tuple(s["evidence_ids"]),
            by_repository=tuple(places[s["signal"]]),
            reason=s["reason"],
        )
        for s in _rows(connection, "signal_score", "run_id", newest.run["run_id"])
    )


def _dimensions(connection: DuckDBPyConnection, newest: _Newest) -> tuple[DimensionScore, ...]:
    return tuple(
        DimensionScore(
            dimension=Dimension(d["dimension"]),
            state=State(d["state"]),
            value=d["value"],
            best_level=Level(d["best_level"]) if d["best_level"] else None,
            confidence=Confidence(d["confidence"]) if d["confidence"] else None,
            signals=tuple(d["signals"]),
        )
        for d in _rows(connection, "dimension_score", "run_id", newest.run["run_id"])
    )
