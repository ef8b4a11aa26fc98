"""Who is in the store and in which cohorts, and the log of what was done with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from analyzer.errors import StoreError, UnknownCandidate, UnknownCohort, UsageError
from analyzer.store import Reader, Store, canonical_dump, read, read_many
from tests.report.sample import dossier
from tests.store.sample import RUN, named, rows, write

LOGINS = ("octo-builder", "Octo-Breaker", "someone-else")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with three candidates."""
    path = tmp_path / "s.duckdb"
    for login in LOGINS:
        write(path, named(login))
    return path


def members(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    with Reader.open(path) as store:
        return [(c.name, c.logins) for c in store.cohorts()]


def test_everybody_is_listed_by_login_with_the_newest_run(path: Path) -> None:
    run = replace(RUN, basis="applied", purpose="ML engineer", delete_after=date(2027, 1, 1))
    write(path, replace(named("someone-else"), as_of="2026-11-22"), run=run)
    with Store.open(path) as store:
        store.add_to_cohort("b", ["someone-else"])
        store.add_to_cohort("A", ["someone-else", "octo-builder"])
    with Reader.open(path) as store:
        found = store.candidates()
        assert [c.login for c in found] == ["Octo-Breaker", "octo-builder", "someone-else"]
        assert found[0].cohorts == ()
        assert store.candidate("SOMEONE-else") == found[2]
        assert store.candidates(cohort="a") == found[1:]
    last = found[2]
    assert (last.basis, last.purpose, last.delete_after) == ("applied", "ML engineer", date(2027, 1, 1))
    assert (last.as_of, last.n_repositories, last.cohorts) == (date(2026, 11, 22), 3, ("A", "b"))
    assert last.summary == dossier().profile.summary


def test_an_unknown_login_names_those_that_come_near(path: Path) -> None:
    with pytest.raises(UnknownCandidate, match=r"'octo-bilder'.*octo-builder") as near:
        read(path, "octo-bilder")
    assert near.value.exit_code == 2
    assert "someone-else" not in str(near.value)
    with pytest.raises(UnknownCandidate, match=r"'zzz'.*Octo-Breaker, octo-builder, someone-else"):
        read_many(path, ["octo-builder", "zzz"])
    with pytest.raises(UnknownCohort, match="'team'"):
        read_many(path, cohort="team")


def test_several_are_read_in_the_order_given_and_nobody_twice(path: Path) -> None:
    with Store.open(path) as store:
        store.add_to_cohort("team", ["octo-builder", "octo-breaker"])
    found = read_many(path, ["someone-else", "OCTO-builder", "Someone-Else"], cohort="Team")
    assert [d.candidate.login for d in found] == ["someone-else", "octo-builder", "Octo-Breaker"]
    assert found[1] == dossier()


def test_a_cohort_lasts_as_long_as_somebody_is_in_it(path: Path) -> None:
    with Store.open(path) as store:
        assert store.add_to_cohort("Team", ["octo-builder", "OCTO-builder"]).logins == ("octo-builder",)
        assert store.add_to_cohort("TEAM", ["octo-builder", "someone-else"]).name == "Team"
        store.add_to_cohort("other", ["someone-else"])
    assert members(path) == [("other", ("someone-else",)), ("Team", ("octo-builder", "someone-else"))]
    with Store.open(path) as store:
        assert store.remove_from_cohort("team", ["SOMEONE-ELSE"]).logins == ("octo-builder",)
        assert store.remove_from_cohort("team", ["octo-builder"]).logins == ()
        with pytest.raises(UnknownCohort):
            store.cohort("team")
    assert members(path) == [("other", ("someone-else",))]


@pytest.mark.parametrize("act", ["add_to_cohort", "remove_from_cohort"])
def test_one_wrong_login_changes_nothing(path: Path, act: str) -> None:
    with Store.open(path) as store:
        store.add_to_cohort("team", ["octo-builder"])
    before = canonical_dump(path), rows(path, "FROM audit_log")
    with Store.open(path) as store, pytest.raises(UnknownCandidate, match="nobody"):
        getattr(store, act)("team", ["octo-builder", "someone-else", "nobody"])
    with Store.open(path) as store, pytest.raises(UnknownCandidate, match="someone-else is not in team"):
        store.remove_from_cohort("team", ["octo-builder", "someone-else"])
    assert (canonical_dump(path), rows(path, "FROM audit_log")) == before


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[2J"])
def test_a_cohort_has_a_name_that_can_be_printed(path: Path, name: str) -> None:
    with Store.open(path) as store, pytest.raises(UsageError, match="no name for a cohort"):
        store.add_to_cohort(name, ["octo-builder"])


def test_members_stay_through_later_runs(path: Path) -> None:
    with Store.open(path) as store:
        store.add_to_cohort("team", ["octo-builder"])
    write(path)
    assert members(path) == [("team", ("octo-builder",))]


def test_acts_are_logged_by_day(path: Path) -> None:
    with Store.open(path) as store:
        store.add_to_cohort("team", ["octo-builder", "someone-else"])
        store.add_to_cohort("team", ["octo-builder"])
        store.remove_from_cohort("team", ["someone-else"])
    logged = "SELECT act, candidate_id, cohort_id FROM audit_log ORDER BY audit_id"
    assert rows(path, logged) == [
        *(("written", n, None) for n in (1, 2, 3)),
        *(("added_to_cohort", n, 1) for n in (1, 3)),
        ("removed_from_cohort", 3, 1),
    ]
    assert rows(path, "SELECT DISTINCT happened_on FROM audit_log") == [(datetime.now(UTC).date(),)]


def test_reading_needs_no_right_to_write_and_makes_no_file(path: Path) -> None:
    path.chmod(0o400)
    before = path.stat().st_mtime_ns
    with Reader.open(path) as one, Reader.open(path) as two:
        assert one.read("octo-builder") == two.read("octo-builder")
        assert one.weights("none") == {}
    assert path.stat().st_mtime_ns == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    with pytest.raises(StoreError, match="There is no store"):
        Reader.open(path.with_name("none"))
    with pytest.raises(StoreError, match="There is no store"):
        Store.open(path.with_name("none"), create=False)
