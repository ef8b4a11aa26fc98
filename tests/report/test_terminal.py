"""The page for people: complete, in words, 80 columns wide, and safe whatever a repository holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.model import Confidence, Gap, State
from analyzer.report import words
from analyzer.report.page import columns, wrapped
from analyzer.report.terminal import summary
from signals.model import Dimension, Level
from tests.report.sample import ALERTS, LIBRARY, OTHERS, PREDICTOR, REVERTED, dossier

_SGR = re.compile(r"\x1b\[[0-9]*m")


def said(text: str) -> str:
    """The text with its line breaks and columns undone."""
    return " ".join(text.split())


def test_the_page_says_who_what_was_read_and_what_was_seen() -> None:
    page = said(summary(dossier()))
    assert page.startswith("octo-builder as of 2026-11-21")
    assert "acme/predictor ml service; 1,204 of 5,310 commits by this person, 2019-02 to 2026-10" in page
    assert "acme/gone could not be read: acme/gone is empty" in page
    assert "read in part: 3 of 12 files could not be read" in page
    assert "Observability and monitoring seen: lived-in, medium confidence" in page
    assert "Deployment and model serving looked, nothing found in public code" in page
    assert "acme/library: deploy/broken.yaml: not YAML: line 3" in page


def test_every_state_has_its_own_words() -> None:
    scores = tuple(
        replace(d, state=state, signals=("x",), best_level=None, confidence=None, value=None)
        for d, state in zip(dossier().dimensions, State, strict=False)
    )
    page = summary(replace(dossier(), dimensions=scores))
    for state in State:
        assert words.STATE[state] in page


def test_the_best_level_comes_first() -> None:
    page = summary(dossier()).split("STRONGEST")[0]
    places = [page.index(words.DIMENSION[d]) for d in (Dimension.OBSERVABILITY, Dimension.ROLLBACK, Dimension.DELIVERY)]
    assert places == sorted(places)


def test_every_shown_piece_has_its_place_and_its_link_in_one_piece() -> None:
    page = summary(dossier())
    assert "acme/predictor: deploy/alerts/latency.yaml, lines 12 to 14, at a1a1a1a1a1a1" in said(page)
    assert "acme/predictor: commit b2b2b2b2b2b2" in page
    assert ALERTS.url is not None
    assert ALERTS.url in page


def test_evidence_of_others_is_counted_and_not_shown() -> None:
    page = summary(dossier())
    assert OTHERS.message not in page
    assert "1 piece of evidence here is other people's work" in said(page)
    assert "None by this person." in summary(replace(dossier(), evidence=(OTHERS,)))


def test_one_busy_signal_does_not_hide_the_others() -> None:
    many = tuple(replace(ALERTS, id=f"{n:016x}", message=f"Alert number {n}") for n in range(20))
    page = summary(replace(dossier(), evidence=(*many, REVERTED)))
    assert page.count("Alert number") == 2
    assert REVERTED.message in page
    assert "18 more pieces of evidence by this person" in page


def test_gaps_with_one_reason_stand_together() -> None:
    gaps = tuple(Gap(f"commit {n:012x}", "acme/predictor", "", "cannot be read") for n in range(400))
    page = said(summary(replace(dossier(), gaps=gaps)))
    assert "commit 000000000002 and 397 more: cannot be read" in page


def test_no_decimals_and_no_scores() -> None:
    page = re.sub(r"https?://\S+", "", summary(dossier()))
    assert not re.search(r"\d\.\d", page)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width_but_for_links(width: int) -> None:
    wide = replace(ALERTS, message="漢字" * 60, path="a/" * 100 + "x.yaml", url=None)
    long = replace(PREDICTOR, full_name="organisation-with-a-long-name/repository-with-a-long-name")
    page = summary(replace(dossier(), evidence=(wide, REVERTED), repositories=(long, LIBRARY)), width)
    for line in page.splitlines():
        assert columns(line) <= width or "https://" in line, line


def test_colour_changes_nothing_but_colour() -> None:
    plain, coloured = summary(dossier()), summary(dossier(), colour=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert [line.rstrip() for line in _SGR.sub("", coloured).splitlines()] == plain.splitlines()


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=60), st.booleans())
def test_nothing_foreign_steers_the_terminal(text: str, colour: bool) -> None:
    hostile = f"{text}\x1b]0;x\x07\x9b\u202e\n\udcff"
    page = summary(
        replace(
            dossier(),
            candidate=replace(dossier().candidate, login=hostile),
            evidence=(replace(ALERTS, message=hostile, path=hostile, url=f"https://x/{hostile}"),),
            repositories=(replace(LIBRARY, full_name=hostile, reason=hostile, kind=hostile),),
            gaps=(Gap(hostile, hostile, hostile, hostile), Gap("signal", "", hostile, hostile)),
            profile=replace(dossier().profile, summary=hostile),
        ),
        colour=colour,
    )
    rest = _SGR.sub("", page) if colour else page
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)
    page.encode()


def test_an_empty_dossier_has_a_page() -> None:
    nothing = replace(dossier(), repositories=(), evidence=(), signals=(), dimensions=(), gaps=())
    assert "None by this person." in summary(nothing)


def test_words_exist_for_everything() -> None:
    assert set(words.STATE) == set(State)
    assert set(words.LEVEL) == set(Level)
    assert set(words.DIMENSION) == set(Dimension)
    assert set(words.CONFIDENCE) == set(Confidence)


@given(st.text(max_size=200), st.integers(2, 40))
def test_wrapping_keeps_every_character_but_spaces(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)
