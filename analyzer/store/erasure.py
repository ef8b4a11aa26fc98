"""Forgetting a person: the file is written anew without them and takes the place of the old one.

Deleting rows would leave their bytes in free pages. So a new store is made beside the old one and gets what belongs to
everybody else; it is read back and compared, and only then renamed over the old file, which was never changed. Killed
at any time, one of the two stands whole; a new file that did not make it is removed at the next opening for writing.
The old file stays locked throughout, so nobody can write what would then be lost.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

import duckdb
from duckdb import DuckDBPyConnection

from analyzer.errors import StoreError
from analyzer.store import audit, database, migration, people

_MADE_WITH_THE_FILE = ("meta", "dimension")
_KEPT = {
    "scan_cache": "false",  # nobody can say whose file a blob was; it fills again
    "cohort": "cohort_id IN (SELECT cohort_id FROM cohort_member WHERE candidate_id <> $1)",
}
Sum = tuple[int, int | None]
_BY_CANDIDATE = "candidate_id IS DISTINCT FROM $1"
_BY_REPOSITORY = "repository_id IN (SELECT repository_id FROM repository WHERE candidate_id <> $1)"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Who was forgotten. ``others`` are repositories of that account in which others' work was found, which stays."""

    login: str
    others: tuple[str, ...]


def forget(connection: DuckDBPyConnection, path: Path, login: str) -> Forgotten:
    """Put a file without the candidate in the place of the store; the connection is then to be closed.

    Raises :class:`UnknownCandidate`, :class:`StoreError` and what DuckDB raises; the old file stands then.
    """
    candidate_id, written = people.find(connection, login)
    fresh = database.beside(path, database.FRESH)
    own = _name(connection)
    copy = "fresh" if own.lower() != "fresh" else "fresher"
    try:
        connection.execute("CHECKPOINT")  # so that no log of the old file lies beside the new one
        _make(fresh, path)
        _attach(connection, fresh, copy)
        _refuse_foreign(connection, path, own, copy)
        tables = {t: columns for t, columns in _columns(connection, copy).items() if t not in _MADE_WITH_THE_FILE}
        sums = _fill(connection, own, copy, tables, candidate_id)
        connection.execute(f"DETACH {copy}")
        _attach(connection, fresh, copy, "READ_ONLY")
        if sums != {table: _sum(connection, f"FROM {copy}.{table}") for table in tables}:
            raise StoreError(f"The new file {fresh} is not what was written.", "The store is as it was; try again.")
        others = _named_after(connection, candidate_id, written)
        connection.execute(f"DETACH {copy}")
        _sign(fresh)
        _replace(path, fresh)
    except BaseException as error:
        with suppress(duckdb.Error):
            connection.execute(f"DETACH DATABASE IF EXISTS {copy}")
        database.sweep(path)
        if isinstance(error, OSError):
            raise StoreError(
                f"The store {path} could not be written anew: {error.strerror or error}.", "It is as it was."
            ) from error
        raise
    return Forgotten(written, others)


def _name(connection: DuckDBPyConnection) -> str:
    ((name,),) = connection.execute("SELECT current_database()").fetchall()
    return str(name)


def _make(fresh: Path, path: Path) -> None:
    """An empty store of the newest version, for the same eyes as the old one."""
    connection = database.connect(fresh)
    try:
        migration.migrate(connection, fresh)
    finally:
        connection.close()
    fresh.chmod(S_IMODE(path.stat().st_mode))


def _attach(connection: DuckDBPyConnection, fresh: Path, copy: str, *options: str) -> None:
    place = str(fresh).replace("'", "''")
    connection.execute(f"ATTACH '{place}' AS {copy} ({', '.join(('TYPE duckdb', *options))})")


def _columns(connection: DuckDBPyConnection, database_name: str) -> Mapping[str, Sequence[str]]:
    """The columns of every table."""
    return dict(
        connection.execute(
            """SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
            WHERE database_name = $1 AND NOT internal
                AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = $1)
            GROUP BY table_name ORDER BY table_name""",
            [database_name],
        ).fetchall()
    )


def _refuse_foreign(connection: DuckDBPyConnection, path: Path, own: str, copy: str) -> None:
    """What somebody added to the file may hold rows of anybody, and would be lost."""
    ours, theirs = _columns(connection, copy), _columns(connection, own)
    found = sorted(table for table in theirs if theirs[table] != ours.get(table))
    for names in (
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name = ",
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND database_name = ",
    ):
        found += [n for (n,) in connection.execute(f"{names} ? EXCEPT {names} ? ORDER BY 1", [own, copy]).fetchall()]
    if found:
        raise StoreError(
            f"{path} holds what is not Shiptrace's and may hold something of the person: {', '.join(found)}.",
            "Move it to another file or drop it, then forget again; the store is as it was.",
        )


def _fill(
    connection: DuckDBPyConnection, own: str, copy: str, tables: Mapping[str, Sequence[str]], candidate_id: int
) -> Mapping[str, Sum]:
    """Copy what is not the candidate's and let keys go on from where they were; gives what should then stand there."""
    sums: dict[str, Sum] = {}
    following = "coalesce(last_value + 1, start_value)"  # no last value: nothing was added since forgetting
    sequences = f"SELECT sequence_name, {following} FROM duckdb_sequences() WHERE database_name = ?"  # noqa: S608
    with database.transaction(connection):
        for name, start in connection.execute(sequences, [own]).fetchall():
            connection.execute(f"CREATE OR REPLACE SEQUENCE {copy}.{name} START {start}")
        for table, columns in tables.items():
            kept = _kept(table, columns)
            values = [candidate_id] if "$1" in kept else []
            source = f"FROM {table} WHERE {kept}"
            connection.execute(f"INSERT INTO {copy}.{table} {source}", values)
            sums[table] = _sum(connection, source, values)
    return sums


def _kept(table: str, columns: Sequence[str]) -> str:
    """Which rows of a table stay."""
    if table in _KEPT:
        return _KEPT[table]
    if "candidate_id" in columns:
        return _BY_CANDIDATE
    return _BY_REPOSITORY if "repository_id" in columns else "true"


def _sum(connection: DuckDBPyConnection, source: str, values: Sequence[int] = ()) -> Sum:
    """How many rows, and a sum over all they hold, whatever their order."""
    ((n, total),) = connection.execute(f"SELECT count(*), sum(hash(t)) FROM ({source}) t", values).fetchall()  # noqa: S608
    return int(n), total


def _named_after(connection: DuckDBPyConnection, candidate_id: int, login: str) -> tuple[str, ...]:
    found = connection.execute(
        """SELECT DISTINCT full_name FROM repository
        WHERE candidate_id <> ? AND starts_with(lower(full_name), lower(?) || '/') ORDER BY full_name""",
        [candidate_id, login],
    ).fetchall()
    return tuple(name for (name,) in found)


def _sign(fresh: Path) -> None:
    """Note in the new file that somebody was forgotten."""
    connection = database.connect(fresh)
    try:
        audit.note(connection, "forgotten", None)
    finally:
        connection.close()


def _replace(path: Path, fresh: Path) -> None:
    """Rename the new file over the old one, first its content and then its name safe on the disk."""
    place = path.resolve()
    _sync(fresh)
    fresh.replace(place)
    with suppress(OSError):  # not every file system has folders that can be synchronised
        _sync(place.parent)


def _sync(target: Path) -> None:
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
