"""The HTML report in a real browser: nothing runs, nothing is loaded, and people can read it.

Needs Chromium on the machine (``apt-get install chromium``); skipped without, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from analyzer.comparison import compare
from analyzer.model import Dossier
from analyzer.report import compare_html
from analyzer.report.html import render
from tests.report import chromium
from tests.report.attacks import ATTACKS, everywhere
from tests.report.chromium import Browser
from tests.report.sample import ALERTS, PREDICTOR, REVERTED, dossier
from tests.report.test_html import FEW, OPERATED

pytestmark = pytest.mark.skipif(chromium.path() is None, reason="no Chromium on this machine")

COUNTED = "window.hits = 0; window.alert = () => { top.hits += 1 }"
PRESS = """
    [...document.querySelectorAll("body *")].forEach(e => {
        for (const name of ["mouseover", "focus", "toggle", "click"])
            if (!(e.tagName === "A" && name === "click" && /^https?:/.test(e.href)))
                e.dispatchEvent(new MouseEvent(name, {bubbles: true, cancelable: true}))
    })
"""
ENOUGH = 20
CONTRAST = """(() => {
    const rgb = colour => colour.match(/[\\d.]+/g).map(Number)
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
    const ground = e => { for (; e; e = e.parentElement) {
        const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } }
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const texts = [...document.querySelectorAll("body *")].filter(e => [...e.childNodes].some(
        n => n.nodeType === 3 && n.data.trim()))
    return Math.min(...texts.map(e => ratio(light(rgb(getComputedStyle(e).color)), light(ground(e)))))
})()"""
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
FOLDED = """[...document.querySelectorAll("details")]
    .filter(d => getComputedStyle(d, "::details-content").contentVisibility === "hidden").length"""


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium.started(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def browser(process: Browser) -> Browser:
    process.fresh()
    return process


def show(browser: Browser, folder: Path, page: str) -> None:
    file = folder / "page.html"
    file.write_text(page, "utf-8")
    browser.open(file)


def hits(browser: Browser, folder: Path, page: str, wait: int) -> int:
    """How often a page called ``alert``, by itself or when everything on it was pressed, until ``wait`` ms later."""
    browser.call("Page.addScriptToEvaluateOnNewDocument", source=COUNTED)
    show(browser, folder, page)
    browser.run(PRESS)
    counted = f"""new Promise(done => {{
        const end = Date.now() + {wait}
        const look = () => window.hits >= {ENOUGH} || Date.now() > end ? done(window.hits) : setTimeout(look, 20)
        look()
    }})"""
    return int(browser.run(counted))


def attacked() -> Dossier:
    """A dossier with every attack in every field: a repository, a piece of evidence and a gap of its own for each."""
    made = [everywhere(replace(OPERATED, evidence=OPERATED.evidence[:1]), text) for text in ATTACKS]
    return replace(
        made[0],
        repositories=tuple(r for d in made for r in d.repositories),
        evidence=tuple(e for d in made for e in d.evidence),
        signals=tuple(s for d in made for s in d.signals),
        gaps=tuple(g for d in made for g in d.gaps),
    )


def test_the_attacks_run_where_nothing_is_escaped(browser: Browser, tmp_path: Path) -> None:
    """The control: without this, a browser that runs nothing at all would pass."""
    frames = (f"<iframe srcdoc='{escape(text)}'></iframe>" for text in ATTACKS)
    page = f"<!doctype html><meta charset=utf-8>{''.join(frames)}"
    assert hits(browser, tmp_path, page.encode(errors="replace").decode(), 10_000) >= ENOUGH


def test_no_attack_runs(browser: Browser, tmp_path: Path) -> None:
    assert hits(browser, tmp_path, render(attacked()), 300) == 0
    asked = [e["request"]["url"] for e in browser.reported("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("file:")] == []
    assert not browser.reported("Log.entryAdded", "Runtime.exceptionThrown", "Page.frameRequestedNavigation")


@pytest.mark.parametrize("made", [dossier(), OPERATED, FEW], ids=["every state", "operated", "few"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(browser: Browser, tmp_path: Path, made: Dossier, scheme: str) -> None:
    """The style is taken, and every text has a contrast of 4.5 : 1 with its ground (WCAG 2.2, 1.4.3)."""
    browser.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
    show(browser, tmp_path, render(made))
    browser.run(OPEN)
    assert not browser.reported("Log.entryAdded")
    assert browser.run("getComputedStyle(document.querySelector('main')).maxWidth") == "928px"
    assert browser.run(CONTRAST) >= 4.5


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, tmp_path: Path, width: int) -> None:
    wide = replace(ALERTS, path="a" * 300, message="b" * 300, snippet="c" * 200, repository="d" * 140)
    made = replace(dossier(), evidence=(wide,), repositories=(replace(PREDICTOR, full_name="d" * 140),))
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
    beside = compare([replace(made, candidate=replace(made.candidate, login=f"{n}{'e' * 38}")) for n in range(6)])
    for page in (render(made), render(OPERATED), compare_html.render(beside)):
        show(browser, tmp_path, page)
        browser.run(OPEN)
        assert browser.run("document.documentElement.scrollWidth") <= width


def test_on_paper_everything_is_open_and_links_show_where_they_lead(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, render(dossier()))
    assert browser.run(FOLDED) > 0
    browser.call("Emulation.setEmulatedMedia", media="print", features=[])
    assert browser.run(FOLDED) == 0
    after = "getComputedStyle(document.querySelector('a[href^=https]'), '::after').content"
    assert ALERTS.url in browser.run(after) or REVERTED.url in browser.run(after)
    assert browser.run("getComputedStyle(document.querySelector('nav')).display") == "none"


def test_a_link_to_a_piece_opens_what_it_is_folded_in(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, render(OPERATED))
    assert browser.run("document.querySelectorAll('details[open]').length") == 0
    browser.run("document.querySelector('#interview ~ ol a').click()")
    assert browser.run("document.querySelector(':target').closest('details').open")


def test_the_keyboard_reaches_the_summary_first(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, render(OPERATED))
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
