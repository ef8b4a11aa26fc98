"""Which opening fits whom, and that its words claim no more than the evidence."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from analyzer import interview, opening
from analyzer.model import Dossier, State
from analyzer.told import OpeningKind
from signals.model import Dimension, Level, PathClass
from tests.told import months, repository, row, told

LIVED, USED, DECLARED = Level.LIVED_IN, Level.USED, Level.DECLARED
LIBRARY = (repository(kind="library"),)
TEMPLATE = (repository(kind="template or course"),)
PAPER = (repository(kind="research", own=12, of=12),)
PAPER_ROW = row("paper-artifact", USED, path_class=PathClass.DOCS)
FEW = (repository(own=4, of=4),)

CASES = {
    "alerts tuned and files kept": (told(row("alert-rules"), row("ops-files-lived-in"), months(20)), "operated"),
    "one thing over half a year": (told(row("container-image"), months(7)), "operated"),
    "one thing, two months": (told(row("container-image"), months(2, DECLARED)), "artefacts"),
    "a tested library": (
        told(row("ci-gate"), row("revert-commit"), months(40, LIVED), repositories=LIBRARY),
        "maintained",
    ),
    "a library with alerts of its own service": (
        told(row("alert-rules"), row("runtime-deploy-workflow"), months(9), repositories=LIBRARY),
        "operated",
    ),
    "a library with nothing but alerts": (told(row("alert-rules"), months(9), repositories=LIBRARY), "maintained"),
    "alerts that were only copied along": (told(replace(row("alert-rules"), weight=0.0), repositories=FEW), "little"),
    "a product whose sample manifests are kept": (
        told(
            row("orchestrator-manifest"),
            row("ops-files-lived-in"),
            months(30, LIVED),
            repositories=(repository(kind="application"),),
        ),
        "maintained",
    ),
    "a service with nothing but time limits": (told(row("outbound-timeouts"), months(12, LIVED)), "maintained"),
    "a full template": (
        told(*(row(s, USED) for s in ("alert-rules", "container-image", "drift-detection")), repositories=FEW),
        "artefacts",
    ),
    "a course kept up for years": (
        told(row("alert-rules", USED), row("drift-detection", USED), months(30, LIVED), repositories=TEMPLATE),
        "artefacts",
    ),
    "a paper": (told(PAPER_ROW, repositories=PAPER), "research"),
    "a paper with a Dockerfile": (told(PAPER_ROW, row("container-image", USED), repositories=PAPER), "research"),
    "years of notebooks": (
        told(row("notebook-share", USED), months(14, LIVED), repositories=(repository(kind="notebooks"),)),
        "research",
    ),
    "a Dockerfile and four commits": (told(row("container-image", DECLARED), repositories=FEW), "little"),
    "nothing": (told(repositories=()), "little"),
    "the work of others": (told(row("alert-rules", share=0.0)), "little"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_kind_of_opening(name: str) -> None:
    dossier, kind = CASES[name]
    assert opening.of(dossier).kind.value == kind


def test_kept_running_says_where_and_how_long() -> None:
    found = opening.of(told(row("alert-rules"), row("ops-files-lived-in"), months(20)))
    assert found.headline == "Kept acme/predictor running over 39 months (2024-01 to 2027-03, active in 20 of them)."
    assert found.story is not None
    assert found.story.signal == "alert-rules"
    assert "no public place to look" in found.not_visible


def test_a_part_of_somebody_elses_repository_is_called_a_part() -> None:
    dossier = told(row("alert-rules"), row("ops-files-lived-in"), months(8), repositories=(repository(own=9, of=100),))
    assert opening.of(dossier).headline.startswith("Kept part of acme/predictor running")


def test_a_library_is_maintained_and_not_kept_running() -> None:
    found = opening.of(CASES["a tested library"][0])
    assert "running" not in found.headline
    assert found.headline.startswith("Maintained acme/predictor over 79 months")


def test_further_repositories_are_counted() -> None:
    given = (repository(), repository("acme/cluster", "infrastructure"), repository("acme/site"))
    rows = (row("alert-rules"), row("ops-files-lived-in"), months(8), row("container-image", at="acme/cluster"))
    used = row("container-image", USED, at="acme/site")
    assert opening.of(told(*rows, used, repositories=given)).headline.endswith(", and kept up 1 more repository.")


@pytest.mark.parametrize("name", CASES)
def test_every_opening_asks_and_says_how_sure_and_what_is_hidden(name: str) -> None:
    found = opening.of(CASES[name][0])
    assert 1 <= len(found.ask) <= 3
    assert found.sure
    assert found.not_visible
    assert found.headline.endswith(".")


def test_too_little_says_not_to_rank_below_others_and_shows_no_story() -> None:
    found = opening.of(CASES["the work of others"][0])
    assert (found.story, found.confidence) == (None, None)
    assert "do not rank this person below others" in found.headline
    assert found.headline.startswith("What was found here is the work of others.")


def test_who_gave_nothing_to_read_is_sent_to_the_interview() -> None:
    assert opening.of(told(repositories=())).headline.startswith("No public work given: use the interview guide;")


def test_research_says_nothing_about_ability() -> None:
    found = opening.of(CASES["a paper"][0])
    assert "says nothing about ability there" in found.headline
    assert found.story is None


def test_the_story_has_the_best_level_whatever_tells_more() -> None:
    story = opening.of(told(row("revert-commit", USED), row("container-image"), months(9))).story
    assert story is not None
    assert story.signal == "container-image"


def test_only_lived_in_work_is_called_kept() -> None:
    signals = ("alert-rules", "runtime-deploy-workflow", "orchestrator-manifest", "postmortem", "ops-files-lived-in")
    for kind, level in product(("service", "infrastructure", "library", "other"), (DECLARED, USED)):
        found = opening.of(told(*(row(s, level) for s in signals), repositories=(repository(kind=kind),)))
        assert found.kind is OpeningKind.ARTEFACTS


# --- questions -------------------------------------------------------------


def _topics(dossier: Dossier) -> list[str]:
    return [q.topic for q in interview.questions(dossier)]


def test_questions_go_from_evidence_to_gaps() -> None:
    dossier = CASES["alerts tuned and files kept"][0]
    asked = interview.questions(dossier)
    assert [q.topic for q in asked] == ["evidence"] * 2 + ["gap"] * interview.MAX_ABOUT_GAPS
    ids = {e.id for e in dossier.evidence}
    assert all(set(q.evidence) <= ids and q.evidence for q in asked if q.topic == "evidence")
    assert all(q.text.endswith("?") or q.text.endswith(".") for q in asked)


def test_without_public_work_there_are_still_questions() -> None:
    assert _topics(CASES["nothing"][0])[:4] == ["general"] * 4
    for little in ("the work of others", "a Dockerfile and four commits"):
        assert "evidence" not in _topics(CASES[little][0])


def test_what_had_no_place_is_asked_about_before_what_was_not_found() -> None:
    dossier = CASES["alerts tuned and files kept"][0]
    unseen = [d for d in dossier.dimensions if d.state is State.NOT_OBSERVED]
    assert len(unseen) > interview.MAX_ABOUT_GAPS + 2
    absent, without_signals = replace(unseen[0], state=State.ABSENT), replace(unseen[1], signals=())
    changed = {absent.dimension: absent, without_signals.dimension: without_signals}
    told_anew = replace(dossier, dimensions=tuple(changed.get(d.dimension, d) for d in dossier.dimensions))
    asked = {q.dimension for q in interview.questions(told_anew) if q.topic == "gap"}
    assert len(asked) == interview.MAX_ABOUT_GAPS
    assert not asked & changed.keys()


def test_a_question_about_evidence_for_every_dimension() -> None:
    for signal, dimension in {s: d for s, d in _one_signal_each().items() if d is not Dimension.RESEARCH}.items():
        asked = interview.questions(told(row(signal), months(6)))
        assert dimension in {q.dimension for q in asked if q.topic == "evidence"}


def _one_signal_each() -> dict[str, Dimension]:
    from tests.told import DIMENSIONS

    return {s: d for d, s in {d: s for s, d in DIMENSIONS.items()}.items()}
