"""The page for people: complete, in words, 80 columns wide, and safe whatever a repository holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.model import Confidence, Dossier, State
from analyzer.report import story, terminal, words
from analyzer.report.page import columns, wrapped
from signals.model import Dimension, Level
from tests.report.hostile import poisoned
from tests.report.sample import ALERTS, LIBRARY, OTHERS, PREDICTOR, RELEASED, REVERTED, dossier
from tests.told import months, repository, row, told

_SGR = re.compile(r"\x1b\[[0-9]*m")


def page(made: Dossier, width: int = 80, *, colour: bool = False) -> str:
    """The report of a dossier."""
    return terminal.render(story.of(made), width, colour=colour)


def said(text: str) -> str:
    """The text with its line breaks and columns undone."""
    return " ".join(text.split())


def test_it_opens_with_what_is_there_how_sure_what_is_hidden_and_what_to_ask() -> None:
    opened = page(told(row("alert-rules"), row("ops-files-lived-in"), months(20)))
    marks = ("octo-builder", "Kept acme/predictor running over 39 months", "The strongest story:", "What alert-rules")
    marks += (ALERTS.url or "", "Sure:", "Not visible:", "Ask:", "REPOSITORIES READ", "PRODUCTION WORK SEEN")
    marks += ("EVIDENCE", "NOT SEEN, AND WHY")
    places = [opened.index(mark) for mark in marks]
    assert places == sorted(places)
    assert said(opened).startswith("octo-builder as of 2026-11-21 ---")


def test_it_says_what_was_read_and_what_was_seen() -> None:
    text = said(page(dossier()))
    assert "acme/predictor ml service, 2019-02 to 2026-10; 1,204 of 5,310 commits by this person" in text
    assert "acme/gone could not be read: acme/gone is empty" in text
    assert "read in part: 3 of 12 files could not be read" in text
    assert "Observability and monitoring lived-in, medium confidence Alerting rules" in text
    assert "Looked, nothing by this person found in public code: Deployment and model serving." in text
    assert "acme/library: deploy/broken.yaml: not YAML: line 3." in text
    assert "1 more piece of evidence here is other people's work" in text
    assert OTHERS.message not in text


def test_beside_each_revert_it_says_that_going_back_counts_in_favour() -> None:
    text = page(replace(dossier(), evidence=(ALERTS, REVERTED, replace(REVERTED, id="9" * 16))))
    assert text.count(REVERTED.message) == text.count(words.REVERT) == 2


def test_every_shown_piece_has_its_place_and_its_link_in_one_piece() -> None:
    text = page(dossier())
    for e in (ALERTS, REVERTED, RELEASED):
        assert story.piece(e).place in said(text)
        assert e.url is not None
        assert e.url in text


def test_with_too_little_to_say_there_is_no_level_and_no_rank() -> None:
    text = page(told(row("container-image", Level.DECLARED), repositories=(repository(own=4, of=4),)))
    assert "do not rank this person below others" in said(text)
    assert "What container-image found" in text
    assert not re.search("lived-in|used;|declared|confidence;|strongest", text, re.IGNORECASE)


def test_where_everything_was_seen_there_is_nothing_to_say_about_the_rest() -> None:
    scores = tuple(replace(d, state=State.OBSERVED, signals=("x",)) for d in dossier().dimensions)
    assert "NOT SEEN" not in page(replace(dossier(), dimensions=scores, gaps=()))


def test_a_scan_ends_with_the_report_but_for_its_evidence() -> None:
    made = story.of(dossier())
    short, whole = terminal.summary(made), terminal.render(made)
    assert short.split("  declared")[0].strip() in whole
    assert REVERTED.message not in short
    assert "NOT SEEN, AND WHY" in short


def test_no_decimals_and_no_scores() -> None:
    assert not re.search(r"\d\.\d", re.sub(r"https?://\S+|> .*", "", page(dossier())))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width_but_for_links(width: int) -> None:
    wide = replace(ALERTS, message="漢字" * 60, path="a/" * 100 + "x.yaml", url=None)
    long = replace(PREDICTOR, full_name="organisation-with-a-long-name/repository-with-a-long-name")
    read = (long, LIBRARY, replace(PREDICTOR, kind="library"))
    text = page(replace(dossier(), evidence=(wide, REVERTED), repositories=read), width)
    for line in text.splitlines():
        assert columns(line) <= width or "https://" in line, line


def test_colour_changes_nothing_but_colour() -> None:
    plain, coloured = page(dossier()), page(dossier(), colour=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert [line.rstrip() for line in _SGR.sub("", coloured).splitlines()] == plain.splitlines()


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=60), st.booleans())
def test_nothing_foreign_steers_the_terminal(text: str, colour: bool) -> None:
    shown = page(poisoned(f"{text}\x1b]0;x\x07\x9b\u202e\n\udcff"), colour=colour)
    rest = _SGR.sub("", shown) if colour else shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)
    rest.encode()


def test_an_empty_dossier_has_a_page() -> None:
    nothing = replace(dossier(), repositories=(), evidence=(), signals=(), dimensions=(), gaps=())
    assert "No public work given: use the interview guide" in said(page(nothing))
    assert "REPOSITORIES READ" not in page(nothing)


def test_words_exist_for_everything() -> None:
    assert set(words.STATE) == set(State)
    assert set(words.UNSEEN) == set(State) - {State.OBSERVED}
    assert set(words.LEVEL) == set(Level)
    assert set(words.DIMENSION) == set(Dimension)
    assert set(words.CONFIDENCE) == set(Confidence)


@given(st.text(max_size=200), st.integers(2, 40))
def test_wrapping_keeps_every_character_but_spaces(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)
