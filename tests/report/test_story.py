"""What a report says: the right pieces in the right order, each once, and no level where none may be shown."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from analyzer.model import Dossier, DossierEvidence, Gap, State
from analyzer.report import story, words
from analyzer.told import LEFT_OUT, OpeningKind
from signals.model import Dimension, Level, PathClass
from tests.report.sample import ALERTS, OTHERS, RELEASED, REVERTED, dossier
from tests.told import months, repository, row, told

SERVICE = told(row("alert-rules"), row("ops-files-lived-in"), months(20))
LITTLE = told(row("container-image", Level.DECLARED), repositories=(repository(own=4, of=4),))


def test_the_work_of_others_is_named_only_where_there_was_room_to_look() -> None:
    theirs = told(row("container-image", Level.DECLARED), row("alert-rules", share=0.0))
    assert all(u.said != words.BY_OTHERS[0].capitalize() for u in story.of(theirs).unseen)


def shown(told_story: story.Story) -> list[str]:
    """The ids of all pieces of a story, in order."""
    pieces = (told_story.strongest, *told_story.pieces, *told_story.reverts)
    return [p.id for p in pieces if p]


def with_evidence(*rows: DossierEvidence) -> Dossier:
    return replace(dossier(), evidence=rows)


def test_the_strongest_stands_in_the_opening_and_not_again() -> None:
    made = story.of(dossier())
    assert made.strongest is not None
    assert made.strongest.id == ALERTS.id
    assert shown(made) == [ALERTS.id, RELEASED.id, REVERTED.id]
    assert (made.n_more_pieces, made.n_others) == (0, 1)


def test_one_busy_signal_does_not_hide_the_others() -> None:
    many = [replace(ALERTS, id=f"{n:016x}", weight=0.9 - n / 100) for n in range(20)]
    made = story.of(with_evidence(*many, RELEASED, REVERTED))
    assert shown(made) == [many[0].id, many[1].id, RELEASED.id, REVERTED.id]
    assert made.n_more_pieces == 18


def test_within_a_level_each_signal_comes_once_before_one_comes_twice() -> None:
    probes = [replace(ALERTS, id=f"1{n:015x}", signal="health-probes", weight=0.1 + n / 100) for n in range(3)]
    rules = [replace(ALERTS, id=f"2{n:015x}", weight=0.5 + n / 100) for n in range(3)]
    made = story.of(with_evidence(*probes, *rules))
    assert [p.id for p in made.pieces] == [probes[2].id, rules[1].id, probes[1].id]


@pytest.mark.parametrize(
    ("row", "is_revert"),
    [
        (REVERTED, True),
        (replace(REVERTED, signal="time-to-revert"), True),
        (replace(ALERTS, facts={"values_set_back": 2}), True),
        (replace(ALERTS, facts={"values_set_back": 0}), False),
        (ALERTS, False),
    ],
)
def test_beside_each_revert_it_says_that_going_back_counts_in_favour(row: DossierEvidence, is_revert: bool) -> None:
    is_value = bool(row.facts.get("values_set_back"))
    said = f"{words.SET_BACK} {words.REVERT}" if is_value else words.REVERT
    assert story.piece(row).beside == (said if is_revert else "")
    stronger = replace(RELEASED, level=Level.LIVED_IN, weight=1.0)
    made = story.of(with_evidence(stronger, replace(row, level=Level.DECLARED)))
    assert [p.id for p in made.reverts] == [row.id] * is_revert


def test_evidence_of_others_is_counted_and_not_shown() -> None:
    made = story.of(with_evidence(OTHERS))
    assert shown(made) == []
    assert made.n_others == 1


@pytest.mark.parametrize(("factor", "beside"), [(0.3, "; in a test, so it weighs less"), (1.0, "")])
def test_what_weighs_less_for_where_it_lies_says_so(factor: float, beside: str) -> None:
    aside = replace(ALERTS, path_class=PathClass.TEST, factors=replace(ALERTS.factors, path_class=factor))
    assert story.piece(aside).standing == f"lived-in; observability and monitoring{beside}"


def test_what_weighs_nothing_is_only_counted() -> None:
    made = story.of(with_evidence(RELEASED, replace(ALERTS, weight=0.0)))
    assert (shown(made), made.n_more_pieces) == ([RELEASED.id], 1)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x", "x"])
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    assert story.piece(replace(ALERTS, url=url)).url is None
    assert story.piece(ALERTS).url == ALERTS.url


def test_a_place_names_lines_commits_and_records() -> None:
    assert story.piece(ALERTS).place == "acme/predictor: deploy/alerts/latency.yaml, lines 12 to 14, at a1a1a1a1a1a1"
    assert story.piece(REVERTED).place == "acme/predictor: commit b2b2b2b2b2b2"
    assert story.piece(RELEASED).place == "acme/predictor: release 42"
    many = replace(REVERTED, signal="active-months", supports=("e5" * 20,))
    assert story.piece(many).place == "acme/predictor: commit b2b2b2b2b2b2, the newest of several"
    assert story.piece(many).snippet == ""


def test_with_too_little_to_say_no_level_is_left_to_show() -> None:
    made = story.of(LITTLE)
    assert made.opening.kind is OpeningKind.LITTLE
    assert shown(made)
    assert made.levels == ()
    told_text = str(asdict(replace(made, opening=replace(made.opening, story=None))))
    for level in Level:
        assert f"'{level.value}'" not in told_text
        assert f"{level.value};" not in told_text
    assert (made.badges, made.seen) == ((), ())


def test_what_was_not_seen_stands_with_its_state_and_reason() -> None:
    alone = tuple(e for e in dossier().evidence if e.dimension is not Dimension.DEPLOYMENT)
    (absent,) = story.of(replace(dossier(), evidence=alone)).unseen
    assert (absent.state, absent.said) == (State.ABSENT, "Looked, nothing found in public code")
    assert absent.names == (words.DIMENSION[Dimension.DEPLOYMENT],)
    assert absent.why == words.UNSEEN[State.ABSENT]


def test_what_only_others_left_is_not_called_nothing() -> None:
    (absent,) = story.of(dossier()).unseen
    assert (absent.said.lower(), absent.why) == words.BY_OTHERS


def test_every_dimension_is_either_seen_or_not_seen_in_one_state() -> None:
    scores = tuple(
        replace(d, state=state, signals=("x",), best_level=Level.USED if state is State.OBSERVED else None)
        for d, state in zip(dossier().dimensions, [*State] * 3, strict=False)
    )
    made = story.of(replace(dossier(), dimensions=scores))
    named = [d.name for d in made.seen] + [name for u in made.unseen for name in u.names]
    assert sorted(named) == sorted(words.DIMENSION[d.dimension] for d in scores)
    assert {u.state for u in made.unseen} == set(State) - {State.OBSERVED}


def test_the_best_level_comes_first_and_signals_by_title() -> None:
    made = story.of(dossier())
    assert [d.level for d in made.seen] == [Level.LIVED_IN, Level.USED, Level.DECLARED]
    assert made.seen[0].signals == ("Alerting rules",)
    assert made.seen[0].said == "lived-in, medium confidence"


def test_given_badges_stand_with_their_gates() -> None:
    made = story.of(
        told(
            *(row(s) for s in ("alert-rules", "ops-files-lived-in", "postmortem", "runtime-deploy-workflow")),
            months(20),
        )
    )
    assert [b.badge for b in made.badges] == ["operated-in-anger"]
    assert story.of(SERVICE).badges == ()


def test_what_the_line_of_a_repository_says_is_no_gap_beside() -> None:
    assert [m.repository for m in story.of(dossier()).missed] == ["acme/library"]


def test_gaps_with_one_reason_stand_together() -> None:
    gaps = [Gap(f"commit {n:012x}", "acme/predictor", "", "cannot be read.") for n in range(400)]
    gaps.append(Gap("identity", "acme/predictor", "", "no commit"))
    gaps += [Gap("signal", "acme/predictor", "alert-rules", f"reason {n}") for n in range(20)]
    made = story.of(replace(dossier(), gaps=tuple(gaps)))
    first, identity, second = made.missed[:3]
    assert identity == story.Missed("acme/predictor", (), 0, "no commit")
    assert (len(first.names), first.n_more, first.reason) == (2, 398, "cannot be read")
    assert (second.names, second.reason) == (("Alerting rules",), "reason 0")
    assert (len(made.missed), made.n_more_missed) == (8, 14)


def test_repositories_that_hold_nothing_stand_together() -> None:
    gaps = tuple(Gap(LEFT_OUT, f"pat/{n}", "", reason) for n, reason in enumerate(("empty", "a mirror", "empty")))
    said = [(m.repository, m.names, m.reason) for m in story.of(replace(dossier(), gaps=gaps)).missed]
    assert sorted(said) == [("", ("pat/0", "pat/2"), "empty"), ("", ("pat/1",), "a mirror")]
