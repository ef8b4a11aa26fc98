"""Whoever is forgotten leaves no byte, the others lose nothing, and what goes wrong leaves the old file."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from analyzer.errors import StoreError, UnknownCandidate
from analyzer.model import ActivityRow, ChangeRow, CommitRow, Dossier, RefRow, RepositoryFacts
from analyzer.store import Store, canonical_dump, database, erasure
from tests.report.sample import ALERTS, LIBRARY, dossier
from tests.store.sample import FACTS, RUN, activity, child, named, rows, running, write

GONE = "Gone-Person"
SHA = "5e1f" * 10
OWN = RepositoryFacts(
    full_name="gone-person/private-thing",
    commits=(CommitRow(SHA, 1, 1, "2023-11", "fix", "author", False, False, 1, 3, 1, "Subject-of-gone"),),
    changes=(ChangeRow(SHA, "path/of/gone.py", "M", "6e1f" * 10, "7e1f" * 10, "code", False, 3, 1),),
    activity=(ActivityRow("activity/of/gone.py", "code", False, "2023-11", True, 1, 3, 1),),
    refs=(RefRow("tag-of-gone", "8e1f" * 10),),
)
MARKS = (
    *("gone-person", "GONE-PERSON", "private-thing", "5e1f" * 10, "6e1f" * 10, "7e1f" * 10, "8e1f" * 10, "9e1f" * 10),
    *("Subject-of-gone", "path/of/gone", "activity/of/gone", "tag-of-gone", "snippet-of-gone", "message-of-gone"),
    *("hash0of0gone0000", "purpose-of-gone", "remark-of-gone", "cohort-of-gone", "pull-of-gone", "cache-of-gone"),
)
"""What must be nowhere afterwards, in any capitals."""

_OF_GONE = """
    INSERT INTO annotation SELECT 1, candidate_id, NULL, 'explain', 'candidate', '2024-01-01', 'remark-of-gone'
        FROM candidate WHERE login = 'Gone-Person';
    INSERT INTO contribution SELECT candidate_id, 'acme/other', 'merge', '1', 1, 'pull-of-gone', 'bot', false,
        '2024-01-01', NULL, NULL, NULL, NULL, NULL, 'https://x.example' FROM candidate WHERE login = 'Gone-Person';
    INSERT INTO scan_cache VALUES ('alert-rules', 1, 'f', 'cache-of-gone', '{}');
"""
_OF_THE_OTHER = """
    INSERT INTO annotation SELECT 2, candidate_id, NULL, 'explain', 'reader', '2024-01-01', 'Seen in the interview'
        FROM candidate WHERE login = 'still-here'
"""


def gone() -> Dossier:
    """Somebody with a repository of their own beside one that they share with the other candidate."""
    own = replace(LIBRARY, full_name=OWN.full_name, sha="9e1f" * 10)
    found = replace(
        ALERTS,
        id="ffff456789abcdef",
        repository=OWN.full_name,
        sha=SHA,
        path="path/of/gone.yaml",
        message="message-of-gone",
        snippet="snippet-of-gone",
    )
    made = named(GONE)
    identity = replace(made.candidate.identities[0], email_hash="hash0of0gone0000")
    return replace(
        made,
        candidate=replace(made.candidate, identities=(identity,)),
        repositories=(*made.repositories, own),
        evidence=(*made.evidence, found),
        gaps=(replace(made.gaps[0], repository=OWN.full_name),),
    )


def fill(path: Path, *, with_gone: bool = True) -> None:
    """Two candidates who share repositories; without the first it is what should be left."""
    if with_gone:
        write(path, gone(), OWN, FACTS, run=replace(RUN, purpose="purpose-of-gone"))
    write(path, named("still-here"))
    write(path, replace(named("still-here"), gaps=()), run=replace(RUN, delete_after=date(2030, 1, 1)))
    with Store.open(path) as store:
        store.add_to_cohort("Team", ["still-here", *([GONE] if with_gone else [])])
        if with_gone:
            store.add_to_cohort("cohort-of-gone", [GONE])
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"{_OF_GONE if with_gone else ''}{_OF_THE_OTHER}")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filled") / "s.duckdb"
    fill(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, filled: bytes) -> Path:
    path = tmp_path / "s.duckdb"
    path.write_bytes(filled)
    path.chmod(0o600)
    return path


def forget(path: Path, login: str = "gone-PERSON") -> erasure.Forgotten:
    with Store.open(path) as store:
        return store.forget(login)


def beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


# --- what is left ----------------------------------------------------------


def marks_in(folder: Path) -> set[str]:
    content = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    return {mark for mark in MARKS if mark.lower().encode() in content}


def test_no_byte_of_the_person_is_left(path: Path) -> None:
    assert marks_in(path.parent) == set(MARKS)  # or the search would prove nothing
    assert forget(path).login == GONE
    assert marks_in(path.parent) == set()
    assert beside(path) == ["s.duckdb"]


def test_the_others_have_all_that_they_had(path: Path, tmp_path: Path) -> None:
    fill(tmp_path / "without.duckdb", with_gone=False)
    forget(path)
    assert canonical_dump(path) == canonical_dump(tmp_path / "without.duckdb")
    with Store.open(path) as store:
        assert store.read("still-here") == replace(named("still-here"), gaps=())
        assert [(c.name, c.logins) for c in store.cohorts()] == [("Team", ("still-here",))]


def test_the_log_keeps_the_day_and_nobody(path: Path) -> None:
    forget(path)
    left = rows(path, "SELECT act, candidate_id, cohort_id FROM audit_log ORDER BY audit_id")
    assert left == [("written", 2, None)] * 2 + [("added_to_cohort", 2, 1), ("forgotten", None, None)]
    assert rows(path, "SELECT max(happened_on) FROM audit_log") == [(datetime.now(UTC).date(),)]
    write(path, gone(), OWN)
    forget(path)
    assert rows(path, "SELECT count(*) FROM audit_log WHERE act = 'forgotten'") == [(2,)]


def test_the_file_works_on_with_its_comments_views_keys_and_checks(path: Path) -> None:
    schema = """SELECT table_name, column_name, comment, data_type, column_default, is_nullable FROM duckdb_columns()
        WHERE NOT internal ORDER BY ALL"""
    tables = "SELECT table_name, comment, sql FROM duckdb_tables() ORDER BY ALL"
    views = "SELECT view_name, comment, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    before = [rows(path, sql) for sql in (schema, tables, views)]
    newest = rows(path, "SELECT (SELECT max(candidate_id) FROM candidate), (SELECT max(run_id) FROM run)")
    path.chmod(0o640)
    forget(path)
    assert [rows(path, sql) for sql in (schema, tables, views)] == before
    assert path.stat().st_mode & 0o777 == 0o640
    write(path, named("later"))
    later = rows(path, "SELECT candidate_id, run_id FROM run ORDER BY run_id DESC LIMIT 1")
    assert later[0] > newest[0]
    with Store.open(path) as store:
        assert store.add_to_cohort("new", ["later"]).logins == ("later",)
    with duckdb.connect(str(path)) as connection, pytest.raises(duckdb.ConstraintException):
        connection.execute("INSERT INTO candidate VALUES (2, 'twice', NULL, NULL, NULL)")


def test_the_newest_key_is_not_given_again(path: Path) -> None:
    forget(path, "still-here")
    write(path, named("later"))
    assert rows(path, "SELECT login, candidate_id FROM candidate ORDER BY 2") == [(GONE, 1), ("later", 3)]


def test_keys_go_on_when_two_are_forgotten_in_a_row(path: Path) -> None:
    write(path, named("third"))
    for login in (GONE, "third"):
        with Store.open(path) as store:
            store.forget(login)
    with Store.open(path) as store:
        assert store.add_to_cohort("Other", ["still-here"]).logins == ("still-here",)
    write(path, named("fourth"))
    ((kept, new),) = rows(path, "SELECT min(candidate_id), max(candidate_id) FROM candidate")
    assert (kept, new) == (2, 4)


def test_the_store_stays_open_and_the_last_one_can_go(path: Path) -> None:
    with Store.open(path) as store:
        store.forget(GONE)
        store.forget("still-here")
        assert store.candidates() == ()
        assert store.cohorts() == ()
        store.write(dossier(), (FACTS,), RUN)
    assert rows(path, "SELECT login FROM candidate") == [("octo-builder",)]


def test_what_others_did_in_the_persons_repositories_is_named(path: Path) -> None:
    write(path, replace(gone(), candidate=named("still-here").candidate), OWN, FACTS)
    assert forget(path).others == (OWN.full_name,)
    with Store.open(path) as store:
        assert OWN.full_name in [r.full_name for r in store.read("still-here").repositories]


@pytest.mark.parametrize("name", ["fresh.duckdb", "Fresh", 'it\'s "a" store.db', "ünï код.duckdb", "a;b.duckdb"])
def test_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    fill(path)
    forget(path)
    assert rows(path, "SELECT login FROM candidate") == [("still-here",)]
    assert beside(path) == [name]


def test_a_link_to_the_store_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.duckdb"
    link.parent.mkdir()
    link.symlink_to(path)
    forget(link)
    assert link.is_symlink()
    assert rows(path, "SELECT login FROM candidate") == [("still-here",)]
    assert beside(link) == ["link.duckdb"]


# --- what goes wrong -------------------------------------------------------


def test_an_unknown_login_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UnknownCandidate, match=r"'gone-persn'.*Did you mean Gone-Person\?"):
        forget(path, "gone-persn")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "added",
    [
        "CREATE TABLE mine AS FROM evidence",
        "CREATE VIEW my_view AS FROM candidate",
        "CREATE MACRO my_macro(x) AS x = 'gone-person'",
        "CREATE SCHEMA more; CREATE TABLE more.mine AS FROM evidence",
        "ALTER TABLE candidate ADD COLUMN my_note VARCHAR",
    ],
)
def test_what_somebody_added_to_the_file_is_not_thrown_away(path: Path, added: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(added)
    before = canonical_dump(path)
    with pytest.raises(StoreError, match=r"not Shiptrace's.*(: mine|: my_view|: my_macro|: candidate)\. "):
        forget(path)
    assert canonical_dump(path) == before
    assert beside(path) == ["s.duckdb"]


def test_a_copy_that_is_not_what_was_written_is_not_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(_table: str, _columns: object) -> str:
        return "random() < 0.5"

    monkeypatch.setattr("analyzer.store.erasure._kept", half)
    write(path, replace(named("still-here"), gaps=dossier().gaps * 30))
    before = canonical_dump(path)
    with pytest.raises(StoreError, match="not what was written"):
        forget(path)
    assert canonical_dump(path) == before
    assert beside(path) == ["s.duckdb"]


def test_a_place_that_refuses_the_new_name_keeps_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def refused(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(StoreError, match=r"Permission denied.*as it was"):
        forget(path)
    assert path.read_bytes() == before
    assert beside(path) == ["s.duckdb"]


_FORGET = "store = Store.open(path)\nprint('open', flush=True)\nstore.forget('gone-person')\nstore.close()"


def test_killed_at_any_time_the_old_file_or_the_new_one_stands(path: Path) -> None:
    write(path, gone(), OWN, replace(FACTS, activity=activity(12_000)))
    write(path, named("still-here"), replace(FACTS, activity=activity(12_000)))
    old, whole = canonical_dump(path), path.read_bytes()
    forget(path)
    new = canonical_dump(path)
    chance, seen = random.Random(11), set[str]()  # noqa: S311
    for _ in range(5):
        path.write_bytes(whole)
        with running(_FORGET, str(path)):
            time.sleep(chance.uniform(0.0, 0.5))
        seen.add(canonical_dump(path))
        with Store.open(path):
            assert beside(path) == ["s.duckdb", *(["s.duckdb.wal"] if path.with_name("s.duckdb.wal").exists() else [])]
        assert beside(path) == ["s.duckdb"]
    assert seen <= {old, new}


_FULL = """
import resource, signal
from analyzer.errors import StoreError
with Store.open(path) as store:
    print('open', flush=True)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    try:
        store.forget('gone-person')
    except StoreError as error:
        print(error, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("room", [0, 100_000, 2_000_000])
def test_a_full_disk_loses_nothing(path: Path, room: int) -> None:
    write(path, named("still-here"), replace(FACTS, activity=activity(40_000)))
    before = canonical_dump(path)
    out, failed = child(_FULL, str(path), str(room)).communicate(timeout=60)
    assert "intact" in out or "could not be written" in out, (out, failed)
    assert canonical_dump(path) == before
    assert beside(path) == ["s.duckdb"]
    forget(path)
    assert rows(path, "SELECT login FROM candidate") == [("still-here",)]


def test_what_a_killed_run_left_is_removed_at_the_next_opening(path: Path) -> None:
    for ending in (database.FRESH, f"{database.FRESH}.wal"):
        database.beside(path, ending).write_bytes(b"gone-person")
    spilled = database.beside(path, ".tmp")
    spilled.mkdir()
    (spilled / "duckdb_temp_1_0_storage_DEFAULT-0.tmp").write_bytes(b"gone-person")
    Store.open(path).close()
    assert beside(path) == ["s.duckdb"]
    spilled.mkdir()
    (spilled / "mine.txt").write_text("x")
    Store.open(path).close()
    assert (spilled / "mine.txt").read_text() == "x"


def test_who_waited_for_the_old_file_gets_the_new_one(path: Path) -> None:
    code = "import time\n" + _FORGET.replace("store.forget", "time.sleep(0.3)\nstore.forget")
    with running(code, str(path)), Store.open(path, wait_seconds=30) as store:
        store.write(dossier(), (FACTS,), RUN)
    assert rows(path, "SELECT login FROM candidate ORDER BY 1") == [("octo-builder",), ("still-here",)]
