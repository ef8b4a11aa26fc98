"""What the demo shows: every state, every level, every dimension, and six openings that claim no more than is there."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from analyzer import opening
from analyzer.model import Dossier, State
from analyzer.told import OpeningKind
from signals.base import active
from signals.model import Dimension, Level
from tests.demo import openings

KINDS = {
    "demo-maya": OpeningKind.OPERATED,
    "demo-ines": OpeningKind.RESEARCH,
    "demo-otto": OpeningKind.ARTEFACTS,
    "demo-priya": OpeningKind.OPERATED,
    "demo-sam": OpeningKind.LITTLE,
    "demo-lena": OpeningKind.MAINTAINED,
}


@pytest.mark.parametrize("login", KINDS)
def test_the_opening_says_what_it_said(dossiers: Mapping[str, Dossier], login: str) -> None:
    """Changed on purpose? ``python -m tests.demo.update`` writes it anew; read the difference."""
    assert openings.told(dossiers[login]) == (openings.GOLDEN / f"{login}.txt").read_text("utf-8")


def test_each_portfolio_is_of_its_kind(dossiers: Mapping[str, Dossier]) -> None:
    assert {login: opening.of(dossier).kind for login, dossier in dossiers.items()} == KINDS


def test_every_state_occurs(dossiers: Mapping[str, Dossier]) -> None:
    assert {s.state for d in dossiers.values() for s in d.signals} == set(State)
    assert {s.state for d in dossiers.values() for s in d.dimensions} == set(State)


def test_every_level_occurs(dossiers: Mapping[str, Dossier]) -> None:
    own = [e for d in dossiers.values() for e in d.evidence if e.attribution.share > 0]
    assert {e.level for e in own} == set(Level)
    assert {s.best_level for d in dossiers.values() for s in d.dimensions} == {*Level, None}


def test_every_dimension_and_every_signal_is_seen_in_somebody(dossiers: Mapping[str, Dossier]) -> None:
    seen = {s.signal for d in dossiers.values() for s in d.signals if s.state is State.OBSERVED}
    assert seen == {s.id for s in active()}
    observed = {s.dimension for d in dossiers.values() for s in d.dimensions if s.state is State.OBSERVED}
    assert observed == set(Dimension) - {Dimension.RESEARCH}


def test_every_file_is_read(dossiers: Mapping[str, Dossier]) -> None:
    assert {
        r.full_name: r.coverage.failed for d in dossiers.values() for r in d.repositories if r.coverage.failed
    } == {}


def test_what_was_never_changed_again_is_not_lived_in(dossiers: Mapping[str, Dossier]) -> None:
    assert {e.level for e in dossiers["demo-otto"].evidence} == {Level.DECLARED, Level.USED}
    assert dossiers["demo-otto"].profile.badges == ()


def test_a_part_is_not_taken_for_the_whole(dossiers: Mapping[str, Dossier]) -> None:
    evidence = [e for e in dossiers["demo-priya"].evidence if e.repository == "demo-transit/arrivals"]
    mine = {e.signal for e in evidence if e.attribution.share > 0}
    assert {"alert-rules", "revert-commit"} <= mine
    others = {"container-image", "runtime-deploy-workflow", "inference-server-config", "drift-detection"}
    assert others <= {e.signal for e in evidence} - mine


def test_what_was_cut_off_could_not_be_checked(dossiers: Mapping[str, Dossier]) -> None:
    states = {s.signal: s.state for s in dossiers["demo-sam"].signals}
    assert states["revert-commit"] is State.NOT_CHECKED
    assert states["alert-rules"] is State.NOT_OBSERVED
