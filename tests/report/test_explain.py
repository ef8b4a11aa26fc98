"""How values are explained on a terminal: what stands there, what does not, and that nothing foreign gets through."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analyzer import opening
from analyzer.dossier import assemble
from analyzer.explanation import Explanation, explain, narrowed
from analyzer.kind import Kind
from analyzer.model import Dossier
from analyzer.report.explain import overview
from analyzer.report.explain_signal import signal_page
from analyzer.told import OpeningKind
from signals.model import Dimension, Level, PathClass
from tests.drawn import DAY, FRAME, NOW, finding, part, repository

NUMBER = re.compile(r"\d\.\d{2,}")
ONE = repository(
    "demo/one",
    finding("alert-rules", "prod.yml", Level.LIVED_IN, part(0.5)),
    finding("alert-rules", "test.yml", path_class=PathClass.TEST, changed_at=NOW - 400 * DAY, guards=("copied_rule",)),
    finding("alert-rules", "theirs.yml", whose=part(0.0)),
    finding("health-probes", "probe.py"),
    finding("active-months", "month", Level.LIVED_IN, path_class=None),
)
TWO = repository("demo/two", finding("alert-rules", "two.yml", Level.DECLARED), kind=Kind.LIBRARY)
NOTHING = repository("demo/three", not_checked=frozenset({"load-test"}))
DOSSIER = assemble(FRAME, [ONE, TWO, NOTHING])


def pages(dossier: Dossier = DOSSIER) -> dict[str, str]:
    whole, told = explain(dossier, FRAME.rubric), opening.of(dossier)
    signal = narrowed(whole, Dimension.OBSERVABILITY, "alert-rules")
    return {
        "overview": overview(whole, told),
        "all": overview(whole, told, everything=True),
        "signal": signal_page(signal, told),
    }


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_overview_goes_from_dimensions_to_signals() -> None:
    shown = flat(pages()["overview"])
    assert "Observability and monitoring: seen: lived-in" in shown
    assert re.search(r"0\.5 × 0\.\d{4} Alerting rules \(alert-rules\): lived-in, 3 pieces in 2 repositories", shown)
    assert re.search(r"0\.3 × 0\.\d{4} .*\(health-probes\): used, 1 piece in 1 repository", shown)
    assert "0.2 × 0 no further signal was seen" in shown
    assert "divided by 0.8" not in shown.split("What was not seen")[0].split("Long-lived")[0]
    assert "Could not check: Latency, throughput and cost" in shown
    assert "all agree to 6 decimals" in shown


def test_the_best_level_comes_first() -> None:
    used = repository("demo/one", *(finding("load-test", f"{n}.js") for n in range(9)))
    lived = repository("demo/two", finding("alert-rules", "a.yml", Level.LIVED_IN, part(0.05)))
    dossier = assemble(FRAME, [used, lived, replace(ONE, findings=ONE.findings[-1:])])
    shown = pages(dossier)["overview"]
    assert shown.index("Observability and monitoring") < shown.index("Latency, throughput and cost")


def test_everything_shows_each_piece_and_each_reason() -> None:
    shown = flat(pages()["all"])
    assert "Something in prod.yml" in shown
    assert "Something in theirs.yml" not in shown
    assert "nothing found" in pages()["all"]
    assert shown.count("Something in") == 5


def test_a_signal_is_taken_apart() -> None:
    shown = flat(pages()["signal"])
    assert "weight 0.297500 = 0.7 (lived-in) × 0.425 (0.5 share of the lines × 0.85 medium confidence" in shown
    assert "0.3 (a path of class test)" in shown
    assert "(last changed about 13 months before) × 0.1 (guard: copied rule or copied blob or example name)" in shown
    assert "1 0.297500 0.702500" in shown
    assert "A best level of declared allows at most 0.15, which is not reached" in shown
    assert re.search(r"1 − \(1 − 0\.\d{6}\)\(1 − 0\.\d{6}\) = 0\.\d{6}", shown)
    assert "demo/three looked, nothing found in public code: nothing found" in shown
    assert "OTHER PEOPLE'S WORK, WHICH WEIGHS 0" in shown
    assert "Something in theirs.yml" in shown


def test_the_joined_weights_are_what_the_lines_say() -> None:
    rows = re.findall(r"^ +\d+   (0\.\d{6})     (0\.\d{6})$", pages()["signal"], re.MULTILINE)
    left = 1.0
    for weight, shown in rows:
        left *= 1 - float(weight)
        assert left == pytest.approx(float(shown), abs=2e-6)
    assert len(rows) == 2


def test_nothing_is_wider_than_the_page_but_links() -> None:
    for shown in pages().values():
        assert max(len(line) for line in shown.splitlines() if "https://" not in line) <= 80


def test_too_little_public_work_shows_no_value_and_no_level() -> None:
    little = assemble(FRAME, [repository("demo/one", finding("alert-rules", "a.yml", Level.DECLARED), months=1)])
    assert opening.of(little).kind is OpeningKind.LITTLE
    for shown in pages(little).values():
        assert not NUMBER.search(shown)
        assert not re.search(r"(?<!files-)\b(declared|used|lived-in)\b", shown)
        assert "Something in a.yml" in shown or "alert-rules" in shown
        assert "No values are shown" in shown


def test_a_mismatch_is_said_plainly() -> None:
    spoiled = replace(DOSSIER, research=replace(DOSSIER.research, value=0.5))
    for shown in pages(spoiled).values():
        assert "DOES NOT AGREE" in shown
        assert "dimension research: stored 0.500000, computed anew none" in shown
        assert "agree to 6 decimals" not in shown


def test_what_comes_from_outside_cannot_steer_the_terminal() -> None:
    hostile = "\x1b[2J\u202eevil\n\x07"
    evidence = tuple(
        replace(
            e,
            message=hostile,
            path=hostile,
            repository=e.repository,
            snippet=hostile,
            caps=(hostile,),
            attribution=replace(e.attribution, reason=hostile),
        )
        for e in DOSSIER.evidence
    )
    scores = tuple(
        replace(s, reason=hostile, by_repository=tuple(replace(r, reason=hostile) for r in s.by_repository))
        for s in DOSSIER.signals
    )
    candidate = replace(DOSSIER.candidate, login=hostile)
    spoiled = replace(DOSSIER, evidence=evidence, signals=scores, candidate=candidate)
    for shown in pages(spoiled).values():
        assert not {"\x1b", "\u202e", "\x07"} & set(shown)
        assert "\\x1b[2J" in shown


def test_colour_only_when_asked_for() -> None:
    whole, told = explain(DOSSIER, FRAME.rubric), opening.of(DOSSIER)
    coloured = overview(whole, told, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == overview(whole, told)


def test_a_signal_that_is_not_its_dimensions_best_says_so() -> None:
    dossier = assemble(
        FRAME, [repository("demo/one", *(finding(name, name, Level.LIVED_IN, part(share)) for name, share in _FOUR))]
    )
    whole: Explanation = explain(dossier, FRAME.rubric)
    shown = signal_page(narrowed(whole, Dimension.OBSERVABILITY, _FOUR[-1][0]), opening.of(dossier))
    assert "not among the best of its dimension" in flat(shown)


_FOUR = (("alert-rules", 1.0), ("health-probes", 0.9), ("error-tracking", 0.8), ("metrics-instrumentation", 0.1))
