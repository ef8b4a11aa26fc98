"""The interview guide: questions with their reason, their place and what to listen for, for people and for scripts."""

from __future__ import annotations

import json
import re

from analyzer import interview
from analyzer.report import guide, json_, words
from analyzer.report.page import columns
from signals.model import Level
from tests.report.sample import dossier
from tests.told import months, repository, row, told

SERVICE = told(row("alert-rules"), row("ops-files-lived-in"), row("revert-commit"), months(20))
LITTLE = told(row("container-image", Level.DECLARED), repositories=(repository(own=4, of=4),))


def said(text: str) -> str:
    return " ".join(text.split())


def test_every_question_stands_with_its_reason_its_place_and_what_to_listen_for() -> None:
    text = said(guide.terminal(guide.of(SERVICE)))
    questions = interview.questions(SERVICE)
    assert questions
    for n, q in enumerate(questions, 1):
        assert f"{n}. {q.text}" in text
        assert q.why.rstrip(".") in text
        assert "; ".join(q.listen_for) in text
    assert text.count("https://github.com/acme/predictor/blob") == sum(len(q.evidence) for q in questions)


def test_questions_are_grouped_by_what_they_are_about() -> None:
    titles = [group.title for group in guide.of(SERVICE).groups]
    assert titles == ["About what was seen", "About what could not be seen"]
    assert [group.title for group in guide.general().groups] == ["About work that is not public"]


def test_beside_each_revert_it_says_that_going_back_counts_in_favour() -> None:
    for text in (guide.terminal(guide.of(SERVICE)), guide.markdown(guide.of(SERVICE))):
        assert text.count(words.REVERT) == 1


def test_with_too_little_public_work_no_level_is_named() -> None:
    text = guide.terminal(guide.of(LITTLE))
    assert not re.search("lived-in|used;|declared", text)
    assert "About work that is not public".upper() in text


def test_lines_keep_to_the_width_but_for_links() -> None:
    for width in (60, 80):
        text = guide.terminal(guide.of(dossier()), width)
        assert all(columns(line) <= width or "https://" in line for line in text.splitlines())


def test_json_names_the_evidence_by_its_id() -> None:
    made = json.loads(json_.render(guide.document(guide.of(SERVICE))))
    assert (made["schema"], made["candidate"], made["as_of"]) == ("shiptrace.interview/1", "octo-builder", "2026-11-21")
    known = {e.id for e in SERVICE.evidence}
    about = [q for q in made["questions"] if q["topic"] == "evidence"]
    assert about
    assert all(set(q["evidence"]) <= known and q["evidence"] for q in about)


def test_the_general_guide_needs_nobody() -> None:
    made = json.loads(json_.render(guide.document(guide.general())))
    assert (made["candidate"], made["as_of"]) == (None, None)
    assert {q["topic"] for q in made["questions"]} == {"general"}
    assert "Interview with somebody without public work" in guide.terminal(guide.general())
