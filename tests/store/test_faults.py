"""What a store does when it is held, foreign, newer, damaged, full, or when its writer is killed."""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analyzer.errors import StoreBusy, StoreError
from analyzer.store import Store, canonical_dump, database, migration
from tests.report.sample import dossier
from tests.store.sample import FACTS, RUN, activity, child, rows, running, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


# --- held ------------------------------------------------------------------


def test_a_store_in_use_names_the_process_that_holds_it(path: Path) -> None:
    code = "store = Store.open(path)\nprint('open', flush=True)\nsys.stdin.read()"
    with running(code, str(path)) as holder:
        started = time.monotonic()
        with pytest.raises(StoreBusy, match=f"process {holder.pid}") as caught:
            Store.open(path, wait_seconds=0.3)
        assert 0.3 <= time.monotonic() - started < 5
        assert "Wait" in caught.value.way_out


def test_a_store_in_use_for_a_moment_is_waited_for(path: Path) -> None:
    code = "store = Store.open(path)\nprint('open', flush=True)\nimport time\ntime.sleep(0.5)\nstore.close()"
    with running(code, str(path)), Store.open(path, wait_seconds=20) as store:
        assert store.candidates() == ()


# --- foreign, newer, damaged -----------------------------------------------


@pytest.mark.parametrize(
    "content", [b"hello " * 900, b"SQLite format 3\0" + bytes(5000), os.urandom(8) + b"!" * 5000, b"x"]
)
def test_a_file_of_another_kind_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match="no DuckDB file"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_duckdb_file_that_is_not_ours_is_refused_and_left_alone(path: Path) -> None:
    for sql in ("CREATE TABLE meta (a INTEGER)", "CREATE TABLE meta (key VARCHAR, value VARCHAR)"):
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)
        with pytest.raises(StoreError, match="no Shiptrace store"):
            Store.open(path)
        assert rows(path, "SELECT table_name FROM duckdb_tables()") == [("meta",)]


def test_a_newer_store_is_refused_and_left_alone(path: Path) -> None:
    write(path)
    before = canonical_dump(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StoreError, match=r"newer Shiptrace.*99.*Upgrade"):
        Store.open(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(migration.scripts()[-1][0])])
    assert canonical_dump(path) == before


def test_an_older_store_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    known = migration.scripts()
    added = (known[-1][0] + 1, "ALTER TABLE ref ADD COLUMN note VARCHAR DEFAULT ''; COMMENT ON COLUMN ref.note IS 'x'")
    monkeypatch.setattr(migration, "scripts", lambda: (*known, added))
    with Store.open(path) as store:
        assert store.read("octo-builder") == dossier()
        store.write(dossier(), (FACTS,), RUN)
    assert rows(path, "SELECT value FROM meta WHERE key = 'schema'") == [(str(added[0]),)]
    assert rows(path, "SELECT DISTINCT note FROM ref") == [("",)]


def test_a_migration_that_fails_leaves_the_older_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    before, known = canonical_dump(path), migration.scripts()
    broken = (known[-1][0] + 1, "ALTER TABLE ref ADD COLUMN note VARCHAR; SELECT no_such_column FROM ref")
    with monkeypatch.context() as patched:
        patched.setattr(migration, "scripts", lambda: (*known, broken))
        with pytest.raises(StoreError, match="no_such_column"):
            Store.open(path)
    assert canonical_dump(path) == before


def test_damage_is_an_error_and_never_a_wrong_row(path: Path) -> None:
    write(path)
    before, whole = canonical_dump(path), path.read_bytes()
    chance = random.Random(7)  # noqa: S311
    for _ in range(25):
        bent = bytearray(whole)
        bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
        path.write_bytes(bent)
        with suppress(StoreError):
            assert canonical_dump(path) == before  # the bit lay in a block that nothing uses
    for size in (1, 11, 100, 4096, 12_288, len(whole) // 3):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreError, match=r"damaged|no DuckDB file"):
            canonical_dump(path)


def test_places_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for bad in (tmp_path, tmp_path / "file" / "s.duckdb", Path("/proc/s.duckdb")):
        with pytest.raises(StoreError, match=r"cannot be opened: .*\. Choose another file"):
            Store.open(bad)
    with pytest.raises(StoreError, match="There is no store"):
        canonical_dump(tmp_path / "none.duckdb")


def test_what_is_no_file_is_neither_opened_nor_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"  # as /dev/null, which a user who may do all would lose
    os.mkfifo(pipe)
    for use in (Store.open, canonical_dump):
        with pytest.raises(StoreError, match="cannot be opened: it is no file"):
            use(pipe)
    assert pipe.is_fifo()


def test_who_only_reads_makes_and_removes_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    empty.touch()
    for path in (empty, tmp_path / "none" / "s.duckdb"):
        with pytest.raises(StoreError, match="There is no store"):
            canonical_dump(path)
        with pytest.raises(StoreError, match="There is no store"):
            Store.open(path, create=False)
    assert list(tmp_path.iterdir()) == [empty]


def test_a_new_store_is_for_its_owner_only_and_takes_the_place_of_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "s.duckdb"
    write(path)
    assert path.stat().st_mode & 0o077 == 0
    empty = tmp_path / "empty.duckdb"
    empty.touch()
    write(empty)
    assert canonical_dump(empty) == canonical_dump(path)


# --- killed, full ----------------------------------------------------------

_REWRITE = """
with Store.open(path) as store:
    print('open', flush=True)
    for turn in range(1000):
        store.write(newer if turn % 2 else dossier(), (replace(FACTS, activity=many),), RUN)
"""


def test_a_writer_killed_at_any_time_leaves_old_or_new(path: Path) -> None:
    facts = replace(FACTS, activity=activity(12_000))
    whole: set[str] = set()
    for made in (dossier(), replace(dossier(), gaps=())):
        write(path, made, facts)
        whole.add(_without_runs(canonical_dump(path)))
    chance = random.Random(3)  # noqa: S311
    for _ in range(5):
        with running(_REWRITE, str(path)):
            time.sleep(chance.uniform(0.0, 0.6))
        assert _without_runs(canonical_dump(path)) in whole
    write(path)  # and it can be written again


def _without_runs(dump: str) -> str:
    """The dump without the scores of earlier runs, whose number depends on how far the writer came."""
    tables = dump.split("\n\n")
    return "\n\n".join(t for t in tables if not t.startswith(("run:", "signal_score:", "dimension_score:", "badge:")))


def test_a_writer_killed_while_it_makes_the_store_leaves_none_or_a_good_one(path: Path) -> None:
    code = "print('go', flush=True)\nStore.open(path).write(dossier(), (replace(FACTS, activity=many),), RUN)"
    chance = random.Random(5)  # noqa: S311
    for _ in range(4):
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        with running(code, str(path)):
            time.sleep(chance.uniform(0.0, 0.4))
        with Store.open(path) as store:
            assert [store.read(c.login) for c in store.candidates()] in ([], [dossier()])


_FULL = """
import resource, signal
from analyzer.errors import StoreError
with Store.open(path) as store:
    print('open', flush=True)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = path.stat().st_size + int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    big = [row._replace(path=f"{n:x}{hash(str(n)):x}" * 8) for n, row in enumerate(activity(40_000))]
    try:
        store.write(newer, (replace(FACTS, activity=big),), RUN)
    except StoreError as error:
        print(error, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("room", [0, 300_000])
def test_a_full_disk_is_said_and_the_old_rows_stand(path: Path, room: int) -> None:
    write(path)
    before = canonical_dump(path)
    process = child(_FULL, str(path), str(room))
    out, _ = process.communicate(timeout=60)
    assert "intact" in out or "could not be written" in out, out
    assert canonical_dump(path) == before
    write(path, replace(dossier(), gaps=()))


def test_the_settings_of_a_connection_are_closed(path: Path) -> None:
    connection = database.connect(path)
    try:
        for name, value in {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "threads": 1,
        }.items():
            assert connection.execute(f"SELECT current_setting('{name}')").fetchone() == (value,)
    finally:
        connection.close()


def test_a_copy_of_the_file_is_a_store(path: Path, tmp_path: Path) -> None:
    write(path)
    shutil.copy(path, tmp_path / "copy.duckdb")
    assert canonical_dump(tmp_path / "copy.duckdb") == canonical_dump(path)
