"""States, values and order, from plain results without git."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from analyzer import attribution as att
from analyzer import pipeline
from analyzer.dossier import assemble
from analyzer.frame import Frame, RepositoryResult
from analyzer.identity import candidate_for
from analyzer.kind import Judged, Kind
from analyzer.model import (
    Confidence,
    Coverage,
    DimensionScore,
    Dossier,
    Finding,
    Identity,
    IdentitySource,
    OwnCommit,
    Role,
    State,
)
from signals.base import active
from signals.kernel import Failure
from signals.model import Commit, Evidence, Level, Lines, PathClass, Person

SIGNAL = "alert-rules"
HEAD = "f" * 40
ME = Person("Sam", "sam@demo.example")
MINE = OwnCommit(
    Commit("a" * 40, (), ME, ME, 0, 0, "x"),
    Role.AUTHOR,
    1.0,
    Identity("sam@demo.example", IdentitySource.GIVEN, Confidence.MEDIUM),
)
FRAME = Frame(
    candidate_for("demo-sam", ["sam@demo.example"]), date(2026, 1, 1), active(), pipeline.rubric(), lambda text: text
)


def finding(
    path: str = "alerts.yml", level: Level = Level.USED, mine: bool = True, path_class: PathClass = PathClass.CODE
) -> Finding:
    evidence = Evidence(
        SIGNAL, Lines(HEAD, path, 3, 5, (9,)), Level.USED, path_class, "3 alerting rules", "- alert: X", {}
    )
    part = att.by_blame([3], {3: MINE.commit.sha if mine else "b" * 40}, {MINE.commit.sha: MINE})
    return Finding(evidence, "", part, Level.USED, level, (), 1_700_000_000, (), {"n": 3})


def repository(
    name: str = "demo/one", *found: Finding, months: int = 12, kind: Kind = Kind.SERVICE
) -> RepositoryResult:
    return RepositoryResult(
        full_name=name,
        sha=HEAD,
        web_url=f"https://github.com/{name}",
        kind=Judged(kind, ("for the test",)),
        state="complete",
        reason="",
        commits=100,
        candidate_commits=10 if months else 0,
        coverage=Coverage(10, 10, 0),
        own_months=months,
        findings=tuple(replace(f, repository=name) for f in found),
    )


def state(dossier: Dossier, signal: str = SIGNAL) -> State:
    return next(s.state for s in dossier.signals if s.signal == signal)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (repository("demo/one", finding()), State.OBSERVED),
        (repository("demo/one", finding(mine=False)), State.ABSENT),
        (repository(), State.ABSENT),
        (repository(months=5), State.NOT_OBSERVED),
        (repository(months=6), State.ABSENT),
        (repository(months=0), State.NOT_OBSERVED),
        (repository(kind=Kind.LIBRARY), State.NOT_OBSERVED),
        (replace(repository(), not_checked={SIGNAL: "the signal failed here"}), State.NOT_CHECKED),
        (replace(repository(), state="failed", reason="git log failed"), State.NOT_CHECKED),
    ],
)
def test_state_of_a_signal(result: RepositoryResult, expected: State) -> None:
    dossier = assemble(FRAME, [result])
    assert state(dossier) is expected
    score = next(s for s in dossier.signals if s.signal == SIGNAL)
    assert (score.value is not None) is (expected is State.OBSERVED)
    assert score.reason


def test_every_active_signal_and_every_dimension_stands_once() -> None:
    dossier = assemble(FRAME, [])
    assert [s.signal for s in dossier.signals] == [s.id for s in active()]
    assert len(dossier.dimensions) == 11
    assert not any(d.dimension == "research" for d in dossier.dimensions)


def test_evidence_of_others_is_listed_and_weighs_nothing() -> None:
    dossier = assemble(FRAME, [repository("demo/one", finding(mine=False))])
    (row,) = dossier.evidence
    assert (row.attribution.share, row.weight) == (0.0, 0.0)
    assert "the work of others" in dossier.profile.summary


def test_one_lived_in_row_outranks_any_number_of_used_ones() -> None:
    used = assemble(FRAME, [repository("demo/one", *(finding(f"a{n}.yml") for n in range(9)))])
    lived = assemble(FRAME, [repository("demo/one", finding(level=Level.LIVED_IN))])
    assert (_dimension(used).value or 0) <= 0.30
    assert _rank(_dimension(used)) < _rank(_dimension(lived))


def _rank(dimension: DimensionScore) -> tuple[int, float]:
    assert dimension.best_level is not None
    return dimension.best_level.rank, dimension.value or 0


def _dimension(dossier: Dossier) -> DimensionScore:
    return next(d for d in dossier.dimensions if d.dimension == "observability")


def test_order_of_repositories_changes_nothing() -> None:
    results = [repository("demo/a", finding()), repository("demo/b"), repository("demo/c", finding(mine=False))]
    first, *others = [assemble(FRAME, list(order)) for order in permutations(results)]
    assert all(other == first for other in others)


def test_links_carry_the_sha_and_the_lines() -> None:
    (row,) = assemble(FRAME, [repository("demo/one", finding("a b/ü.yml"))]).evidence
    assert row.url == f"https://github.com/demo/one/blob/{HEAD}/a%20b/%C3%BC.yml#L3-L5"
    assert (row.line_start, row.line_end, row.more_lines) == (3, 5, (9,))


def test_a_failed_signal_is_a_gap_with_its_name() -> None:
    result = replace(
        repository(),
        failures=(Failure(SIGNAL, "alerts.yml", "the signal failed here: ValueError"),),
        not_checked={SIGNAL: "the signal failed here: ValueError"},
    )
    gaps = assemble(FRAME, [result]).gaps
    assert [(g.what, g.signal) for g in gaps] == [("alerts.yml", SIGNAL)]


def test_ids_differ_by_place_and_are_stable() -> None:
    rows = assemble(FRAME, [repository("demo/one", finding("a.yml"), finding("b.yml"))]).evidence
    again = assemble(FRAME, [repository("demo/one", finding("b.yml"), finding("a.yml"))]).evidence
    assert len({row.id for row in rows}) == 2
    assert [row.id for row in rows] == [row.id for row in again]


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ((PathClass.CODE,), Confidence.HIGH),
        ((PathClass.EXAMPLE, PathClass.CI), Confidence.HIGH),
        ((PathClass.EXAMPLE, PathClass.TEST), Confidence.MEDIUM),
    ],
)
def test_evidence_in_examples_alone_is_never_sure(classes: tuple[PathClass, ...], expected: Confidence) -> None:
    found = [finding(f"alerts{n}.yml", path_class=path_class) for n, path_class in enumerate(classes)]
    dossier = assemble(FRAME, [repository("demo/one", *found, months=36)])
    assert _dimension(dossier).confidence is expected


def test_months_where_it_cannot_be_expected_make_nothing_surer() -> None:
    library = repository("demo/lib", months=60, kind=Kind.LIBRARY)
    dossier = assemble(FRAME, [repository("demo/one", finding(), months=3), library])
    assert _dimension(dossier).confidence is Confidence.LOW


def test_a_repository_without_a_commit_of_the_person_says_so() -> None:
    (score,) = (s for s in assemble(FRAME, [repository(months=0)]).signals if s.signal == SIGNAL)
    assert score.by_repository[0].reason == "nothing found; this person has no commit here"
