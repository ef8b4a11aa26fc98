"""Who is in the store, and in which cohorts.

A cohort exists as long as somebody is in it. Logins and names of cohorts are the same whatever their capitals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from duckdb import DuckDBPyConnection

from analyzer.errors import UnknownCandidate, UnknownCohort
from analyzer.model import RunInfo
from analyzer.store import audit
from analyzer.store.database import transaction

MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class StoredCandidate:
    """A candidate as the newest run left them; ``delete_after`` is the day after which the rows are to be erased."""

    login: str
    as_of: date
    basis: str | None
    purpose: str | None
    delete_after: date | None
    n_repositories: int
    summary: str
    cohorts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A named group of candidates, in order of their logins."""

    name: str
    logins: tuple[str, ...]


_CANDIDATES = """
    SELECT c.login, r.as_of, c.basis, c.purpose, c.delete_after,
        (SELECT count(*) FROM repository p WHERE p.candidate_id = c.candidate_id),
        r.summary,
        (SELECT coalesce(list(h.name ORDER BY lower(h.name)), []) FROM cohort_member m JOIN cohort h USING (cohort_id)
            WHERE m.candidate_id = c.candidate_id)
    FROM candidate c JOIN run r USING (candidate_id)
    QUALIFY row_number() OVER (PARTITION BY c.candidate_id ORDER BY r.run_id DESC) = 1
    ORDER BY lower(c.login)
"""


def candidates(connection: DuckDBPyConnection) -> tuple[StoredCandidate, ...]:
    """Everybody in the store, in order of their logins."""
    return tuple(
        StoredCandidate(*row, cohorts=tuple(names)) for *row, names in connection.execute(_CANDIDATES).fetchall()
    )


def find(connection: DuckDBPyConnection, login: str) -> tuple[int, str]:
    """The key of a candidate and the login as it is written in the store. Raises :class:`UnknownCandidate`."""
    row = connection.execute(
        "SELECT candidate_id, login FROM candidate WHERE lower(login) = lower(?)", [login]
    ).fetchone()
    if row is None:
        logins = [
            name for (name,) in connection.execute("SELECT login FROM candidate ORDER BY lower(login)").fetchall()
        ]
        raise UnknownCandidate(f"There is no candidate {login!r} in the store.", _instead(login, logins, "candidates"))
    return int(row[0]), str(row[1])


def give_reason(connection: DuckDBPyConnection, candidate_id: int, run: RunInfo) -> None:
    """Why the candidate is looked at, as of this run; what the run does not say stays."""
    connection.execute(
        """UPDATE candidate SET basis = coalesce(?, basis), purpose = coalesce(?, purpose),
            delete_after = coalesce(?, delete_after) WHERE candidate_id = ?""",
        [run.basis, run.purpose, run.delete_after, candidate_id],
    )


def source_state(connection: DuckDBPyConnection, login: str) -> str | None:
    """The hash that the newest run was collected at; None for another kind of run and for nobody."""
    row = connection.execute(
        """SELECT source_state FROM run JOIN candidate USING (candidate_id) WHERE lower(login) = lower(?)
        ORDER BY run_id DESC LIMIT 1""",
        [login],
    ).fetchone()
    return None if row is None else row[0]


def _instead(name: str, known: Sequence[str], command: str) -> str:
    """The names that come near, else the first few."""
    if not known:
        return "It holds none yet."
    near = get_close_matches(name.lower(), [k.lower() for k in known], MAX_NAMED)
    if near:
        return f"Did you mean {' or '.join(k for k in known if k.lower() in near)}?"
    more = f" and {len(known) - MAX_NAMED} more" if len(known) > MAX_NAMED else ""
    return f"There are {', '.join(known[:MAX_NAMED])}{more}: see `shiptrace {command}`."


# --- cohorts ---------------------------------------------------------------


def cohorts(connection: DuckDBPyConnection) -> tuple[Cohort, ...]:
    """Every cohort, by name."""
    found = connection.execute(
        """SELECT h.name, list(c.login ORDER BY lower(c.login))
        FROM cohort h JOIN cohort_member USING (cohort_id) JOIN candidate c USING (candidate_id)
        GROUP BY h.cohort_id, h.name ORDER BY lower(h.name)"""
    ).fetchall()
    return tuple(Cohort(name, tuple(logins)) for name, logins in found)


def cohort(connection: DuckDBPyConnection, name: str) -> Cohort:
    """The cohort of that name. Raises :class:`UnknownCohort`."""
    known = cohorts(connection)
    for found in known:
        if found.name.lower() == name.lower():
            return found
    raise UnknownCohort(
        f"There is no cohort {name!r} in the store.", _instead(name, [c.name for c in known], "cohort list")
    )


def add_to_cohort(connection: DuckDBPyConnection, name: str, logins: Sequence[str]) -> Cohort:
    """Put candidates into a cohort, which is made when it is not there; all of them or none.

    Who is in it already stays. Raises :class:`UnknownCandidate`.
    """
    with transaction(connection):
        ids = [find(connection, login)[0] for login in logins]
        cohort_id = _cohort_id(connection, name)
        if cohort_id is None:
            ((cohort_id,),) = connection.execute("SELECT nextval('cohort_id_seq')").fetchall()
            connection.execute("INSERT INTO cohort VALUES (?, ?)", [cohort_id, name])
        members = _members(connection, cohort_id)
        for candidate_id in dict.fromkeys(i for i in ids if i not in members):
            connection.execute("INSERT INTO cohort_member VALUES (?, ?)", [cohort_id, candidate_id])
            audit.note(connection, "added_to_cohort", candidate_id, cohort_id=cohort_id)
        return cohort(connection, name)


def remove_from_cohort(connection: DuckDBPyConnection, name: str, logins: Sequence[str]) -> Cohort:
    """Take candidates out of a cohort, all of them or none; the last one takes it along. Gives who is left in it.

    Raises :class:`UnknownCohort`, and :class:`UnknownCandidate` for somebody who is not in it.
    """
    with transaction(connection):
        found, cohort_id = cohort(connection, name), _cohort_id(connection, name)
        leaving = dict(find(connection, login) for login in logins)
        for candidate_id, login in leaving.items():
            if login not in found.logins:
                raise UnknownCandidate(f"{login} is not in {found.name}.", _instead(login, found.logins, "cohort list"))
            connection.execute(
                "DELETE FROM cohort_member WHERE cohort_id = ? AND candidate_id = ?", [cohort_id, candidate_id]
            )
            audit.note(connection, "removed_from_cohort", candidate_id, cohort_id=cohort_id)
        left = tuple(login for login in found.logins if login not in leaving.values())
        if not left:
            connection.execute("DELETE FROM cohort WHERE cohort_id = ?", [cohort_id])
        return Cohort(found.name, left)


def _cohort_id(connection: DuckDBPyConnection, name: str) -> int | None:
    row = connection.execute("SELECT cohort_id FROM cohort WHERE lower(name) = lower(?)", [name]).fetchone()
    return None if row is None else int(row[0])


def _members(connection: DuckDBPyConnection, cohort_id: int | None) -> set[int]:
    rows = connection.execute("SELECT candidate_id FROM cohort_member WHERE cohort_id = ?", [cohort_id]).fetchall()
    return {int(candidate_id) for (candidate_id,) in rows}
