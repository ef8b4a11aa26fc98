"""The log of what was done with personal data in this file; rows are only ever added.

It knows the writes that go through the store: reading cannot be logged where a reader needs no right to write. When a
person is forgotten their rows go too, and one row without a person stays: the day on which somebody was forgotten. It
holds no hash of the login, since logins are public and each could be tried; nor the key, since keys stood in exports.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

from duckdb import DuckDBPyConnection

Act = Literal["written", "forgotten", "added_to_cohort", "removed_from_cohort"]


def note(connection: DuckDBPyConnection, act: Act, candidate_id: int | None, *, cohort_id: int | None = None) -> None:
    """Add a row of today; part of the caller's transaction."""
    connection.execute(
        "INSERT INTO audit_log VALUES (nextval('audit_id_seq'), ?, ?, ?, ?)", [_today(), act, candidate_id, cohort_id]
    )


def _today() -> date:
    return datetime.now(UTC).date()
