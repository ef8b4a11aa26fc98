"""Bringing the tables up to date: numbered SQL files, applied in order, all in one transaction.

The number of the last file is the schema's version, kept in ``meta``. A file of an older version gets the files it
lacks; one of a newer version, or one that is not ours, is left untouched and refused.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from analyzer.errors import StoreError

APPLICATION = "shiptrace"


@cache
def scripts() -> tuple[tuple[int, str], ...]:
    """Every schema file as (number, SQL), ascending."""
    found = (f for f in files("analyzer.store").joinpath("schema").iterdir() if f.name.endswith(".sql"))
    return tuple(sorted((int(f.name[:3]), f.read_text("utf-8")) for f in found))


def migrate(connection: DuckDBPyConnection, path: Path) -> None:
    """Make or complete the tables. Raises :class:`StoreError` for a newer or a foreign file, without touching it."""
    known = scripts()[-1][0]
    version = check(connection, path)
    if version == known:
        return
    connection.execute("BEGIN")
    for number, sql in scripts():
        if number > version:
            connection.execute(sql)
    connection.execute(
        "INSERT INTO meta VALUES ('application', ?), ('schema', ?), ('duckdb', ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [APPLICATION, str(known), duckdb.__version__],
    )
    connection.execute("COMMIT")


def check(connection: DuckDBPyConnection, path: Path) -> int:
    """Give the version of the file's tables, 0 for a file without any; refuse what we do not know."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    meta: dict[str, str] = {}
    if "meta" in tables and {"key", "value"} <= _columns(connection, "meta"):
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    version = meta.get("schema", "")
    if meta.get("application") != APPLICATION or not version.isdecimal():
        raise StoreError(f"{path} is a DuckDB file, but no Shiptrace store.", "Choose another file with --db.")
    known = scripts()[-1][0]
    if int(version) > known:
        raise StoreError(
            f"The store {path} was written by a newer Shiptrace (tables of version {version}, this one knows {known}).",
            "Upgrade Shiptrace, or choose another file with --db.",
        )
    return int(version)


def _columns(connection: DuckDBPyConnection, table: str) -> set[str]:
    rows = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
    return {name for (name,) in rows}
