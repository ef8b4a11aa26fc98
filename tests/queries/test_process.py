"""The process that runs SQL: values come over whole, limits cut, it knows nothing of us and does not outlive us."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from analyzer.errors import QueryRefused, QueryTooCostly, StoreError, UsageError
from analyzer.queryset import Limits, ask, find, run, tables
from tests.store.sample import rows, write

VALUES = {
    "NULL": None,
    "true": True,
    "-7": -7,
    "170141183460469231731687303715884105727::HUGEINT": 2**127 - 1,
    "0.1::DOUBLE": 0.1,
    "1.50::DECIMAL(5, 2)": Decimal("1.50"),
    "'ü\x1b\"'": 'ü\x1b"',
    "DATE '2026-01-02'": date(2026, 1, 2),
    "TIMESTAMP '2026-01-02 03:04:05.5'": datetime(2026, 1, 2, 3, 4, 5, 500_000),
    "TIMESTAMPTZ '2026-01-02 03:04:05+00'": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "TIMESTAMP '99999-01-01'": "99999-01-01 00:00:00",
    "TIME '03:04'": time(3, 4),
    "INTERVAL 90 MINUTE": timedelta(minutes=90),
    "'\\x00\\xFF'::BLOB": b"\x00\xff",
    "[DATE '2026-01-02']": ["2026-01-02"],
    "{'a': 1, 'b': [1.5::DECIMAL(2, 1)]}": {"a": 1, "b": ["1.5"]},
    "MAP {DATE '2026-01-02': 1}": {"2026-01-02": 1},
    "'{\"a\": 1}'::JSON": '{"a": 1}',
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("store") / "s.duckdb"
    write(made)
    return made


def test_values_come_over_whole() -> None:
    with run(None, f"SELECT {', '.join(VALUES)}, 'nan'::DOUBLE") as answer:
        ((*values, nan),) = answer
    assert values == list(VALUES.values())
    assert isinstance(nan, float)
    assert nan != nan  # noqa: PLR0124  (that is what it is)


def test_columns_have_names_that_differ() -> None:
    with run(None, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a, 5 AS b") as answer:
        assert [column.name for column in answer.columns] == ["a", "a_2", "a_2_2", "a_3", "b"]


@pytest.mark.parametrize(
    ("limits", "n", "said"),
    [
        (Limits(rows=5), 5, "only the first 5 rows"),
        (Limits(rows=1_500), 1_500, "only the first 1,500 rows"),
        (Limits(rows=2_000), 2_000, ""),
        (Limits(output=1 << 20), None, "only the first 1 MB"),
    ],
)
def test_a_result_is_cut_at_a_limit_and_says_so(limits: Limits, n: int | None, said: str) -> None:
    with run(None, "SELECT range, repeat('x', 10000) FROM range(2000)", limits=limits) as answer:
        got = [row[0] for row in answer]
    assert got == list(range(len(got)))
    assert n in (None, len(got))
    assert answer.cut.startswith(said)
    assert bool(answer.cut) == bool(said)


@pytest.mark.parametrize(
    "sql", ["", "  ;", "-- nothing\n", "SELEC 1", "SELECT nothing FROM candidate", "SELECT $login"]
)
def test_sql_that_is_none_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused) as caught, run(None, sql):
        pass
    assert caught.value.exit_code == 2


def test_an_error_among_the_rows_is_an_error() -> None:
    sql = "SELECT CAST(if(range = 3000, 'x', '1') AS INTEGER) FROM range(5000)"
    with pytest.raises(QueryRefused, match="Conversion"), run(None, sql) as answer:
        list(answer)


def test_time_is_limited() -> None:
    endless = "SELECT count(*) FROM range(10000000000) a, range(1000) b"
    with pytest.raises(QueryTooCostly, match=r"longer than 0\.6 s") as caught, run(None, endless, limits=Limits(0.6)):
        pass
    assert caught.value.exit_code == 1


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_the_process_has_no_token_and_ends_with_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "canary-token")
    others = set(_ours())
    with run(None, "SELECT * FROM range(100000000)") as answer:
        assert next(iter(answer)) == (0,)
        (mine,) = set(_ours()) - others
        assert b"canary-token" not in _read(mine / "environ")
    assert mine not in _ours()


def _ours() -> list[Path]:
    """The folders of all processes that run SQL."""
    processes = (path for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [path for path in processes if b"analyzer.queryset" in _read(path / "cmdline")]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_store_that_is_none_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.duckdb").write_text("no database at all")
    duckdb.connect("foreign.duckdb").execute("CREATE TABLE t (a INTEGER)").close()
    for name, said in (
        ("missing.duckdb", "There is no store at missing.duckdb"),
        ("text.duckdb", "text.duckdb is no DuckDB file"),
        ("foreign.duckdb", "foreign.duckdb is a DuckDB file, but no Shiptrace store"),
    ):
        with pytest.raises(StoreError, match=said), run(Path(name), "SELECT 1"):
            pass


def test_an_older_store_is_brought_up_to_date_first(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    write(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP VIEW v_gap; UPDATE meta SET value = 'old' WHERE key = 'views'")
    with run(path, "SELECT login FROM v_gap") as answer:
        assert list(answer) == [("octo-builder",)] * 2
    assert rows(path, "SELECT value <> 'old' FROM meta WHERE key = 'views'") == [(True,)]


def test_a_question_is_asked_with_its_parameters(path: Path) -> None:
    with ask(path, find("why"), {"login": "Octo-Builder", "signal": "alert-rules"}) as answer:
        assert [row[3] for row in answer] == ["lived-in"]
    with ask(path, find("why"), {"login": "octo-builder", "signal": "load-test"}) as answer:
        assert list(answer) == []


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("cadence", {"login": "nobody"}, "no candidate 'nobody'.*shiptrace candidates"),
        ("compare", {"cohort": "Team X"}, "no cohort 'Team X'"),
        ("operations_files", {}, "needs login"),
        ("operations_files", {"login": "octo-builder", "min_months": "many"}, "whole number as min_months, such as 3"),
    ],
)
def test_whom_nobody_knows_is_an_error(path: Path, name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said), ask(path, find(name), given):
        pass


def test_the_schema_is_that_of_the_store_or_of_an_empty_one(path: Path) -> None:
    assert tables(path) == tables(None)
    names = [table.name for table in tables(None)]
    assert names[0] == "v_candidate"
    assert "evidence" in names
    assert all(column.comment for table in tables(None) for column in table.columns)
