"""The store as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from duckdb import DuckDBPyConnection

from analyzer.errors import StoreError, UsageError
from analyzer.hosted import NOTHING, Hosted
from analyzer.model import Dossier, RepositoryFacts, RunInfo
from analyzer.store import database, erasure, migration, people, reader, writer
from analyzer.store.erasure import Forgotten
from analyzer.store.people import Cohort, StoredCandidate
from analyzer.store.place import WAIT_SECONDS
from analyzer.store.rows import Row


def read(path: Path, login: str) -> Dossier:
    """The dossier of a candidate's newest run. Raises :class:`UnknownCandidate` and :class:`StoreError`."""
    with Reader.open(path) as store:
        return store.read(login)


def read_many(path: Path, logins: Sequence[str] = (), *, cohort: str = "") -> tuple[Dossier, ...]:
    """The dossiers of these candidates in the order given, then those of the cohort by login; nobody twice.

    Raises :class:`UnknownCandidate`, :class:`UnknownCohort` and :class:`StoreError`.
    """
    with Reader.open(path) as store:
        wanted = (*logins, *(store.cohort(cohort).logins if cohort else ()))
        return tuple(map(store.read, {login.lower(): login for login in wanted}.values()))


class Reader:
    """A store open for reading, which several processes may do at once: ``with Reader.open(path) as store``."""

    def __init__(self, connection: DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Open a store that is there, without changing it, unless it is older: then it is brought up to date first.

        Raises :class:`StoreBusy` with the process id of a writer, and :class:`StoreError` for a file that is newer, not
        ours, damaged, or older and not ours to write.
        """
        connection = database.connect(path, read_only=True, wait_seconds=wait_seconds)
        try:
            with database.failures(path):
                is_older = migration.check(connection, path) < migration.version()
        except BaseException:
            connection.close()
            raise
        if not is_older:
            return cls(connection, path)
        connection.close()
        try:
            Store.open(path, wait_seconds=wait_seconds).close()
        except StoreError as error:
            raise StoreError(
                f"The store {path} is from an older Shiptrace and could not be brought up to date: {error.message}",
                "Open it once where it can be written.",
            ) from error
        return cls(database.connect(path, read_only=True, wait_seconds=wait_seconds), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with database.failures(self._path):
            self._connection.close()

    def read(self, login: str) -> Dossier:
        """The dossier of a candidate's newest run, equal to the one that was written; capitals do not matter.

        Raises :class:`UnknownCandidate`.
        """
        with database.failures(self._path):
            return reader.read(self._connection, login)

    def weights(self, version: str) -> Mapping[tuple[str, str], float]:
        """The weights of a rubric by section and name, as ``scoring.weights`` gives them; empty for an unknown one."""
        with database.failures(self._path):
            return reader.weights(self._connection, version)

    def candidates(self, *, cohort: str = "") -> tuple[StoredCandidate, ...]:
        """Everybody in the store or in the cohort, in order of their logins. Raises :class:`UnknownCohort`."""
        with database.failures(self._path):
            known = people.candidates(self._connection)
            members = people.cohort(self._connection, cohort).logins if cohort else None
            return tuple(c for c in known if members is None or c.login in members)

    def candidate(self, login: str) -> StoredCandidate:
        """One of them; capitals do not matter. Raises :class:`UnknownCandidate`."""
        with database.failures(self._path):
            _, written = people.find(self._connection, login)
            return next(c for c in people.candidates(self._connection) if c.login == written)

    def source_state(self, login: str) -> str | None:
        """What GitHub listed at the candidate's newest run, as a hash; None when that is not known. See ``run``."""
        with database.failures(self._path):
            return people.source_state(self._connection, login)

    def cohorts(self) -> tuple[Cohort, ...]:
        """Every cohort, by name."""
        with database.failures(self._path):
            return people.cohorts(self._connection)

    def cohort(self, name: str) -> Cohort:
        """The cohort of that name. Raises :class:`UnknownCohort`."""
        with database.failures(self._path):
            return people.cohort(self._connection, name)


class Store(Reader):
    """A store open for writing: ``with Store.open(path) as store``. Be brief: nobody else can use it meanwhile."""

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float = WAIT_SECONDS, create: bool = True) -> Self:
        """Open the store for writing; made when it is not there and ``create``, brought up to date when it is older.

        Raises :class:`StoreBusy` with the holder's process id, and :class:`StoreError` for a file that is newer, not
        ours or damaged.
        """
        connection = database.connect(path, wait_seconds=wait_seconds, create=create)
        try:
            with database.failures(path):
                migration.migrate(connection, path)
            database.sweep(path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def write(self, dossier: Dossier, facts: Iterable[RepositoryFacts], run: RunInfo, hosted: Hosted = NOTHING) -> None:
        """Write one candidate whole or not at all, replacing what was there; scores of the last five runs are kept.

        ``facts`` and ``hosted`` name repositories of the dossier. Raises :class:`StoreError`, and then the old rows
        stand.
        """
        with database.failures(self._path):
            writer.write(self._connection, dossier, facts, run, hosted)

    def give_reason(self, login: str, run: RunInfo) -> None:
        """Keep the reason of a run that found nothing new and so wrote nothing. Raises :class:`UnknownCandidate`."""
        with database.failures(self._path):
            candidate_id, _ = people.find(self._connection, login)
            people.give_reason(self._connection, candidate_id, run)

    def describe(self, signals: Iterable[Row], version: str, weights: Mapping[tuple[str, str], float]) -> None:
        """Keep the tables of signals and weights in step with the rules and the rubric that run.

        The rows are those of ``rows.of_signals``, the weights those of ``scoring.weights``; other rubrics' stay.
        """
        with database.failures(self._path):
            writer.describe(self._connection, signals, version, weights)

    def add_to_cohort(self, name: str, logins: Sequence[str]) -> Cohort:
        """Put candidates into a cohort, all or none; it is made when it is not there. Raises :class:`UnknownCandidate`.

        A name must have something to read in it: :class:`UsageError` otherwise.
        """
        if not name.strip() or not name.isprintable():
            raise UsageError(f"{name!r} is no name for a cohort.", "Use letters, digits and what can be printed.")
        with database.failures(self._path):
            return people.add_to_cohort(self._connection, name.strip(), logins)

    def remove_from_cohort(self, name: str, logins: Sequence[str]) -> Cohort:
        """Take candidates out of a cohort, all or none; the last one takes it along. Gives who is left in it.

        Raises :class:`UnknownCohort` and :class:`UnknownCandidate`.
        """
        with database.failures(self._path):
            return people.remove_from_cohort(self._connection, name, logins)

    def forget(self, login: str) -> Forgotten:
        """Leave no byte of a candidate in the file, which is written anew; what belongs to the others stays.

        Raises :class:`UnknownCandidate` and :class:`StoreError`, and then the file is as it was.
        """
        with database.failures(self._path):
            forgotten = erasure.forget(self._connection, self._path, login)
            self._connection.close()
        self._connection = database.connect(self._path)
        return forgotten
