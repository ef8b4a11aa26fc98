"""The HTML report: complete, in words, self-contained, and the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from analyzer.model import Dossier, State
from analyzer.report import words
from analyzer.report.html import render
from analyzer.report.html_page import https
from signals.model import Dimension, Level
from tests.report.markup import Element, read
from tests.report.sample import ALERTS, HEAD, OTHERS, RELEASED, REVERTED, dossier
from tests.told import months, repository, row, told

ROOT = Path(__file__).parents[2]
OPERATED = told(
    row("alert-rules", changed_first="2024-03", changed_last="2025-09"),
    row("runtime-deploy-workflow"),
    row("revert-commit"),
    row("postmortem", Level.USED),
    row("container-image", share=0.0),
    row("paper-artifact", Level.USED),
    months(12, Level.LIVED_IN),
)
FEW = told(row("container-image", Level.DECLARED), months(3, Level.DECLARED), repositories=(repository(own=4, of=4),))
NOTHING = replace(dossier(), repositories=(), evidence=(), signals=(), dimensions=(), gaps=())
ALL = pytest.mark.parametrize("made", [dossier(), OPERATED, FEW, NOTHING], ids=["every state", "operated", "few", "no"])


def page_of(made: Dossier) -> Element:
    return read(render(made))


def section(page: Element, name: str) -> Element:
    """The section with this heading."""
    return next(s for s in page.all("section") if s["aria-labelledby"] == name)


# --- what it is made of ----------------------------------------------------


@ALL
def test_the_page_is_well_made(made: Dossier) -> None:
    page = page_of(made)
    html = page.one("html")
    assert html["lang"] == "en"
    assert [e.tag for e in html.one("body").inside if isinstance(e, Element)] == ["a", "header", "main", "footer"]
    assert made.candidate.login in page.one("title").text
    assert page.one("h1").text == made.candidate.login
    ids = [e["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    named = {e["aria-labelledby"] for e in page.all("section")}
    assert named <= set(ids)
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)


@ALL
def test_headings_leave_no_level_out(made: Dossier) -> None:
    levels = [int(e.tag[1]) for e in page_of(made).all() if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@ALL
def test_nothing_is_loaded_and_nothing_runs(made: Dossier) -> None:
    page = page_of(made)
    tags = {e.tag for e in page.all()}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "use"}
    for element in page.all():
        assert not {n for n in element.attributes if n.startswith("on")} | ({"style", "src"} & set(element.attributes))
    style = page.one("style").text
    assert not re.search(r"url\(|@import|@font-face|expression", style)
    assert "<" not in style


@ALL
def test_the_policy_allows_only_the_style_by_its_hash(made: Dossier) -> None:
    page = page_of(made)
    policy = next(m["content"] for m in page.all("meta") if m["http-equiv"] == "Content-Security-Policy")
    (style,) = page.one("style").inside
    assert isinstance(style, str)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = [e for e in page.one("head").inside if isinstance(e, Element)]
    assert [e["http-equiv"] for e in head].index("Content-Security-Policy") < [e.tag for e in head].index("style")


def test_the_same_dossier_gives_the_same_bytes_in_every_process() -> None:
    code = "from tests.report import test_html as t; import sys; sys.stdout.buffer.write(t.render(t.OPERATED).encode())"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, cwd=ROOT)
    assert other.stdout.decode() == render(OPERATED)


# --- what it says ----------------------------------------------------------


def test_the_opening_comes_first() -> None:
    opening = page_of(OPERATED).one("section", class_="opening")
    assert opening.one("h2").text.startswith("Kept acme/predictor running over 23 months")
    assert [e.text for e in opening.all("dt")] == ["Strongest story", "How sure", "Not visible", "Ask"]
    first = next(page_of(OPERATED).all("section"))
    assert first["class"] == "opening"


def test_every_dimension_has_its_words_at_a_glance() -> None:
    glance = section(page_of(dossier()), "glance").text
    for d in dossier().dimensions:
        if d.signals:
            assert words.DIMENSION[d.dimension] in glance
    assert "lived-in, medium confidence" in glance
    assert "used, high confidence" in glance


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_own_words(state: State) -> None:
    scores = tuple(replace(s, state=state, evidence=()) for s in OPERATED.signals if s.signal == "load-test")
    made = replace(OPERATED, signals=scores, evidence=())
    appendix = section(page_of(made), "evidence").text
    assert f"Load test: {words.STATE[state]}" in appendix
    assert sum(f"Load test: {said}" in appendix for said in words.STATE.values()) == 1


@pytest.mark.parametrize("made", [dossier(), OPERATED, FEW], ids=["every state", "operated", "few"])
def test_every_piece_of_the_persons_own_has_its_place_and_link(made: Dossier) -> None:
    page = page_of(made)
    for e in made.evidence:
        if e.attribution.share > 0:
            item = page.one("li", id=f"e-{e.id}")
            assert item.one("p", class_="said").text == e.message
            assert e.url is not None
            (link,) = item.all("a")
            assert (link["href"], link["rel"]) == (e.url, "noreferrer noopener")
            assert e.attribution.reason.lower() in item.text.lower()


def test_other_peoples_work_is_context_and_has_no_level() -> None:
    page = page_of(dossier())
    context = next(d for d in page.all("details") if "other people's work" in next(d.all("summary")).text)
    assert OTHERS.message in context.text
    assert not [*context.all("b")]
    assert OTHERS.message not in section(page, "strongest").text


def test_beside_each_revert_stands_that_it_counts_in_favour() -> None:
    page = page_of(dossier())
    said = [li for li in page.all("li") if li["id"] == f"e-{REVERTED.id}"]
    said += section(page, "reverts").all("li")
    assert len(said) == 2
    assert all(words.REVERT in li.text for li in said)


def test_with_too_little_to_say_there_is_no_level() -> None:
    text = page_of(FEW).one("main").text.replace("Who used it", "")
    assert "do not rank this person below others" in text
    assert not re.search("lived-in|declared|strongest|badge", text, re.IGNORECASE)
    assert not re.search(r"\bused\b", text)
    assert not [e for e in page_of(FEW).all("b") if e["class"] in set(Level)]


@ALL
def test_no_decimals_and_no_scores(made: Dossier) -> None:
    text = page_of(made).one("main").text
    assert not re.search(r"\d\.\d", text.replace(ALERTS.snippet, ""))


def test_badges_say_which_conditions_are_met() -> None:
    badges = section(page_of(OPERATED), "badges")
    assert "Not given, and why" in badges.text
    met = [li.one("b").text for li in badges.all("li")]
    assert set(met) == {"Met:", "Not met:"}


def test_research_stands_beside() -> None:
    research = section(page_of(OPERATED), "research")
    assert "What paper-artifact found" in research.text
    assert "never subtracted" in research.text
    assert "What paper-artifact found" not in section(page_of(OPERATED), "evidence").text


def test_repositories_and_gaps_are_named_with_their_reasons() -> None:
    page = page_of(dossier())
    read_ones = section(page, "repositories")
    assert [h.text for h in read_ones.all("h3")] == ["acme/predictor", "acme/gone", "acme/library"]
    assert "1,204 of 5,310 commits by this person" in read_ones.text
    assert "9 of 12 files that some rule asked for were read; 3 could not be understood." in read_ones.text
    assert "a model is served; an image is rolled out" in read_ones.text
    missed = section(page, "missed").text
    assert "acme/library: deploy/broken.yaml: not YAML: line 3" in missed


def test_the_timeline_says_in_words_what_the_bars_show() -> None:
    table = page_of(OPERATED).one("table")
    rows = [[cell.text for cell in tr.inside if isinstance(cell, Element)] for tr in table.one("tbody").all("tr")]
    assert rows == [
        ["Coming back month after month", "", "2024-01 to 2025-11"],
        ["Alerting rules", "", "2024-03 to 2025-09"],
    ]
    assert all(svg["aria-hidden"] == "true" for svg in table.all("svg"))


def test_the_guide_links_each_question_to_its_evidence() -> None:
    guide = section(page_of(OPERATED), "interview")
    links = [a["href"] for a in guide.all("a")]
    assert links
    assert set(links) <= {f"#e-{e.id}" for e in OPERATED.evidence}
    starts = [int(ol["start"]) for ol in guide.all("ol")]
    assert starts[0] == 1
    assert starts == sorted(set(starts))


def test_four_hundred_pieces_stay_below_300_kb() -> None:
    long = "An alert on the latency of requests is routed to a receiver, with a waiting time and a severity"
    many = tuple(
        replace(e, id=f"{n:016x}", message=f"{long} {n}")
        for n in range(400)
        for e in [(ALERTS, REVERTED, RELEASED)[n % 3]]
    )
    page = render(replace(dossier(), evidence=many))
    assert len(page.encode()) < 300_000
    assert page.count(long) >= 400


# --- links -----------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"https://github.com/acme/predictor/blob/{HEAD}/deploy/a%20b.yaml?plain=1#L12-L14",
        "https://git.demo.example:8443/acme/predictor/commit/1",
        "https://github.com",
    ],
)
def test_an_https_address_is_a_link(url: str) -> None:
    assert https(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://github.com/acme",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://github.com/",
        "data:text/html,x",
        "//github.com/acme",
        "https:/github.com/acme",
        "https://someone:secret@github.com/acme",
        "https://github.com@evil.example/acme",
        "https://github.com\\@evil.example/acme",
        'https://github.com/"onmouseover="alert(1)',
        "https://github.com/ acme",
        "https://github.com/acme\n",
        "https://github.com/\u202eacme",
        "https://gith\u0443b.com/acme",
        "https://GitHub.com/acme",
        " https://github.com/acme",
    ],
)
def test_anything_else_is_text(url: str | None) -> None:
    assert https(url) == ""
    page = page_of(replace(OPERATED, evidence=(replace(OPERATED.evidence[0], url=url),)))
    assert not [a for a in page.all("a") if not a["href"].startswith("#")]


def test_dimension_anchors_exist_for_all() -> None:
    page = page_of(OPERATED)
    for name in (Dimension.OBSERVABILITY, Dimension.RESEARCH):
        assert page.one("details", id=f"d-{name.value}")
