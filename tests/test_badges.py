"""The gates of the badges: each is needed, and a template, a library or mere use gets none."""

from __future__ import annotations

import pytest

from analyzer import badges
from analyzer.model import Dossier, DossierEvidence
from signals.model import Level, PathClass
from tests.told import months, repository, row, told

USED = Level.USED
OPERATED = (row("alert-rules"), row("revert-commit"), row("ci-gate"), months(6))
SERVED = (row("inference-server-config", USED), row("model-version-pin-swap"))


def given(dossier: Dossier) -> set[str]:
    return {badge.badge for badge in badges.judge(dossier) if badge.is_given}


def test_operated_in_anger() -> None:
    assert given(told(*OPERATED)) == {"operated-in-anger"}


@pytest.mark.parametrize("missing", range(len(OPERATED)))
def test_every_part_of_operated_in_anger_is_needed(missing: int) -> None:
    assert not given(told(*(r for n, r in enumerate(OPERATED) if n != missing)))


@pytest.mark.parametrize("kind", ["library", "research", "notebooks", "template or course", "other"])
def test_nothing_is_operated_where_nothing_runs(kind: str) -> None:
    assert not given(told(*OPERATED, repositories=(repository(kind=kind),)))


def test_what_is_lived_in_elsewhere_does_not_count_with_the_months_here() -> None:
    """Nor do a few months here count with what is lived-in here."""
    both = (repository(), repository("acme/lib", "library"))
    assert not given(told(*(row(r.signal, at="acme/lib") for r in OPERATED[:-1]), months(6), repositories=both))
    assert not given(told(*OPERATED[:-1], months(5)))


def test_what_a_library_shows_as_well_proves_no_operation() -> None:
    rows = (row("revert-commit"), row("outbound-timeouts"), row("ci-gate"), row("bounded-retry"), months(30))
    assert not given(told(*rows))


def test_observability_and_model_monitoring_are_one_field() -> None:
    rows = (row("alert-rules"), row("drift-detection"), row("revert-commit"), months(6))
    assert "operated-in-anger" not in given(told(*rows))


def test_ml_in_production() -> None:
    assert given(told(*SERVED)) == {"ml-in-production"}


@pytest.mark.parametrize(
    "rows",
    [
        (row("inference-server-config", USED), row("model-version-pin-swap", USED)),
        (row("model-version-pin-swap"),),
        (row("inference-server-config"),),
        (row("inference-server-config", USED, at="other/site"), row("model-version-pin-swap")),
        (row("inference-server-config", USED, path_class=PathClass.EXAMPLE), row("model-version-pin-swap")),
        (row("inference-server-config", USED, share=0.0), row("model-version-pin-swap")),
        (row("inference-server-config", Level.DECLARED), row("drift-detection")),
    ],
)
def test_ml_in_production_needs_both_together_and_a_history(rows: tuple[DossierEvidence, ...]) -> None:
    both = (repository(), repository("other/site"))
    assert not given(told(*rows, repositories=both))


@pytest.mark.parametrize("kind", ["research", "notebooks", "template or course", "dotfiles"])
def test_what_is_taught_or_tried_is_not_in_production(kind: str) -> None:
    assert not given(told(*SERVED, repositories=(repository(kind=kind),)))


def test_serving_without_history_has_its_own_words() -> None:
    (badge,) = (b for b in badges.judge(told(*(row(r.signal, USED) for r in SERVED))) if b.badge == "ml-in-production")
    assert badge.title == "ML serving code, operation not shown"
    assert [gate.is_met for gate in badge.gates] == [True, True, False]


def test_gates_name_their_evidence() -> None:
    for badge in badges.judge(told(*OPERATED, *SERVED)):
        assert badge.is_given
        assert all(gate.evidence for gate in badge.gates)
