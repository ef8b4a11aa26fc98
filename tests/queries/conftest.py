"""An empty store in memory, the same for all tests of queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from analyzer.store import migration


@pytest.fixture(scope="session")
def prepared() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        migration.migrate(connection, Path("memory"))
        yield connection


@pytest.fixture
def empty(prepared: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    prepared.execute("BEGIN")
    yield prepared
    prepared.execute("ROLLBACK")
