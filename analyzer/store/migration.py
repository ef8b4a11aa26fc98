"""Bringing tables and views up to date: numbered SQL files, applied in order, all in one transaction.

The number of the last file is the schema's version, kept in ``meta``. A file of an older version gets the files it
lacks; one of a newer version, or one that is not ours, is left untouched and refused. The views are those of
``queries/views``; whenever their text differs from what stands in the file they are made anew.
"""

from __future__ import annotations

from contextlib import closing
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from analyzer.errors import StoreError
from analyzer.store.database import connect, failures, transaction

APPLICATION = "shiptrace"


@cache
def scripts() -> tuple[tuple[int, str], ...]:
    """Every schema file as (number, SQL), ascending."""
    found = (f for f in files("analyzer.store").joinpath("schema").iterdir() if f.name.endswith(".sql"))
    return tuple(sorted((int(f.name[:3]), f.read_text("utf-8")) for f in found))


@cache
def views() -> tuple[str, ...]:
    """The SQL of every view, by file name; a view may use an earlier one."""
    found = (f for f in files("queries").joinpath("views").iterdir() if f.name.endswith(".sql"))
    return tuple(sql for _, sql in sorted((f.name, f.read_text("utf-8")) for f in found))


def version() -> int:
    """The version of the tables that this Shiptrace writes."""
    return scripts()[-1][0]


def version_of(path: Path) -> int:
    """The version of the tables of a file that is there, which is neither changed nor waited for.

    Raises :class:`StoreError` for a newer, foreign or damaged file, and :class:`StoreBusy` with who holds it.
    """
    with failures(path), closing(connect(path, read_only=True, wait_seconds=0.0)) as connection:
        return check(connection, path)


def migrate(connection: DuckDBPyConnection, path: Path) -> None:
    """Make or complete tables and views. Raises :class:`StoreError` for a newer or foreign file, which stays as it is.

    Views go first, so that no table changes below one; names that begin with ``v_`` are ours.
    """
    found = check(connection, path)
    digest = sha256("\0".join(views()).encode()).hexdigest()
    if found == version() and _meta(connection).get("views") == digest:
        return
    with transaction(connection):
        for (name,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND starts_with(view_name, 'v_')"
        ).fetchall():
            connection.execute(f'DROP VIEW IF EXISTS "{name}" CASCADE')
        for number, sql in scripts():
            if number > found:
                connection.execute(sql)
        for sql in views():
            connection.execute(sql)
        connection.execute(
            "INSERT INTO meta VALUES ('application', ?), ('schema', ?), ('views', ?), ('duckdb', ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [APPLICATION, str(version()), digest, duckdb.__version__],
        )


def check(connection: DuckDBPyConnection, path: Path) -> int:
    """Give the version of the file's tables, 0 for a file without any; refuse what we do not know."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    meta = _meta(connection) if "meta" in tables and {"key", "value"} <= _columns(connection, "meta") else {}
    found = meta.get("schema", "")
    if meta.get("application") != APPLICATION or not found.isdecimal():
        raise StoreError(f"{path} is a DuckDB file, but no Shiptrace store.", "Choose another file with --db.")
    if int(found) > version():
        raise StoreError(
            f"The store {path} was written by a newer Shiptrace (tables of version {found}, "
            f"this one knows {version()}).",
            "Upgrade Shiptrace, or choose another file with --db.",
        )
    return int(found)


def _meta(connection: DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def _columns(connection: DuckDBPyConnection, table: str) -> set[str]:
    rows = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
    return {name for (name,) in rows}
