"""Facts and a run made by hand, and a way to look into a store with plain SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from analyzer.model import ActivityRow, ChangeRow, CommitRow, Dossier, RefRow, RepositoryFacts, RunInfo
from analyzer.store import Store
from tests.report.sample import FIX, HEAD, dossier

RUN = RunInfo(datetime(2026, 11, 21, 8, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC), "0.1.0")
FACTS = RepositoryFacts(
    full_name="acme/predictor",
    commits=(
        CommitRow(HEAD, 1_700_000_000, 1_700_000_100, "2023-11", "fix", "author", False, False, 1, 3, 1, "Fix it"),
        CommitRow(FIX, 10**16, None, "", "merge", "committer", True, False, 0, None, None, "Merge"),
    ),
    changes=(ChangeRow(HEAD, "app.py", "M", "0" * 40, "1" * 40, "code", False, 3, 1),),
    activity=(
        ActivityRow("app.py", "code", False, "2023-11", True, 1, 3, 1),
        ActivityRow("deploy/a.yaml", "code", True, "", False, 7, None, None),
    ),
    refs=(RefRow("v1", HEAD, 1_700_000_200), RefRow("v2", FIX)),
)


def rows(path: Path, sql: str) -> list[Any]:
    connection = duckdb.connect(str(path), read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def write(path: Path, made: Dossier | None = None, *facts: RepositoryFacts, run: RunInfo = RUN) -> None:
    with Store.open(path) as store:
        store.write(made or dossier(), facts or (FACTS,), run)


def named(login: str) -> Dossier:
    """The dossier as that of another person."""
    return replace(dossier(), candidate=replace(dossier().candidate, login=login))


def activity(n: int) -> list[ActivityRow]:
    """Many rows of activity."""
    return [
        ActivityRow(f"src/package/file{i // 3}.py", "code", False, f"20{i % 20:02}-01", i % 2 == 0, 1, None, None)
        for i in range(n)
    ]
