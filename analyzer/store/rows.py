"""A dossier and its facts as rows of the tables. Pure.

Text is made storable on the way: DuckDB takes UTF-8 only, while paths and messages may hold any byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from analyzer.model import (
    ActivityRow,
    ChangeRow,
    CommitRow,
    Dossier,
    DossierEvidence,
    DossierRepository,
    RefRow,
    RunInfo,
    SignalScore,
)
from analyzer.told import Badge

if TYPE_CHECKING:
    from signals.base import Signal

Value = str | int | float | bool | date | Sequence[str] | Sequence[int] | None
Row = tuple[Value, ...]

_YEAR_2100 = 4_102_444_800
_SURROGATE = re.compile("[\ud800-\udfff]")
_COLUMNS = {
    "identity": "candidate_id ordinal email_hash source confidence",
    "run": """run_id candidate_id as_of rules_version rubric_version tool_version started_at finished_at research_value
        research_signals summary badges n_dimensions_observed n_dimensions source_state""",
    "repository": """repository_id candidate_id ordinal full_name sha kind kind_reasons n_commits n_candidate_commits
        first_commit last_commit state reason n_eligible n_read n_failed""",
    "commit_fact": """repository_id sha authored_at committed_at month kind role is_merge is_trivial n_changes added
        deleted subject""",
    "change_fact": "repository_id sha path status old_blob new_blob path_class is_ops added deleted",
    "path_activity": "repository_id path path_class is_ops month by_candidate n_commits added deleted",
    "ref": "repository_id name sha tagged_at",
    "release": "repository_id api_id tag sha is_prerelease published_at by_candidate url",
    "deployment": """repository_id api_id environment task sha state started_at finished_at by_candidate
        environment_url""",
    "issue_response": """repository_id number opened_at closed_at answered_at answered_by_candidate hours url""",
    "repository_context": "repository_id n_stars created_on language",
    "contribution": """candidate_id full_name kind api_id number title opened_by is_owner happened_at merged_at
        merge_sha n_changes added deleted url""",
    "evidence": """candidate_id repository_id evidence_id ordinal signal dimension place_kind sha path line_start
        line_end more_lines commit_sha api_kind api_id api_url api_at content_level level caps path_class share role
        identity method confidence attribution_reason factor_level factor_attribution factor_path_class factor_recency
        factor_guards weight message snippet facts url""",
    "evidence_link": "candidate_id from_id to_id kind ordinal hours",
    "gap": "candidate_id ordinal what repository signal reason",
    "signal": "signal dimension kind version title proves page",
    "signal_repository": "candidate_id repository_id signal ordinal state content_level n_evidence reason",
    "signal_score": "run_id candidate_id signal ordinal dimension state value evidence_ids reason",
    "dimension_score": "run_id candidate_id dimension ordinal state value best_level confidence signals",
    "badge": "run_id candidate_id badge ordinal title is_given gates",
    "rubric_weight": "rubric_version section name value",
}
COLUMNS: Mapping[str, list[str]] = {table: names.split() for table, names in _COLUMNS.items()}
"""The columns of every table that rows are made for, in the order of the rows; columns added later have defaults."""


def storable(text: str) -> str:
    r"""Text as UTF-8 can hold it: a byte that was none stands as ``\udcXX``."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _texts(texts: Iterable[str]) -> list[str]:
    return [storable(text) for text in texts]


def _optional(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _moment(at: int | None) -> datetime | None:
    """Seconds since the epoch as naive UTC; None for a date that cannot be, such as the year 318857."""
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None) if at is not None and 0 < at < _YEAR_2100 else None


def _naive(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


# --- the run ---------------------------------------------------------------


def of_identities(dossier: Dossier, candidate_id: int) -> Iterator[Row]:
    """Rows of ``identity``."""
    for n, identity in enumerate(dossier.candidate.identities, 1):
        yield candidate_id, n, identity.email_hash, identity.source.value, identity.confidence.value


def of_run(dossier: Dossier, run: RunInfo, run_id: int, candidate_id: int, source_state: str | None) -> Row:
    """The row of ``run``."""
    coverage = dossier.profile.coverage
    return (
        *(run_id, candidate_id, dossier.as_of, dossier.rules.version, dossier.rules.rubric, run.tool_version),
        *(_naive(run.started_at), _naive(run.finished_at), dossier.research.value, list(dossier.research.signals)),
        *(storable(dossier.profile.summary), list(dossier.profile.badges), coverage.observed, coverage.of),
        source_state,
    )


def of_repository(r: DossierRepository, ordinal: int, repository_id: int, candidate_id: int) -> Row:
    """The row of ``repository``."""
    return (
        *(repository_id, candidate_id, ordinal, storable(r.full_name), r.sha, r.kind, _texts(r.kind_reasons)),
        *(r.commits, r.candidate_commits, r.first_commit, r.last_commit, r.state, storable(r.reason)),
        *(r.coverage.eligible, r.coverage.read, r.coverage.failed),
    )


# --- facts -----------------------------------------------------------------


def of_commits(commits: Iterable[CommitRow], repository_id: int) -> Iterator[Row]:
    """Rows of ``commit_fact``."""
    for c in commits:
        yield (
            *(repository_id, c.sha, _moment(c.authored_at), _moment(c.committed_at), c.month or None, c.kind, c.role),
            *(c.is_merge, c.is_trivial, c.n_changes, c.added, c.deleted, storable(c.subject)),
        )


def of_changes(changes: Iterable[ChangeRow], repository_id: int) -> Iterator[Row]:
    """Rows of ``change_fact``."""
    for sha, path, *rest in changes:
        yield (repository_id, sha, storable(path), *rest)


def of_activity(activity: Iterable[ActivityRow], repository_id: int) -> Iterator[Row]:
    """Rows of ``path_activity``; spelled out because there are hundreds of thousands."""
    for path, path_class, is_ops, month, by_candidate, n_commits, added, deleted in activity:
        text = path if path.isascii() else storable(path)
        yield repository_id, text, path_class, is_ops, month or None, by_candidate, n_commits, added, deleted


def of_refs(refs: Iterable[RefRow], repository_id: int) -> Iterator[Row]:
    """Rows of ``ref``."""
    for ref in refs:
        yield repository_id, storable(ref.name), ref.sha, _moment(ref.tagged_at)


# --- evidence --------------------------------------------------------------


def of_evidence(e: DossierEvidence, ordinal: int, repository_id: int, candidate_id: int) -> Row:
    """A row of ``evidence``."""
    api = (e.api.kind, e.api.id, e.api.url, e.api.at) if e.api else (None, None, None, None)
    part, factors = e.attribution, e.factors
    return (
        *(candidate_id, repository_id, e.id, ordinal, e.signal, e.dimension.value, e.place_kind),
        *(e.sha, _optional(e.path), e.line_start, e.line_end, list(e.more_lines), e.commit, *map(_optional, api)),
        *(e.content_level, e.level.value, list(e.caps), e.path_class.value if e.path_class else None),
        *(part.share, part.role.value, part.identity.value if part.identity else None, part.method),
        *(part.confidence.value, storable(part.reason)),
        *(factors.level, factors.attribution, factors.path_class, factors.recency, factors.guards, e.weight),
        *(storable(e.message), storable(e.snippet), facts_json(e.facts), _optional(e.url)),
    )


def facts_json(facts: Mapping[str, object]) -> str:
    r"""Facts as one JSON object, names sorted; DuckDB refuses the escape ``\udcXX``, so its backslash is doubled."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)


def of_links(evidence: Iterable[DossierEvidence], candidate_id: int) -> Iterator[Row]:
    """Rows of ``evidence_link``: what each piece of evidence rests on."""
    for e in evidence:
        for n, sha in enumerate(e.supports, 1):
            yield candidate_id, e.id, sha, "supports", n, None


def of_gaps(dossier: Dossier, candidate_id: int) -> Iterator[Row]:
    """Rows of ``gap``."""
    for n, gap in enumerate(dossier.gaps, 1):
        yield candidate_id, n, storable(gap.what), storable(gap.repository), gap.signal, storable(gap.reason)


# --- what the service knows ------------------------------------------------


def of_hosted(known: Iterable[tuple[object, ...]], key: int) -> Iterator[Row]:
    """Rows of a table that ``analyzer.hosted`` has a row class for, behind the key they belong to."""
    for row in known:
        yield key, *(_storable_value(value) for value in row)


def _storable_value(value: object) -> Value:
    if isinstance(value, str):
        return storable(value)
    assert value is None or isinstance(value, int | float | date)
    return value


# --- scores ----------------------------------------------------------------


def of_signal_repositories(
    scores: Iterable[SignalScore], repository_ids: Mapping[str, int], candidate_id: int
) -> Iterator[Row]:
    """Rows of ``signal_repository``."""
    for score in scores:
        for n, e in enumerate(score.by_repository, 1):
            key = (candidate_id, repository_ids[e.full_name], score.signal, n)
            yield (*key, e.state.value, e.content_level, e.n_evidence, storable(e.reason))


def of_signal_scores(dossier: Dossier, run_id: int, candidate_id: int) -> Iterator[Row]:
    """Rows of ``signal_score``."""
    for n, s in enumerate(dossier.signals, 1):
        key = (run_id, candidate_id, s.signal, n, s.dimension.value)
        yield (*key, s.state.value, s.value, list(s.evidence), storable(s.reason))


def of_dimension_scores(dossier: Dossier, run_id: int, candidate_id: int) -> Iterator[Row]:
    """Rows of ``dimension_score``."""
    for n, d in enumerate(dossier.dimensions, 1):
        level, confidence = d.best_level, d.confidence
        yield (
            *(run_id, candidate_id, d.dimension.value, n, d.state.value, d.value),
            *(level.value if level else None, confidence.value if confidence else None, list(d.signals)),
        )


def of_badges(badges: Iterable[Badge], run_id: int, candidate_id: int) -> Iterator[Row]:
    """Rows of ``badge``."""
    for n, b in enumerate(badges, 1):
        yield run_id, candidate_id, b.badge, n, storable(b.title), b.is_given, _gates(b)


def _gates(badge: Badge) -> str:
    gates = [{"condition": storable(g.condition), "is_met": g.is_met, "evidence": g.evidence} for g in badge.gates]
    return json.dumps(gates, ensure_ascii=False)


def of_weights(version: str, weights: Mapping[tuple[str, str], float]) -> Iterator[Row]:
    """Rows of ``rubric_weight``."""
    for (section, name), value in weights.items():
        yield version, section, name, value


def of_signals(signals: Iterable[Signal]) -> Iterator[Row]:
    """Rows of ``signal``."""
    from signals.base import ContentRule  # noqa: PLC0415  (all parsers come with it; most uses do without)

    for s in signals:
        kind = "content" if isinstance(s.rule, ContentRule) else "history"
        yield s.id, s.dimension.value, kind, s.rule.version, s.rule.title, s.rule.proves, s.page
