"""Writing one candidate: all of it in one transaction, so that a kill, a full disk or a bug leaves the old rows whole.

Rows go through DuckDB's appender in batches, which keeps memory flat however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from duckdb import DuckDBPyConnection

from analyzer import badges
from analyzer.hosted import Hosted, HostedRepository
from analyzer.model import Dossier, RepositoryFacts, RunInfo
from analyzer.store import audit, people, rows
from analyzer.store.database import transaction
from analyzer.store.rows import Row

RUNS_KEPT = 5
BATCH_VALUES = 36_000
"""Values held as Python objects at a time: 4,000 rows of activity, some 3 MB; larger batches are hardly faster."""

_BY_CANDIDATE = ("identity", "repository", "evidence", "evidence_link", "gap", "signal_repository", "contribution")
_BY_REPOSITORY = (
    *("commit_fact", "change_fact", "path_activity", "ref"),
    *("release", "deployment", "issue_response", "repository_context"),
)
_BY_RUN = ("signal_score", "dimension_score", "badge", "run")
_CLOCK = {"run": ", started_at, finished_at"}


def write(
    connection: DuckDBPyConnection,
    dossier: Dossier,
    facts: Iterable[RepositoryFacts],
    run: RunInfo,
    hosted: Hosted,
) -> None:
    """Replace what the candidate had by this dossier and its facts, and keep the scores of the last five runs."""
    with transaction(connection):
        candidate_id = _candidate(connection, dossier, run)
        _forget_latest(connection, candidate_id)
        run_id = _next(connection, "run_id_seq")
        repository_ids = {r.full_name: _next(connection, "repository_id_seq") for r in dossier.repositories}
        for repository in facts:
            _write_facts(connection, repository, repository_ids[repository.full_name])
        for name, known in hosted.repositories.items():
            _write_hosted(connection, known, repository_ids[name])
        _append(connection, "contribution", rows.of_hosted(hosted.contributions, candidate_id))
        _write_dossier(connection, dossier, repository_ids, candidate_id)
        _append(connection, "run", [rows.of_run(dossier, run, run_id, candidate_id, hosted.state)])
        _append(connection, "signal_score", rows.of_signal_scores(dossier, run_id, candidate_id))
        _append(connection, "dimension_score", rows.of_dimension_scores(dossier, run_id, candidate_id))
        _append(connection, "badge", rows.of_badges(badges.judge(dossier), run_id, candidate_id))
        _drop_same_run(connection, candidate_id, run_id)
        _drop_old_runs(connection, candidate_id)
        audit.note(connection, "written", candidate_id)


def describe(
    connection: DuckDBPyConnection, signals: Iterable[Row], version: str, weights: Mapping[tuple[str, str], float]
) -> None:
    """Replace the table of signals and the rubric's rows, unless they say just that already."""
    _replace(connection, "signal", "true", list(signals))
    _replace(connection, "rubric_weight", "rubric_version = $1", list(rows.of_weights(version, weights)), version)


def _replace(connection: DuckDBPyConnection, table: str, condition: str, wanted: list[Row], *values: str) -> None:
    """Make the rows that meet the condition these ones; untouched when they are, so that nothing is written."""
    found = connection.execute(f"FROM {table} WHERE {condition}", values).fetchall()
    if sorted(found) == sorted(wanted):
        return
    with transaction(connection):
        connection.execute(f"DELETE FROM {table} WHERE {condition}", values)  # noqa: S608  (as above)
        _append(connection, table, wanted)


def _candidate(connection: DuckDBPyConnection, dossier: Dossier, run: RunInfo) -> int:
    """The candidate's key; a login is the same whatever its capitals."""
    login = dossier.candidate.login
    known = connection.execute("SELECT candidate_id FROM candidate WHERE lower(login) = lower(?)", [login]).fetchone()
    if known is None:
        candidate_id = _next(connection, "candidate_id_seq")
        connection.execute(
            "INSERT INTO candidate (candidate_id, login, basis, purpose, delete_after) VALUES (?, ?, ?, ?, ?)",
            [candidate_id, login, run.basis, run.purpose, run.delete_after],
        )
        return candidate_id
    connection.execute("UPDATE candidate SET login = ? WHERE candidate_id = ?", [login, known[0]])
    people.give_reason(connection, int(known[0]), run)
    return int(known[0])


def _forget_latest(connection: DuckDBPyConnection, candidate_id: int) -> None:
    """Delete what belongs to the candidate's newest run only."""
    own = "repository_id IN (SELECT repository_id FROM repository WHERE candidate_id = ?)"
    for table in _BY_REPOSITORY:
        _delete(connection, table, own, candidate_id)
    for table in _BY_CANDIDATE:
        _delete(connection, table, "candidate_id = ?", candidate_id)


def _drop_same_run(connection: DuckDBPyConnection, candidate_id: int, run_id: int) -> None:
    """A run that ended just as the one before takes its place, so that five runs are five different results."""
    newest = "SELECT max(run_id) FROM run WHERE candidate_id = ? AND run_id < ?"
    ((before,),) = connection.execute(newest, [candidate_id, run_id]).fetchall()
    if before is None or any(_differs(connection, table, run_id, before) for table in _BY_RUN):
        return
    for table in _BY_RUN:
        _delete(connection, table, "run_id = ?", before)


def _differs(connection: DuckDBPyConnection, table: str, run_id: int, before: int) -> bool:
    """Whether two runs have other rows in a table, keys and times of the clock aside."""
    chosen = f"SELECT * EXCLUDE (run_id{_CLOCK.get(table, '')}) FROM {table} WHERE run_id ="  # noqa: S608  (as above)
    either = f"({chosen} $1 EXCEPT ALL {chosen} $2) UNION ALL ({chosen} $2 EXCEPT ALL {chosen} $1)"
    return bool(connection.execute(f"{either} LIMIT 1", [run_id, before]).fetchall())


def _drop_old_runs(connection: DuckDBPyConnection, candidate_id: int) -> None:
    newest = f"SELECT run_id FROM run WHERE candidate_id = $1 ORDER BY run_id DESC LIMIT {RUNS_KEPT}"  # noqa: S608
    for table in _BY_RUN:
        _delete(connection, table, f"candidate_id = $1 AND run_id NOT IN ({newest})", candidate_id)


def _delete(connection: DuckDBPyConnection, table: str, condition: str, key: int) -> None:
    connection.execute(f"DELETE FROM {table} WHERE {condition}", [key])  # noqa: S608  (names of ours)


def _write_facts(connection: DuckDBPyConnection, facts: RepositoryFacts, repository_id: int) -> None:
    _append(connection, "commit_fact", rows.of_commits(facts.commits, repository_id))
    _append(connection, "change_fact", rows.of_changes(facts.changes, repository_id))
    _append(connection, "path_activity", rows.of_activity(facts.activity, repository_id))
    _append(connection, "ref", rows.of_refs(facts.refs, repository_id))


def _write_hosted(connection: DuckDBPyConnection, known: HostedRepository, repository_id: int) -> None:
    context = () if known.context is None else (known.context,)
    _append(connection, "release", rows.of_hosted(known.releases, repository_id))
    _append(connection, "deployment", rows.of_hosted(known.deployments, repository_id))
    _append(connection, "issue_response", rows.of_hosted(known.issues, repository_id))
    _append(connection, "repository_context", rows.of_hosted(context, repository_id))


def _write_dossier(
    connection: DuckDBPyConnection, dossier: Dossier, repository_ids: dict[str, int], candidate_id: int
) -> None:
    _append(connection, "identity", rows.of_identities(dossier, candidate_id))
    _append(
        connection,
        "repository",
        (
            rows.of_repository(r, n, repository_ids[r.full_name], candidate_id)
            for n, r in enumerate(dossier.repositories, 1)
        ),
    )
    _append(
        connection,
        "evidence",
        (rows.of_evidence(e, n, repository_ids[e.repository], candidate_id) for n, e in enumerate(dossier.evidence, 1)),
    )
    _append(connection, "evidence_link", rows.of_links(dossier.evidence, candidate_id))
    _append(connection, "gap", rows.of_gaps(dossier, candidate_id))
    _append(connection, "signal_repository", rows.of_signal_repositories(dossier.signals, repository_ids, candidate_id))


def _next(connection: DuckDBPyConnection, sequence: str) -> int:
    ((value,),) = connection.execute("SELECT nextval(?)", [sequence]).fetchall()
    return int(value)


def _append(connection: DuckDBPyConnection, table: str, new: Iterable[Row]) -> None:
    columns = rows.COLUMNS[table]
    appender = connection.appender(table, columns=columns)
    source = iter(new)
    while batch := list(islice(source, BATCH_VALUES // len(columns))):
        appender.append_rows(batch)
        appender.flush()
