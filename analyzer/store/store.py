"""The store as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from duckdb import DuckDBPyConnection

from analyzer.model import Dossier, RepositoryFacts, RunInfo
from analyzer.store import database, migration, reader, writer
from analyzer.store.place import WAIT_SECONDS
from analyzer.store.rows import Row


class Store:
    """An open store: ``with Store.open(path) as store``. Keep it open briefly: nobody else can use it meanwhile."""

    def __init__(self, connection: DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Open the store for writing; it is made when it is not there, and brought up to date when it is older.

        Raises :class:`StoreBusy` with the holder's process id, and :class:`StoreError` for a file that is newer, not
        ours or damaged.
        """
        connection = database.connect(path, wait_seconds=wait_seconds)
        try:
            with database.failures(path):
                migration.migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with database.failures(self._path):
            self._connection.close()

    def write(self, dossier: Dossier, facts: Iterable[RepositoryFacts], run: RunInfo) -> None:
        """Write one candidate whole or not at all, replacing what was there; scores of the last five runs are kept.

        ``facts`` name repositories of the dossier. Raises :class:`StoreError`, and then the old rows stand.
        """
        with database.failures(self._path):
            writer.write(self._connection, dossier, facts, run)

    def describe(self, signals: Iterable[Row]) -> None:
        """Keep the table of signals in step with the rules that run; the rows are those of ``rows.of_signals``."""
        with database.failures(self._path):
            writer.describe(self._connection, signals)

    def read(self, login: str) -> Dossier | None:
        """The dossier of a candidate's newest run, equal to the one that was written; None for an unknown login."""
        with database.failures(self._path):
            return reader.read(self._connection, login)
