"""The tables are those of design.md, each of them and each column with a comment, and rows are streamed into them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.store import Store
from analyzer.store.rows import COLUMNS
from tests.store.sample import rows

TABLES = """annotation audit_log badge candidate change_fact cohort cohort_member commit_fact contribution deployment
    dimension dimension_score evidence evidence_link gap identity issue_response meta path_activity ref release
    repository repository_context rubric_weight run scan_cache signal signal_repository signal_score"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.open(tmp_path / "s.duckdb").close()
    return tmp_path / "s.duckdb"


def test_the_tables_are_there(path: Path) -> None:
    assert rows(path, "SELECT table_name FROM duckdb_tables() ORDER BY 1") == [(name,) for name in TABLES.split()]


def test_every_table_and_every_column_has_a_comment(path: Path) -> None:
    assert rows(path, "SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = ''") == []
    assert (
        rows(
            path,
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment,'') = ''",
        )
        == []
    )


def test_no_column_holds_an_address_in_clear_or_a_time_with_a_zone(path: Path) -> None:
    columns = rows(path, "SELECT column_name, data_type FROM duckdb_columns() WHERE NOT internal")
    assert {name for name, _ in columns if "mail" in name} == {"email_hash"}
    assert not [name for name, kind in columns if "ZONE" in kind]


def test_rows_are_made_for_all_columns(path: Path) -> None:
    found = rows(path, "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() GROUP BY ALL")
    made = {table: columns for table, columns in found if table in COLUMNS}
    assert made == dict(COLUMNS)


_STREAM = """
import sys
from dataclasses import replace
from pathlib import Path
from analyzer.store import Store
from tests.report.sample import dossier
from tests.store.sample import FACTS, RUN, activity

def stream():
    for _ in range(20):
        yield from activity(10_000)

with Store.open(Path(sys.argv[1])) as store:
    store.write(dossier(), (replace(FACTS, activity=stream()),), RUN)
    store.write(dossier(), (replace(FACTS, activity=stream()),), RUN)
# not ru_maxrss, which begins with the peak of the process that started this one
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
print(*sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_activity_is_streamed_in_little_memory_without_pandas(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    done = subprocess.run(
        [sys.executable, "-c", _STREAM, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    peak, heavy = done.stdout.splitlines()
    assert heavy == ""
    assert int(peak) < 120 * 1024
    assert rows(path, "SELECT count(*), count(DISTINCT path) FROM path_activity") == [(200_000, 3_334)]
