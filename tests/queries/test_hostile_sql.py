"""SQL that wants more than to read the store: refused, or ended at a limit, and nothing on the disk has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analyzer.errors import QueryRefused, QueryTooCostly
from analyzer.queryset import Limits, run
from tests.store.sample import write

LIMITS = Limits(seconds=1.0, rows=1_000, output=4 << 20)
WITHIN_SECONDS = 15.0
"""Far above what any takes: a busy machine shall not fail the test, an endless statement shall."""

WRITES = """
INSERT INTO candidate VALUES (99, 'x', NULL, NULL, NULL)
UPDATE candidate SET login = 'x'
DELETE FROM candidate
TRUNCATE candidate
DROP TABLE evidence
DROP VIEW v_score
CREATE TABLE mine AS SELECT 1
CREATE OR REPLACE VIEW v_score AS SELECT 1
CREATE SCHEMA mine
CREATE MACRO main.mine() AS 1
CREATE INDEX mine ON candidate (login)
ALTER TABLE candidate ADD COLUMN x INTEGER
COMMENT ON TABLE candidate IS 'x'
SELECT nextval('run_id_seq')
BEGIN; DELETE FROM candidate; COMMIT
SELECT 1; DROP TABLE evidence
EXPLAIN ANALYZE DELETE FROM candidate
"""
ATTACHES = """
ATTACH 'other.duckdb'
ATTACH ':memory:' AS m
ATTACH '{folder}/other.duckdb' AS other
ATTACH '{folder}/store.duckdb' AS again (READ_WRITE)
ATTACH 'https://example.com/a.duckdb'
DETACH store
SELECT * FROM read_duckdb('{folder}/other.duckdb')
"""
COPIES = """
COPY candidate TO 'out.csv'
COPY (SELECT 1) TO '{folder}/out.parquet'
COPY (SELECT 1) TO '/dev/stdout'
COPY candidate FROM '{folder}/x.csv'
EXPORT DATABASE '{folder}/out'
IMPORT DATABASE '{folder}/out'
PREPARE p AS COPY (SELECT 1) TO 'out.csv'; EXECUTE p
"""
INSTALLS = """
INSTALL httpfs
LOAD httpfs
LOAD '{folder}/x.duckdb_extension'
FORCE INSTALL spatial FROM community
UPDATE EXTENSIONS
CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')
CREATE PERSISTENT SECRET s (TYPE http)
"""
READS = """
SELECT * FROM read_csv('{folder}/x.csv')
SELECT * FROM '{folder}/x.csv'
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM '/etc/passwd'
SELECT * FROM read_blob('/proc/self/environ')
SELECT * FROM read_json('{folder}/x.csv')
SELECT * FROM read_parquet('{folder}/x.csv')
SELECT * FROM glob('/*')
SELECT * FROM sniff_csv('{folder}/x.csv')
SELECT * FROM 'https://example.com/x.csv'
SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')
SELECT * FROM query_table('{folder}/x.csv')
CREATE TEMP VIEW w AS SELECT * FROM read_csv('{folder}/x.csv'); SELECT * FROM w
SELECT getenv('HOME')
SELECT * FROM request
SELECT * FROM connection
"""
SETTINGS = """
SET enable_external_access = true
RESET enable_external_access
SET lock_configuration = false
SET memory_limit = '100GB'
SET threads = 64
SET temp_directory = '/tmp'
SET allowed_paths = ['/etc/passwd']
SET GLOBAL python_enable_replacements = true
SET log_query_path = '{folder}/log.txt'
SET profile_output = '{folder}/profile.json'
PRAGMA enable_profiling
PRAGMA memory_limit = '100GB'
CALL enable_logging(storage = 'file', storage_path = '{folder}/logs')
"""
REFUSED = [sql for block in (WRITES, ATTACHES, COPIES, INSTALLS, READS, SETTINGS) for sql in block.strip().splitlines()]
ATTACKS = (
    "SELECT repeat('x', 2000000000)",
    "SELECT string_agg(repeat('x', 1000000), '') FROM range(5000)",
    "SELECT list(range) FROM range(500000000)",
    "SELECT count(*) FROM range(10000000000) a, range(1000) b",
    "SELECT count(DISTINCT range) FROM range(10000000000)",
    "SELECT * FROM range(100000000000)",
    "SELECT range::VARCHAR || repeat('y', 10000) FROM range(1000000)",
    "SELECT a.range FROM range(1000000) a, range(1000000) b ORDER BY hash(a.range + b.range)",
    "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
    "WITH RECURSIVE t AS (SELECT 'x' AS a UNION ALL SELECT a || a FROM t) SELECT count(*) FROM t",
    f"SELECT {'(' * 5000}1{')' * 5000}",
    f"SELECT 1{' UNION ALL SELECT 1' * 5000}",
)
HARMLESS = {
    "SELECT login FROM v_candidate": [("octo-builder",)],
    "SELECT 1; SELECT 2": [(2,)],
    "CREATE TEMP TABLE t AS SELECT 1 AS a; SELECT a + 1 FROM t": [(2,)],
    "SET VARIABLE x = 1; SELECT getvariable('x')": [(1,)],
    "SELECT regexp_matches(repeat('a', 100000), '(a+)+$')": [(True,)],
    "SELECT count(*) FROM duckdb_secrets()": [(0,)],
    "SELECT facts ->> 'n_rules' FROM evidence WHERE signal = 'alert-rules'": [("3",)],
    "FORCE CHECKPOINT": [],
    "VACUUM": [],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    write(made / "store.duckdb")
    duckdb.connect(str(made / "other.duckdb")).close()
    (made / "x.csv").write_text("a\n1\n")
    return made


@pytest.fixture
def store(folder: Path) -> Iterator[Path]:
    before = _state(folder)
    yield folder / "store.duckdb"
    assert _state(folder) == before


def _state(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_no_reading_is_refused(sql: str, store: Path) -> None:
    with pytest.raises(QueryRefused), run(store, sql.replace("{folder}", str(store.parent))) as answer:
        list(answer)


@pytest.mark.parametrize("sql", ATTACKS, ids=lambda sql: sql[:60])
def test_what_would_never_end_is_ended(sql: str, store: Path) -> None:
    before = time.monotonic()
    try:
        with run(store, sql, limits=LIMITS) as answer:
            assert len(list(answer)) <= LIMITS.rows
            assert answer.cut
    except (QueryTooCostly, QueryRefused):
        pass
    assert time.monotonic() - before < WITHIN_SECONDS


@pytest.mark.parametrize(("sql", "rows"), HARMLESS.items(), ids=HARMLESS)
def test_what_only_reads_works(sql: str, rows: list[tuple[object, ...]], store: Path) -> None:
    with run(store, sql) as answer:
        assert list(answer) == rows


def test_there_are_enough_of_them() -> None:
    assert len(REFUSED) + len(ATTACKS) >= 48
