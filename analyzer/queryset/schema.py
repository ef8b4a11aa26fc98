"""The tables and views of a store with their comments: what SQL can be written against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from analyzer.queryset.process import run

_SQL = """
WITH relations AS (
    SELECT 1 AS place, 'view' AS kind, view_name AS name, comment FROM duckdb_views() WHERE NOT internal
    UNION ALL
    SELECT 2, 'table', table_name, comment FROM duckdb_tables()
)
SELECT relations.name, kind, relations.comment, column_name, data_type, columns.comment
FROM relations
JOIN duckdb_columns() AS columns ON columns.table_name = relations.name
ORDER BY place, relations.name, column_index
"""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column; ``comment`` says what stands in it, ``type`` is DuckDB's."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a view; the views are what to build on, for only they never lose a column."""

    name: str
    kind: str
    comment: str
    columns: tuple[TableColumn, ...]


def tables(path: Path | None) -> tuple[Table, ...]:
    """Views, then tables, by name; of the store, or of an empty one of this version where ``path`` is None."""
    with run(path, _SQL) as answer:
        return tuple(_tables([tuple(str(value or "") for value in row) for row in answer]))


def _tables(rows: list[tuple[str, ...]]) -> Iterator[Table]:
    for (name, kind, comment), group in groupby(rows, key=lambda row: row[:3]):
        yield Table(name, kind, comment, tuple(TableColumn(*row[3:]) for row in group))
