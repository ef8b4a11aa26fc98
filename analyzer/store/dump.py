"""Everything in a store as text, in an order that does not depend on how it came to be.

Two stores with the same dump hold the same; keys, run numbers and times of the clock are left out. The tests of kills
and faults compare dumps.
"""

from __future__ import annotations

import json
from pathlib import Path

from duckdb import DuckDBPyConnection

from analyzer.store import database, migration

_LEFT_OUT = {"started_at", "finished_at", "tool_version", "annotation_id", "written_at"}
_NOT_CONTENT = ("meta", "audit_log")
"""Tables that say how the store came to be."""

_NAMES = {
    "candidate_id": "(SELECT c.login FROM candidate c WHERE c.candidate_id = t.candidate_id) AS candidate_id",
    "repository_id": """(SELECT c.login || ' ' || r.full_name FROM repository r JOIN candidate c USING (candidate_id)
        WHERE r.repository_id = t.repository_id) AS repository_id""",
    "cohort_id": "(SELECT h.name FROM cohort h WHERE h.cohort_id = t.cohort_id) AS cohort_id",
    "run_id": """(SELECT count(*) FROM run r JOIN run own USING (candidate_id)
        WHERE own.run_id = t.run_id AND r.run_id > own.run_id) AS run_id""",
}
"""What stands for a key: the login, the login with the repository, the cohort's name, how many runs were later."""


def canonical_dump(path: Path) -> str:
    """Every table as a heading and one sorted JSON array a line. Raises :class:`StoreError`."""
    connection = database.connect(path, read_only=True)
    try:
        with database.failures(path):
            migration.check(connection, path)
            return "".join(_table(connection, table) for table in _tables(connection))
    finally:
        connection.close()


def _tables(connection: DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY table_name"
    ).fetchall()
    return [name for (name,) in found if name not in _NOT_CONTENT]


def _table(connection: DuckDBPyConnection, table: str) -> str:
    found = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
    ).fetchall()
    columns = [name for (name,) in found if name not in _LEFT_OUT]
    chosen = ", ".join(_NAMES.get(name, f't."{name}"') for name in columns)
    sql = f'SELECT {chosen} FROM "{table}" t ORDER BY ALL'  # noqa: S608  (names from the catalogue of our own schema)
    rows = connection.execute(sql).fetchall()
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    return "\n".join([f"{table}: {' '.join(columns)}", *lines, "", ""])
