"""Tests of queries as text: given rows, when it is asked, then these rows come, in this order.

::

    given candidate
    candidate_id | login
    1            | demo-ada

    when login=demo-ada

    then
    login    | n
    demo-ada | 3

A table may name only the columns that matter: those not given get a default, those not expected are not compared.
``NULL`` is null. Values are written as ``shiptrace query`` shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection

from analyzer.queryset.formats import NULL, shown

CASES = Path(__file__).parent / "cases"
DEFAULTS = {
    "place_kind": "commit",
    "content_level": "declared",
    "level": "declared",
    "state": "observed",
    "role": "author",
    "method": "commit",
    "confidence": "high",
    "share": "1",
    "as_of": "2026-01-01",
    "rubric_version": "1",
    "rules_version": "rules",
    "dimension": "rollback",
}
_BY_TYPE = {"BOOLEAN": "false", "DATE": "2026-01-01", "TIMESTAMP": "2026-01-01 00:00:00", "VARCHAR": "", "JSON": "{}"}


@dataclass
class Table:
    """A heading and rows of texts."""

    columns: list[str]
    rows: list[list[str]]


@dataclass
class Asked:
    """One ``when`` with its ``then``."""

    parameters: dict[str, str]
    expected: Table


@dataclass
class Story:
    """What stands in a file."""

    given: list[tuple[str, Table]] = field(default_factory=list[tuple[str, Table]])
    asked: list[Asked] = field(default_factory=list[Asked])


def read(path: Path) -> Story:
    """The story of a file."""
    story, parameters = Story(), dict[str, str]()
    for block in path.read_text("utf-8").strip().split("\n\n"):
        head, *lines = block.splitlines()
        word, _, rest = head.partition(" ")
        if word == "given":
            story.given.append((rest, _table(lines)))
        elif word == "when":
            parameters = dict(pair.split("=", 1) for pair in rest.split())
        else:
            assert head == "then", f"{path}: {head!r}"
            story.asked.append(Asked(parameters, _table(lines)))
    assert story.asked, f"{path} asks nothing"
    return story


def _table(lines: list[str]) -> Table:
    columns, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    assert all(len(row) == len(columns) for row in rows), rows
    return Table(columns, rows)


def fill(connection: DuckDBPyConnection, story: Story) -> None:
    """Put the given rows into an empty store."""
    for name, table in story.given:
        kinds = {c: (kind, nullable) for c, kind, nullable in _columns(connection, name)}
        unknown = set(table.columns) - kinds.keys()
        assert not unknown, f"{name} has no {unknown}"
        for row in table.rows:
            given = dict(zip(table.columns, row, strict=True))
            values = [given.get(c, NULL if nullable else _default(c, kind)) for c, (kind, nullable) in kinds.items()]
            places = ", ".join(f"CAST(? AS {kind})" for kind, _ in kinds.values())
            sql = f"INSERT INTO {name} VALUES ({places})"  # noqa: S608  (names from our own schema)
            connection.execute(sql, [None if v == NULL else v for v in values])


def _columns(connection: DuckDBPyConnection, name: str) -> list[tuple[str, str, bool]]:
    return connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()


def _default(column: str, kind: str) -> str:
    return DEFAULTS.get(column) or ("[]" if kind.endswith("[]") else _BY_TYPE.get(kind, "0"))


def answer(connection: DuckDBPyConnection, sql: str, bound: dict[str, object], columns: list[str]) -> list[list[str]]:
    """The rows of a query as texts, only the named columns."""
    result = connection.execute(sql, bound or None)
    names = [name for name, *_ in result.description or ()]
    places = [names.index(column) for column in columns]
    return [[shown(row[place]) for place in places] for row in result.fetchall()]


def stories() -> Iterator[tuple[str, Path]]:
    """Every query's name with the file of its story."""
    for path in sorted(CASES.rglob("*.txt")):
        yield path.relative_to(CASES).with_suffix("").as_posix(), path
