"""The formulas of catalogue.md §6, with its worked examples."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import pipeline, scoring
from analyzer.model import Attribution, Confidence, IdentitySource, Role
from signals.model import Dimension, Level, PathClass

RUBRIC = pipeline.rubric()
AS_OF = date(2026, 1, 1)
NOW = 1_767_225_600  # 2026-01-01 00:00 UTC


def part(share: float = 1.0, role_weight: float = 1.0, confidence: Confidence = Confidence.HIGH) -> Attribution:
    return Attribution(share, Role.AUTHOR, role_weight, IdentitySource.GIVEN, confidence, "blame", "")


def factors(level: Level = Level.USED, who: Attribution | None = None, **more: object) -> scoring.Factors:
    given_values: dict[str, object] = {
        "path_class": PathClass.CODE,
        "dimension": Dimension.OBSERVABILITY,
        "last_changed_at": NOW,
        "guards": (),
        **more,
    }
    return scoring.factors(level, who or part(), as_of=AS_OF, rubric=RUBRIC, **given_values)  # pyright: ignore[reportArgumentType]


def test_weight_is_the_product_of_the_factors() -> None:
    f = factors(Level.LIVED_IN, part(0.5, 0.5, Confidence.MEDIUM), path_class=PathClass.TEST, guards=("copied_rule",))
    assert (f.level, f.attribution, f.path_class, f.recency, f.guards) == (0.70, 0.5 * 0.5 * 0.85, 0.3, 1.0, 0.1)
    assert scoring.weight(f) == pytest.approx(0.70 * 0.2125 * 0.3 * 0.1)


def test_every_level_role_class_and_confidence_has_a_weight() -> None:
    assert set(RUBRIC.levels) == {level.value for level in Level}
    assert set(RUBRIC.roles) == {role.value for role in Role}
    assert set(RUBRIC.path_classes) == {c.value for c in PathClass}
    assert set(RUBRIC.identity) == {c.value for c in Confidence}


@pytest.mark.parametrize(("age_days", "value"), [(0, 1.0), (-400, 1.0), (36 * 30.4375, 0.8), (100_000, 0.6)])
def test_recency_halves_in_three_years_and_keeps_a_floor(age_days: float, value: float) -> None:
    assert scoring.recency(int(NOW - age_days * 86_400), AS_OF, RUBRIC) == pytest.approx(value, abs=1e-4)


def test_path_class_never_zeroes_research() -> None:
    assert factors(path_class=PathClass.DOCS).path_class == 0.0
    assert factors(path_class=PathClass.DOCS, dimension=Dimension.RESEARCH).path_class == 1.0


def test_forty_declared_rows_stay_at_the_cap_of_declared() -> None:
    assert scoring.signal_in_repository([0.08] * 40, Level.DECLARED, RUBRIC) == 0.15


def test_three_used_signals_do_not_outrank_one_lived_in() -> None:
    used = scoring.signal_in_repository([0.3] * 50, Level.USED, RUBRIC)
    artefacts = scoring.dimension_value([used, used, used], 3, lived_in=False, rubric=RUBRIC)
    lived = scoring.signal_in_repository([0.7 * 0.9], Level.LIVED_IN, RUBRIC)
    assert artefacts == 0.30 < scoring.dimension_value([lived], 3, lived_in=True, rubric=RUBRIC)


def test_worked_example_one_lived_in_and_two_used() -> None:
    assert scoring.dimension_value([0.63, 0.27, 0.27], 3, lived_in=True, rubric=RUBRIC) == pytest.approx(0.45)


def test_weights_are_renormalised_where_a_dimension_has_fewer_signals() -> None:
    assert scoring.dimension_value([0.6], 1, lived_in=True, rubric=RUBRIC) == pytest.approx(0.6)
    assert scoring.dimension_value([0.6], 2, lived_in=True, rubric=RUBRIC) == pytest.approx(0.5 * 0.6 / 0.8)


WEIGHTS = st.lists(st.floats(0, 1), max_size=20)


@given(WEIGHTS, st.floats(0, 1))
def test_more_evidence_never_lowers_a_signal(weights: list[float], more: float) -> None:
    assert scoring.noisy_or([*weights, more]) >= scoring.noisy_or(weights) - 1e-12


@given(WEIGHTS)
def test_order_changes_nothing(weights: list[float]) -> None:
    assert scoring.noisy_or(weights) == scoring.noisy_or(weights[::-1])
    assert scoring.signal_value(weights, RUBRIC) == scoring.signal_value(weights[::-1], RUBRIC)


@given(WEIGHTS)
def test_values_stay_in_the_unit_interval(weights: list[float]) -> None:
    assert 0 <= scoring.noisy_or(weights) <= 1


def test_confidence_grows_with_months() -> None:
    order = [Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH]
    bands = [order.index(scoring.confidence(months, 1.0, 1.0)) for months in range(40)]
    assert bands[0] == 0
    assert bands[-1] == 2
    assert all(a <= b for a, b in pairwise(bands))
