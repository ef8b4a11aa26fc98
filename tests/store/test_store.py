"""Write, read back, replace, keep five runs, and undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from analyzer import scoring
from analyzer.badges import judge
from analyzer.errors import StoreError, UnknownCandidate
from analyzer.model import ActivityRow, RunInfo
from analyzer.scoring import parse_rubric, weights
from analyzer.store import Store, canonical_dump
from signals.model import Dimension
from tests.report.sample import ALERTS, FIX, HEAD, dossier
from tests.store.sample import FACTS, RUN, rows, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


def test_a_dossier_comes_back_as_it_was_written(path: Path) -> None:
    write(path)
    with Store.open(path) as store:
        assert store.read("octo-builder") == dossier()
        assert store.read("OCTO-Builder") == dossier()
        with pytest.raises(UnknownCandidate, match=r"nobody.*octo-builder"):
            store.read("nobody")


def test_facts_are_kept_with_naive_utc_times_and_impossible_dates_as_null(path: Path) -> None:
    write(path)
    assert rows(path, "SELECT sha, authored_at, committed_at, month, role FROM commit_fact ORDER BY sha") == [
        (HEAD, datetime(2023, 11, 14, 22, 13, 20), datetime(2023, 11, 14, 22, 15), "2023-11", "author"),
        (FIX, None, None, None, "committer"),
    ]
    assert rows(path, "SELECT path, month, by_candidate, n_commits, added FROM path_activity ORDER BY path") == [
        ("app.py", "2023-11", True, 1, 3),
        ("deploy/a.yaml", None, False, 7, None),
    ]
    assert rows(path, "SELECT path, status, added FROM change_fact") == [("app.py", "M", 3)]
    assert rows(path, "SELECT name, tagged_at FROM ref ORDER BY name") == [
        ("v1", datetime(2023, 11, 14, 22, 16, 40)),
        ("v2", None),
    ]


def test_a_later_run_replaces_the_facts_and_the_evidence(path: Path) -> None:
    write(path)
    write(path)
    smaller = replace(dossier(), evidence=(ALERTS,), gaps=())
    write(path, smaller, replace(FACTS, commits=(), changes=()))
    with Store.open(path) as store:
        assert store.read("octo-builder") == smaller
    counts = "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT count(*) FROM {})"
    assert rows(path, counts.format("commit_fact", "path_activity", "repository")) == [(0, 2, 3)]
    assert rows(path, counts.format("evidence", "evidence_link", "gap")) == [(1, 2, 0)]
    assert rows(path, counts.format("identity", "signal_repository", "candidate")) == [(2, 12, 1)]


def test_other_candidates_are_left_alone(path: Path) -> None:
    other = replace(dossier(), candidate=replace(dossier().candidate, login="someone-else"))
    write(path, other)
    before = canonical_dump(path)
    write(path)
    write(path)
    with Store.open(path) as store:
        assert store.read("someone-else") == other
    assert set(before.splitlines()) <= set(canonical_dump(path).splitlines())


def test_the_last_five_runs_keep_their_scores(path: Path) -> None:
    for day in range(1, 9):
        write(path, replace(dossier(), as_of=f"2026-01-{day:02}"))
    expected = [(date(2026, 1, day), 4) for day in range(4, 9)]
    counted = "SELECT as_of, count(*) FROM run JOIN {} USING (run_id) GROUP BY ALL ORDER BY ALL"
    assert rows(path, counted.format("signal_score")) == expected
    assert rows(path, counted.format("dimension_score")) == [(day, 11) for day, _ in expected]
    assert rows(path, "SELECT count(*) FROM signal_score") == [(20,)]


def test_basis_and_purpose_stay_until_they_are_said_anew(path: Path) -> None:
    write(path, run=replace(RUN, basis="applied", purpose="ML engineer", delete_after=date(2027, 1, 1)))
    write(path, run=replace(RUN, purpose="Staff engineer"))
    assert rows(path, "SELECT basis, purpose, delete_after FROM candidate") == [
        ("applied", "Staff engineer", date(2027, 1, 1))
    ]


def test_times_of_a_run_are_stored_in_utc(path: Path) -> None:
    east = timezone(timedelta(hours=9))
    write(path, run=RunInfo(datetime(2026, 1, 1, 3, tzinfo=east), datetime(2026, 1, 1, 4)))
    assert rows(path, "SELECT started_at, finished_at FROM run") == [
        (datetime(2025, 12, 31, 18), datetime(2026, 1, 1, 4))
    ]


def test_an_error_in_the_source_of_the_rows_undoes_everything(path: Path) -> None:
    write(path)
    before = canonical_dump(path)

    def failing() -> Iterator[ActivityRow]:
        for n in range(20_000):
            yield ActivityRow(f"f{n}", "code", False, "2023-11", True, 1, None, None)
        raise RuntimeError("git died")

    with Store.open(path) as store:
        with pytest.raises(RuntimeError, match="git died"):
            store.write(replace(dossier(), gaps=()), (replace(FACTS, activity=failing()),), RUN)
        assert store.read("octo-builder") == dossier()
    assert canonical_dump(path) == before


def test_a_row_that_duckdb_refuses_undoes_everything_and_says_so(path: Path) -> None:
    write(path)
    before = canonical_dump(path)
    bad = replace(dossier(), repositories=tuple(replace(r, first_commit="long ago") for r in dossier().repositories))
    with Store.open(path) as store, pytest.raises(StoreError, match="intact"):
        store.write(bad, (), RUN)
    assert canonical_dump(path) == before


def test_dumps_do_not_depend_on_keys_or_clocks(tmp_path: Path) -> None:
    other = replace(dossier(), candidate=replace(dossier().candidate, login="someone-else"))
    one, two = tmp_path / "one.duckdb", tmp_path / "two.duckdb"
    write(one)
    write(one, other)
    write(two, other, run=replace(RUN, started_at=datetime(2020, 1, 1, tzinfo=UTC)))
    write(two)
    assert canonical_dump(one) == canonical_dump(two)
    write(two, replace(other, gaps=()))
    assert canonical_dump(one) != canonical_dump(two)


def test_a_run_that_ended_as_the_one_before_takes_its_place(path: Path) -> None:
    write(path)
    write(path, run=replace(RUN, finished_at=datetime(2026, 12, 1)))
    assert rows(path, "SELECT run_id, finished_at FROM run") == [(2, datetime(2026, 12, 1))]
    assert rows(path, "SELECT DISTINCT run_id FROM badge UNION SELECT DISTINCT run_id FROM signal_score") == [(2,)]
    write(path, run=replace(RUN, tool_version="0.2.0"))
    score = replace(dossier().signals[0], reason="seen differently")
    write(path, replace(dossier(), signals=(score, *dossier().signals[1:])), run=replace(RUN, tool_version="0.2.0"))
    assert rows(path, "SELECT run_id FROM run ORDER BY 1") == [(2,), (3,), (4,)]
    write(path)  # only the newest is replaced: what was so once was so
    assert rows(path, "SELECT run_id FROM run ORDER BY 1") == [(2,), (3,), (4,), (5,)]


def test_badges_are_stored_with_their_gates(path: Path) -> None:
    write(path)
    stored = rows(path, "SELECT badge, title, is_given, gates FROM badge ORDER BY ordinal")
    assert [(b.badge, b.title, b.is_given) for b in judge(dossier())] == [row[:3] for row in stored]
    assert [[asdict(g) | {"evidence": list(g.evidence)} for g in b.gates] for b in judge(dossier())] == [
        json.loads(row[3]) for row in stored
    ]
    met = "SELECT count(*) FROM badge, unnest(gates::JSON[]) AS g(gate) WHERE NOT (gate ->> 'is_met')::BOOLEAN"
    assert rows(path, met)[0][0] > 0


def test_weights_are_kept_for_every_rubric(path: Path) -> None:
    rubric = parse_rubric((Path(scoring.__file__).parent / "rubric.toml").read_text())
    known = weights(rubric)
    with Store.open(path) as store:
        store.describe((), "1", known)
        store.describe((), "2", {**known, ("levels", "used"): 0.5})
        store.describe((), "1", known)
        assert store.weights("1") == known
        assert store.weights("2")["levels", "used"] == 0.5
        assert store.weights("3") == {}
        store.describe((), "2", known)
        assert store.weights("2") == known
    assert known["dimension", "weight_3"] == rubric.dimension_weights[2]
    assert known["signal", "max_weight"] == scoring.MAX_WEIGHT


def test_signals_are_described_and_the_dimensions_are_those_of_the_code(path: Path) -> None:
    from analyzer.store.rows import of_signals
    from signals.base import active

    with Store.open(path) as store:
        store.describe(of_signals(active()), "1", {})
        store.describe(of_signals(active()), "1", {})
    known = rows(path, "SELECT signal, dimension, version FROM signal ORDER BY signal")
    assert known == [(s.id, s.dimension.value, s.rule.version) for s in active()]
    assert rows(path, "SELECT dimension FROM dimension ORDER BY ordinal") == [(d.value,) for d in Dimension]
