"""The bars say when, as far as the dossier knows, and no more."""

from __future__ import annotations

from dataclasses import replace

from analyzer.report import timeline
from analyzer.report.timeline import Bar
from signals.model import Level
from tests.report.sample import PREDICTOR, dossier
from tests.told import months, row, told

TEN_YEARS = replace(PREDICTOR, first_commit="2015-01-20", last_commit="2024-12-02")


def test_a_bar_covers_its_months_whole() -> None:
    made = timeline.of(told(row("alert-rules", changed_first="2020-01", changed_last="2020-12")), TEN_YEARS)
    assert made is not None
    assert (made.first, made.last) == ("2015-01", "2024-12")
    assert made.ticks == tuple(range(100, 1000, 100))
    assert made.years == 1
    assert made.tracks[0].bars == (Bar(500, 100),)


def test_one_track_for_a_signal_and_one_bar_for_each_stretch() -> None:
    one = row("alert-rules", changed_first="2020-01", changed_last="2020-12")
    two = replace(row("alert-rules", Level.USED, changed_first="2015-01", changed_last="2015-01"), path="b.yaml")
    same = replace(two, id="0" * 16)
    made = timeline.of(told(one, two, same, months(3)), TEN_YEARS)
    assert made is not None
    assert [t.signal for t in made.tracks] == ["alert-rules", "active-months"]
    alerts = made.tracks[0]
    assert (alerts.first, alerts.last, alerts.n_pieces) == ("2015-01", "2020-12", 3)
    assert alerts.bars == (Bar(0, 8), Bar(500, 100))


def test_the_axis_holds_every_bar_even_where_the_repository_says_otherwise() -> None:
    outside = row("alert-rules", changed_first="2010-06", changed_last="2026-03")
    made = timeline.of(told(outside), TEN_YEARS)
    assert made is not None
    assert (made.first, made.last) == ("2010-06", "2026-03")
    assert made.tracks[0].bars == (Bar(0, timeline.WIDTH),)
    assert made.years == 2
    undated = timeline.of(told(outside), replace(TEN_YEARS, first_commit=None, last_commit=None))
    assert undated is not None
    assert (undated.first, undated.last) == ("2010-06", "2026-03")


def test_nothing_is_made_up() -> None:
    silent = (
        row("alert-rules"),
        row("container-image", changed_first="2020-01"),
        row("postmortem", changed_first="2020-13", changed_last="soon"),
        row("load-test", changed_first="2021-01", changed_last="2020-01"),
        row("health-probes", share=0.0, changed_first="2020-01", changed_last="2020-02"),
        row("error-tracking", at="acme/other", changed_first="2020-01", changed_last="2020-02"),
    )
    assert timeline.of(told(*silent), TEN_YEARS) is None
    assert timeline.of(replace(dossier(), evidence=()), TEN_YEARS) is None
