"""What must hold whatever is found. The same through the whole pipeline: ``test_properties_of_scans.py``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.dossier import assemble
from analyzer.frame import RepositoryResult
from analyzer.model import DimensionScore, Dossier, Finding, SignalScore, State
from signals.model import Dimension, Level
from tests import drawn
from tests.drawn import DAY, FRAME, NOW, finding, part, repository

LADDER = (State.OBSERVED, State.NOT_CHECKED, State.NOT_OBSERVED, State.ABSENT)
WIDE = [d for d in Dimension if d is not Dimension.RESEARCH and len(drawn.signals_of(d)) >= 3]
"""The dimensions in which three used signals can stand against a lived-in one."""

properties = settings(max_examples=60, deadline=None)


def dimension_of(dossier: Dossier, dimension: Dimension) -> DimensionScore:
    return next(d for d in dossier.dimensions if d.dimension is dimension)


def rank(d: DimensionScore) -> tuple[int, float]:
    """The order in which dimensions are shown: best level first, then value."""
    return (d.best_level.rank if d.best_level else -1, d.value or 0.0)


# --- lived-in before everything --------------------------------------------

shares = st.floats(0.01, 1.0)
ages = st.integers(0, 6_000)


def against(dimension: Dimension, share: float, age: int, copies: int) -> tuple[DimensionScore, DimensionScore]:
    """Three used signals, each so many times, and one lived-in piece of equal part and age, on code."""
    used, at = drawn.signals_of(dimension)[:3], NOW - age * DAY
    artefacts = [finding(s, f"{s}{n}", Level.USED, part(share), changed_at=at) for s in used for n in range(copies)]
    lived = finding(used[0], "lived", Level.LIVED_IN, part(share), changed_at=at)
    first, second = (assemble(FRAME, [repository("demo/one", *found)]) for found in (artefacts, [lived]))
    return dimension_of(first, dimension), dimension_of(second, dimension)


@given(st.sampled_from(WIDE), shares, ages, st.integers(1, 30))
@properties
def test_three_used_signals_never_outrank_one_lived_in(
    dimension: Dimension, share: float, age: int, copies: int
) -> None:
    artefacts, lived = against(dimension, share, age, copies)
    assert rank(artefacts) < rank(lived)
    assert artefacts.value is not None
    assert artefacts.value <= FRAME.rubric.without_lived_in


@given(st.sampled_from(WIDE), shares, ages)
@properties
def test_piece_for_piece_the_plain_value_agrees(dimension: Dimension, share: float, age: int) -> None:
    """0.30·a·r for three used pieces, 0.35·a·r for the one: without saturation the value alone has the same order."""
    artefacts, lived = against(dimension, share, age, copies=1)
    assert (artefacts.value or 0) < (lived.value or 0)


def test_the_plain_value_alone_would_not_always_agree() -> None:
    """Thirty used pieces reach the cap of 0.30; one old lived-in piece is 0.21. So the level has to come first."""
    artefacts, lived = against(Dimension.OBSERVABILITY, 1.0, 40_000, copies=30)
    assert (artefacts.value or 0) > (lived.value or 0)
    assert rank(artefacts) < rank(lived)


# --- more evidence never lowers --------------------------------------------


def values(dossier: Dossier) -> dict[str, float]:
    """All values by name; what is not observed has none, which counts as 0 here only."""
    named: Sequence[tuple[str, float | None]] = [
        *((s.signal, s.value) for s in dossier.signals),
        *((d.dimension.value, d.value) for d in dossier.dimensions),
        ("research axis", dossier.research.value),
    ]
    return {name: value or 0.0 for name, value in named}


@given(drawn.repositories(), drawn.findings(guarded=False), st.integers(0, 7))
@properties
def test_adding_evidence_never_lowers_a_value(results: list[RepositoryResult], more: Finding, where: int) -> None:
    read = [r for r in results if r.state != "failed"]
    chosen = read[where % len(read)] if read else repository("demo/new")
    grown = replace(chosen, findings=(*chosen.findings, replace(more, repository=chosen.full_name)))
    before, after = (assemble(FRAME, [*(r for r in results if r is not chosen), r]) for r in (chosen, grown))
    lower, higher = values(before), values(after)
    assert all(lower[name] <= higher[name] + 1e-12 for name in lower)
    assert all(rank(a)[0] <= rank(b)[0] for a, b in zip(before.dimensions, after.dimensions, strict=True))


@given(drawn.repositories(), st.integers(0, 24))
@properties
def test_a_repository_without_evidence_changes_no_value(results: list[RepositoryResult], months: int) -> None:
    """Nothing is scored down for absence: more places to look in, and nothing found there."""
    assert values(assemble(FRAME, [*results, repository("demo/empty", months=months)])) == values(
        assemble(FRAME, results)
    )


@given(drawn.repositories(), drawn.findings())
@properties
def test_work_of_others_changes_no_value(results: list[RepositoryResult], theirs: Finding) -> None:
    added = repository("demo/theirs", replace(theirs, attribution=part(0.0)))
    assert values(assemble(FRAME, [*results, added])) == values(assemble(FRAME, results))


# --- order -----------------------------------------------------------------


@given(drawn.repositories(), st.randoms(use_true_random=False))
@properties
def test_order_changes_nothing(results: list[RepositoryResult], random: Random) -> None:
    shuffled = [replace(r, findings=tuple(random.sample(r.findings, len(r.findings)))) for r in results]
    random.shuffle(shuffled)
    assert assemble(FRAME, shuffled) == assemble(FRAME, results)


# --- states ----------------------------------------------------------------


@given(drawn.repositories())
@properties
def test_states_obey_the_ladder(results: list[RepositoryResult]) -> None:
    dossier = assemble(FRAME, results)
    by_name = {r.full_name: r for r in results}
    for s in dossier.signals:
        own = {e.repository for e in dossier.evidence if e.signal == s.signal and e.attribution.share > 0}
        for place in s.by_repository:
            _check_place(place.state, by_name[place.full_name], s.signal, is_own=place.full_name in own)
            assert place.reason
        _check_signal(s, results)
    for d in dossier.dimensions:
        states = {s.state for s in dossier.signals if s.signal in d.signals}
        assert d.state is next(state for state in LADDER if state in states)
        assert (d.value is None) is (d.best_level is None) is (d.confidence is None) is (d.state is not State.OBSERVED)


def _check_place(state: State, result: RepositoryResult, signal: str, *, is_own: bool) -> None:
    unlooked = result.state == "failed" or signal in result.not_checked
    if is_own:
        assert state is State.OBSERVED
    elif unlooked:
        assert state is State.NOT_CHECKED
    else:
        assert state in (State.ABSENT, State.NOT_OBSERVED)
        assert state is State.NOT_OBSERVED or result.own_months >= 6


def _check_signal(score: SignalScore, results: Sequence[RepositoryResult]) -> None:
    states = {place.state for place in score.by_repository}
    assert (score.value is None) is (score.state is not State.OBSERVED)
    assert (not score.evidence) is (score.state is not State.OBSERVED)
    for state in (State.OBSERVED, State.NOT_CHECKED):
        if state in states:
            assert score.state is state
            return
    assert score.state in (State.ABSENT, State.NOT_OBSERVED)
    assert score.state is State.NOT_OBSERVED or sum(r.own_months for r in results) >= 6


# --- the rubric ------------------------------------------------------------


def test_weights_are_shares_and_rise_with_the_level() -> None:
    rubric = FRAME.rubric
    tables: Sequence[Mapping[str, float]] = (
        rubric.levels,
        rubric.roles,
        rubric.identity,
        rubric.path_classes,
        rubric.guards,
        rubric.caps,
    )
    assert all(0 <= value <= 1 for table in tables for value in table.values())
    for table in (rubric.levels, rubric.caps):
        assert set(table) == set(Level)
        assert all(table[low] < table[high] for low, high in pairwise(sorted(Level, key=lambda level: level.rank)))
    assert all(rubric.caps[level] >= rubric.levels[level] for level in Level)
    assert 0 < rubric.recency_floor <= 1
    assert math.isclose(sum(rubric.dimension_weights), 1)
    assert list(rubric.dimension_weights) == sorted(rubric.dimension_weights, reverse=True)
    assert rubric.levels["lived-in"] > rubric.without_lived_in > rubric.caps["declared"]
