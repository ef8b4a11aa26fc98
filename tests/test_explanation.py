"""What is explained is what was stored: every value comes out again, and each step can be redone by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from analyzer import scoring
from analyzer.dossier import assemble
from analyzer.explanation import Explanation, InRepository, explain, narrowed
from analyzer.frame import RepositoryResult
from analyzer.model import Dossier, State
from signals.model import Dimension, Level, PathClass
from tests import drawn
from tests.drawn import DAY, FRAME, NOW, finding, part, repository

RUBRIC = FRAME.rubric


def explained(*results: RepositoryResult) -> Explanation:
    return explain(assemble(FRAME, results), RUBRIC)


def places(explanation: Explanation) -> list[InRepository]:
    return [place for d in explanation.dimensions for s in d.signals for place in s.repositories]


@given(drawn.repositories())
@settings(max_examples=60, deadline=None)
def test_every_value_comes_out_again(results: list[RepositoryResult]) -> None:
    dossier = assemble(FRAME, results)
    explanation = explain(dossier, RUBRIC)
    assert explanation.mismatches == ()
    assert explanation.n_values == len(dossier.evidence) + len(dossier.signals) + len(dossier.dimensions) + 1
    own = sum(e.attribution.share > 0 for e in dossier.evidence)
    assert sum(len(place.pieces) for place in places(explanation)) == own


@given(drawn.repositories())
@settings(max_examples=60, deadline=None)
def test_each_step_can_be_redone_by_hand(results: list[RepositoryResult]) -> None:
    explanation = explained(*results)
    for place in places(explanation):
        left = 1.0
        for piece in place.pieces:
            f, share = piece.evidence.factors, piece.evidence.attribution.share
            assert f.attribution == pytest.approx(share * piece.role * piece.identity)
            assert piece.weight == pytest.approx(
                min(0.999, f.level * f.attribution * f.path_class * f.recency * f.guards)
            )
            left *= 1 - piece.weight
            assert piece.left == pytest.approx(left)
        assert place.joined == pytest.approx(1 - left)
        assert place.value == min(place.joined, place.cap)
    for d in explanation.dimensions:
        for s in d.signals:
            counted = [place.value for place in s.repositories if place.is_counted]
            assert len(counted) == min(5, len(s.repositories))
            assert (s.value is None) is not counted
            assert (s.value or 0) == pytest.approx(1 - math.prod(1 - min(v, 0.999) for v in counted))
        if d.mean is not None and d.value is not None:
            total = sum(term.weight for term in d.terms)
            assert d.mean == pytest.approx(sum(term.weight * term.value for term in d.terms) / total)
            assert d.value == (d.mean if d.cap is None else min(d.mean, d.cap))
            assert [t.value for t in d.terms] == sorted((t.value for t in d.terms), reverse=True)


def test_the_cap_of_a_level_and_the_best_five_repositories_are_said() -> None:
    many = [finding("alert-rules", f"{n}.yml", Level.DECLARED) for n in range(9)]
    results = [repository(f"demo/r{n}", *many[: n + 1]) for n in range(7)]
    (signal,) = narrowed(explained(*results), Dimension.OBSERVABILITY, "alert-rules").dimensions[0].signals
    assert [place.is_counted for place in signal.repositories] == [True] * 5 + [False] * 2
    assert signal.repositories[0].joined > signal.repositories[0].cap == signal.repositories[0].value == 0.15


def test_the_cap_of_a_dimension_without_anything_lived_in() -> None:
    used = [finding("alert-rules", f"{n}.yml") for n in range(9)]
    others = [finding(name, f"{name}{n}") for name in ("health-probes", "error-tracking") for n in range(9)]
    d = narrowed(explained(repository("demo/one", *used, *others)), Dimension.OBSERVABILITY).dimensions[0]
    assert d.mean == pytest.approx(0.55)
    assert (d.cap, d.value, d.stored) == (0.30, 0.30, 0.30)
    lived = finding("alert-rules", "lived.yml", Level.LIVED_IN)
    d = narrowed(explained(repository("demo/one", *used, lived)), Dimension.OBSERVABILITY).dimensions[0]
    assert d.cap is None


def test_work_of_others_is_kept_apart() -> None:
    dossier = assemble(FRAME, [repository("demo/one", finding("alert-rules", whose=part(0.0)))])
    (signal,) = narrowed(explain(dossier, RUBRIC), Dimension.OBSERVABILITY, "alert-rules").dimensions[0].signals
    assert (signal.value, signal.repositories, len(signal.others)) == (None, (), 1)
    assert signal.score.state is State.ABSENT


def test_research_has_neither_cap_nor_level_to_reach() -> None:
    dossier = assemble(FRAME, [repository("demo/one", finding("paper-artifact", path_class=PathClass.DOCS))])
    d = narrowed(explain(dossier, RUBRIC), Dimension.RESEARCH).dimensions[0]
    assert (d.cap, d.state) == (None, State.OBSERVED)
    assert d.value == d.stored == dossier.research.value


@pytest.mark.parametrize("days", [0, 1, 400, 5_000])
def test_the_age_behind_a_recency(days: int) -> None:
    result = repository("demo/one", finding("alert-rules", changed_at=NOW - days * DAY))
    ((piece,),) = [place.pieces for place in places(explained(result))]
    assert piece.months == pytest.approx(days / 365.25 * 12, abs=0.01)


def test_a_guard_has_a_name() -> None:
    result = repository("demo/one", finding("alert-rules", guards=("bulk_import",)), finding("alert-rules", "b"))
    ((first, second),) = [place.pieces for place in places(explained(result))]
    assert (first.guards, second.guards) == ((), ("bulk_import",))


# --- what does not agree ---------------------------------------------------


def _signal_off(d: Dossier) -> Dossier:
    return replace(d, signals=tuple(replace(s, value=0.5) if s.signal == "alert-rules" else s for s in d.signals))


def _signal_hidden(d: Dossier) -> Dossier:
    return replace(d, signals=tuple(replace(s, value=None) if s.signal == "alert-rules" else s for s in d.signals))


def _dimension_off(d: Dossier) -> Dossier:
    return replace(
        d,
        dimensions=tuple(
            replace(s, value=(s.value or 0) + 1e-6) if s.dimension is Dimension.OBSERVABILITY else s
            for s in d.dimensions
        ),
    )


def _weight_off(d: Dossier) -> Dossier:
    return replace(d, evidence=tuple(replace(e, weight=e.weight * 1.1) for e in d.evidence))


def _level_raised(d: Dossier) -> Dossier:
    return replace(d, evidence=tuple(replace(e, level=Level.LIVED_IN) for e in d.evidence))


def _row_lost(d: Dossier) -> Dossier:
    return replace(d, evidence=d.evidence[1:])


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_signal_off, {"signal alert-rules"}),
        (_signal_hidden, {"signal alert-rules"}),
        (_dimension_off, {"dimension observability"}),
        (_weight_off, {"evidence"}),
        (_level_raised, {"evidence", "signal alert-rules", "dimension observability"}),
        (_row_lost, {"signal alert-rules", "dimension observability"}),
    ],
)
def test_a_value_that_does_not_follow_is_named(spoil: Callable[[Dossier], Dossier], named: set[str]) -> None:
    result = repository("demo/one", finding("alert-rules"), finding("alert-rules", "b.yml", Level.DECLARED))
    wrong = explain(spoil(assemble(FRAME, [result])), RUBRIC).mismatches
    assert {w.what.split(" ")[0] if w.what.startswith("evidence") else w.what for w in wrong} == named
    assert all(w.stored != w.recomputed for w in wrong)


def test_other_weights_do_not_explain_the_values() -> None:
    dossier = assemble(FRAME, [repository("demo/one", finding("alert-rules"))])
    other = replace(RUBRIC, levels={**RUBRIC.levels, "used": 0.31})
    assert explain(dossier, other).mismatches


def test_a_rubric_comes_back_from_its_stored_weights() -> None:
    given_weights = scoring.weights(RUBRIC)
    stored = {key: given_weights[key] for key in reversed(list(given_weights))}
    assert scoring.of_weights(RUBRIC.version, stored) == RUBRIC
    assert scoring.recency(NOW, date(2026, 1, 1), scoring.of_weights("1", stored)) == 1.0
