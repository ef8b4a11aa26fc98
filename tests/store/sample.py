"""Facts and a run made by hand, ways to look into a store with plain SQL and to use it from a child to be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyzer.model import ActivityRow, ChangeRow, CommitRow, Dossier, RefRow, RepositoryFacts, RunInfo
from analyzer.store import Store
from tests.report.sample import FIX, HEAD, dossier

ROOT = Path(__file__).parents[2]
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


# --- a process of its own, to be killed or limited -------------------------

_START = """
import sys
from dataclasses import replace
from pathlib import Path
from analyzer.store import Store
from tests.report.sample import dossier
from tests.store.sample import FACTS, RUN, activity
path = Path(sys.argv[1])
many = activity(12_000)
newer = replace(dossier(), gaps=())
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process with the store's path as its first argument, the sample in reach."""
    return subprocess.Popen(
        [sys.executable, "-c", _START + code, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(code: str, *arguments: str) -> Generator[subprocess.Popen[str]]:
    """A child that has printed its first line; it is killed on leaving."""
    process = child(code, *arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        try:
            if not process.stdout.readline():
                pytest.fail(process.stderr.read())
            yield process
        finally:
            process.kill()
