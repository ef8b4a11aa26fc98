"""Bytes that are no text, NUL and control characters are stored without an error and read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.model import ActivityRow, ChangeRow, CommitRow, Gap, RefRow, RepositoryFacts
from analyzer.store import Store
from analyzer.store.rows import facts_json, storable
from tests.report.sample import ALERTS, HEAD, dossier
from tests.store.sample import RUN

HOSTILE = "\udcff\x00\x1b]0;x\x07 \u202e ' \" \\ 漢 \U0001f600"


def test_hostile_text_in_every_column_that_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    made = replace(
        dossier(),
        evidence=(
            replace(ALERTS, path=HOSTILE, message=HOSTILE, snippet=HOSTILE, facts={"x": HOSTILE, "y": (HOSTILE,)}),
        ),
        gaps=(Gap(HOSTILE, HOSTILE, "", HOSTILE),),
    )
    facts = RepositoryFacts(
        "acme/predictor",
        (CommitRow(HEAD, 1, 1, "1970-01", "fix", "author", False, False, 1, 1, 1, HOSTILE),),
        (ChangeRow(HEAD, HOSTILE, "M", "0" * 40, "1" * 40, "code", False, None, None),),
        (ActivityRow(HOSTILE, "code", False, "1970-01", True, 1, None, None),),
        (RefRow(HOSTILE, HEAD),),
    )
    with Store.open(path) as store:
        store.write(made, (facts,), RUN)
        found = store.read("octo-builder")
    kept = storable(HOSTILE)
    assert found is not None
    assert found.evidence[0].facts == {"x": kept, "y": (kept,)}
    assert (found.evidence[0].path, found.gaps[0].reason) == (kept, kept)
    connection = duckdb.connect(str(path), read_only=True)
    try:
        for sql in ("path FROM path_activity", "path FROM change_fact", "name FROM ref", "subject FROM commit_fact"):
            assert connection.execute(f"SELECT {sql}").fetchall() == [(kept,)]
    finally:
        connection.close()


def test_a_byte_that_is_no_text_stays_recognisable() -> None:
    assert storable("caf\udce9.py") == "caf\\udce9.py"
    assert storable("café.py") == "café.py"


@pytest.fixture(scope="module")
def table() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (a VARCHAR, j JSON)")
    return connection


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=80))
def test_any_text_is_stored(table: duckdb.DuckDBPyConnection, text: str) -> None:
    kept = storable(text)
    table.execute("DELETE FROM t")
    appender = table.appender("t")
    appender.append_row(kept, facts_json({"k": text, "l": (text,)}))
    appender.flush()
    assert table.execute("SELECT a, j ->> 'k' IS NOT NULL FROM t").fetchall() == [(kept, True)]
