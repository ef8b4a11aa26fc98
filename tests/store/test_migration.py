"""Older stores are brought up to date whole or not at all, and the views are always those of this version."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from analyzer.errors import StoreError
from analyzer.store import Reader, Store, canonical_dump, database, migration, read
from tests.report.sample import dossier
from tests.store.sample import FACTS, RUN, named, rows, running, write

VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"
FIRST = 4
"""The version of the first tables that people's stores were made with."""


FROZEN = {
    1: "e20ab836daf320c8",
    2: "58d64270fdd02577",
    3: "d048b3921db4b8ab",
    4: "d73e0107627d0eee",
    5: "582f161ffb7a2864",
    6: "793531b2ab805ca1",
    7: "5060a01818ad750a",
    8: "f08d2ea27b91a0e0",
}
"""The beginning of the hash of every schema file that a store may have been made with."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The columns that a table had at first."""
    sql = "SELECT column_name FROM duckdb_columns() WHERE database_name = 's' AND table_name = ? ORDER BY column_index"
    return ", ".join(name for (name,) in connection.execute(sql, [table]).fetchall())


@pytest.fixture
def old(path: Path) -> Path:
    """A store as the first version left it: its tables, its meta, rows of two candidates, no views."""
    newer = path.with_name("newer.duckdb")
    write(newer)
    write(newer, named("someone-else"))
    with duckdb.connect(str(path)) as connection:
        for number, sql in migration.scripts():
            if number <= FIRST:
                connection.execute(sql)
        connection.execute("INSERT INTO meta VALUES ('application', 'shiptrace'), ('schema', '4'), ('duckdb', '2.0.0')")
        connection.execute(f"ATTACH '{newer}' AS newer (READ_ONLY)")
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 's'"
        ).fetchall():
            if table not in {"meta", "dimension"}:
                columns = _columns(connection, table)
                connection.execute(f"INSERT INTO {table} SELECT {columns} FROM newer.{table}")  # noqa: S608
        for sequence in ("candidate_id_seq", "run_id_seq", "repository_id_seq"):
            connection.execute(f"CREATE OR REPLACE SEQUENCE {sequence} START 100")
    newer.unlink()
    return path


def version(path: Path) -> str:
    return rows(path, "SELECT value FROM meta WHERE key = 'schema'")[0][0]


def tables(dump: str) -> set[str]:
    return set(dump.split("\n\n"))


def test_what_stores_were_made_with_does_not_change() -> None:
    """A table is changed by a further file; a store would never get what is added to an earlier one."""
    found = {number: sha256(sql.encode()).hexdigest()[:16] for number, sql in migration.scripts()}
    assert {number: found[number] for number in FROZEN} == FROZEN


def test_a_store_of_the_first_version_is_brought_up_to_date(old: Path, tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.duckdb").close()
    before = canonical_dump(old)
    assert read(old, "octo-builder") == dossier()  # reading is enough
    assert version(old) == str(migration.version())
    grown = {table for table in tables(before) if table.startswith("run: ")}  # by the columns of version 8
    assert tables(before) - grown <= tables(canonical_dump(old))
    assert rows(old, "SELECT count(*) FROM run WHERE source_state IS NULL") == [(2,)]
    catalogue = (
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    )
    assert rows(old, catalogue) == rows(tmp_path / "empty.duckdb", catalogue)
    assert rows(old, VIEWS) == rows(tmp_path / "empty.duckdb", VIEWS) != []
    write(old, named("later"))
    with Store.open(old) as store:
        store.add_to_cohort("team", ["later", "octo-builder"])
        store.forget("someone-else")
        assert store.read("later") == named("later")


def test_a_migration_that_is_killed_leaves_the_old_store_or_the_new_one(old: Path) -> None:
    whole, before = old.read_bytes(), canonical_dump(old)
    Store.open(old).close()
    after = canonical_dump(old)
    code = "print('go', flush=True)\nStore.open(path).close()"
    chance = random.Random(17)  # noqa: S311
    for _ in range(4):
        old.write_bytes(whole)
        with running(code, str(old)):
            time.sleep(chance.uniform(0.0, 0.4))
        found = canonical_dump(old)
        assert (version(old), found) in {(str(FIRST), before), (str(migration.version()), after)}
        Store.open(old).close()
        assert canonical_dump(old) == after


def test_an_older_store_that_cannot_be_written_says_so(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = database.connect

    def only_read(path: Path, *, read_only: bool = False, **_: object) -> duckdb.DuckDBPyConnection:
        if not read_only:
            raise StoreError(f"The store {path} cannot be opened: Permission denied.")
        return connect(path, read_only=True)

    monkeypatch.setattr(database, "connect", only_read)
    before = old.read_bytes()
    with pytest.raises(StoreError, match=r"older Shiptrace.*Permission denied.*where it can be written"):
        Reader.open(old)
    assert old.read_bytes() == before


# --- views -----------------------------------------------------------------


def with_views(monkeypatch: pytest.MonkeyPatch, views: Sequence[str]) -> None:
    monkeypatch.setattr(migration, "views", lambda: tuple(views))


def test_every_view_of_the_package_is_in_the_file_and_works(path: Path) -> None:
    write(path)
    found = [name for (name,) in rows(path, VIEWS)]
    assert len(found) == len(migration.views())
    for name in found:
        assert name.startswith("v_")
        assert rows(path, f"FROM {name}") is not None


def test_views_follow_their_text_and_those_of_others_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE VIEW mine AS SELECT login FROM candidate")
    with_views(monkeypatch, ["CREATE OR REPLACE VIEW v_a AS SELECT 1 AS x", "CREATE OR REPLACE VIEW v_b AS FROM v_a"])
    Store.open(path).close()
    assert rows(path, VIEWS) == [("mine",), ("v_a",), ("v_b",)]
    assert rows(path, "FROM v_b") == [(1,)]
    with_views(monkeypatch, ["CREATE OR REPLACE VIEW v_a AS SELECT 2 AS x"])
    Store.open(path).close()
    assert rows(path, VIEWS) == [("mine",), ("v_a",)]
    assert rows(path, "FROM v_a") == [(2,)]


def test_views_of_the_same_text_are_not_written_again(path: Path) -> None:
    write(path)
    before = path.read_bytes()
    Store.open(path).close()
    assert path.read_bytes() == before


def test_a_view_that_does_not_work_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    before, views = canonical_dump(path), rows(path, VIEWS)
    with_views(monkeypatch, ["CREATE OR REPLACE VIEW v_a AS SELECT 1 AS x", "CREATE VIEW v_b AS FROM no_such_table"])
    with pytest.raises(StoreError, match="no_such_table"):
        Store.open(path)
    monkeypatch.undo()
    assert (canonical_dump(path), rows(path, VIEWS)) == (before, views)


def test_a_migration_changes_tables_that_views_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    later = (migration.version() + 1, "ALTER TABLE gap DROP COLUMN reason; ALTER TABLE gap ADD COLUMN reason VARCHAR")
    known = (*migration.scripts(), later)
    monkeypatch.setattr(migration, "scripts", lambda: known)
    with Store.open(path) as store:
        store.write(named("later"), (FACTS,), RUN)
    assert rows(path, "SELECT count(*) FROM v_gap") == [(4,)]
