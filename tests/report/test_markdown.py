"""The report as Markdown: the same content, and nothing foreign that is more than text.

No Markdown renderer is at hand, so the structure is checked by rule: what is left when escapes, code and our own links
are taken away must hold no mark that Markdown or a forge would act on.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.model import Dossier
from analyzer.report import guide, markdown, story, words
from analyzer.report.clean import printable
from signals.model import Level
from tests.report.hostile import poisoned
from tests.report.sample import ALERTS, REVERTED, dossier
from tests.told import repository, row, told

_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\((https?://[\w./?#=%+,;~@&:-]*)\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKUP = re.compile(r"[<>\[\]`|~$!{}\\&]")
"""What Markdown acts on: HTML, links, images, code, tables, strike-through, formulas, entities."""

_PINGS = re.compile(r"[@#!~]\w|\bGH-\d|://|\bwww\.", re.IGNORECASE)
"""What a forge acts on in the text as it is rendered: mentions, references, bare addresses."""

MARKS = '\\`*_[]()<>&#|~!${}@:/-+=.1 "\n\u200b\udcff'
HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://tracker.example/pixel)",
    "`code` ``more`` ```",
    "| a | b |",
    "@octocat and @acme/team",
    "acme/other#12, GH-7, !3, fixes #1",
    "https://evil.example www.evil.example a@evil.example",
    "# heading",
    "- item",
    "1. item",
    "&lt;b&gt; &#35;",
    "**bold** __bold__ ~~gone~~ $x$ $$y$$",
    "\\",
    "a\n# b\n<i>",
    "{{ site.secret }} {% include x %}",
    "<!--",
)


def inert(text: str) -> bool:
    """Whether nothing is left to act on once our code and links are taken away, before and after rendering."""
    rest = _LINK.sub(lambda link: link[1], _CODE.sub("", text))
    rendered = _ESCAPED.sub(r"\1", rest.replace("&#8203;", "\u200b"))
    return not _MARKUP.search(_ESCAPED.sub("", rest.replace("&#8203;", ""))) and not _PINGS.search(rendered)


def lines_of(made: Dossier) -> list[str]:
    return markdown.render(story.of(made)).splitlines()


def body(lines: list[str]) -> list[str]:
    """The lines without what is ours at their start and around their cells."""
    plain = [re.sub(r"^(?:#{1,2} | {0,2}- )", "", line) for line in lines]
    return [re.sub(r"^\| | \|$| \| |^\|(?:---\|)+$", " ", line) for line in plain]


def test_the_checks_themselves_find_what_is_not_escaped() -> None:
    assert not any(inert(text) for text in HOSTILE if not re.match(r"#|-|1|`", text))


def test_it_tells_what_the_terminal_tells() -> None:
    text = "\n".join(lines_of(dossier()))
    assert text.startswith("# octo-builder\n\nAs of 2026-11-21.\n")
    titles = re.findall("^## (.*)$", text, re.MULTILINE)
    assert titles == [
        "Repositories read",
        "Production work seen",
        "More evidence, strongest first",
        "Changes taken back",
        "Not seen, and why",
    ]
    for mark in ("**Sure:**", "**Not visible:**", "**Ask:**", f"]({ALERTS.url})", f"]({REVERTED.url})"):
        assert mark in text
    assert "| Observability and monitoring | lived-in, medium confidence | Alerting rules |" in text
    assert text.count(words.REVERT) == text.count(REVERTED.message) == 1
    assert not re.search(r"\d\.\d", re.sub(r"`.*`|\(http.*\)", "", text))


def test_with_too_little_to_say_there_is_no_level() -> None:
    few = told(row("container-image", Level.DECLARED), repositories=(repository(own=4, of=4),))
    text = "\n".join(lines_of(few))
    assert "do not rank this person below others" in text
    assert not re.search("lived-in|used|declared|strongest", text, re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    lines = lines_of(poisoned(text))
    for line in body(lines):
        assert inert(line), line
    assert lines[0].startswith("# ")
    assert [line for line in lines[1:] if line.startswith("#")] == [
        line for line in lines_of(poisoned("plain"))[1:] if line.startswith("#")
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from(MARKS), st.characters()), max_size=40))
@example("@a@b#1")
@example("1) x")
@example("=")
def test_any_text_keeps_the_structure_of_the_page(text: str) -> None:
    shapes = [re.match(r" *(?:#+ |- |\||\*\*)?", line) for line in lines_of(poisoned(f"x{text}"))]
    plain = [re.match(r" *(?:#+ |- |\||\*\*)?", line) for line in lines_of(poisoned("plain"))]
    assert [shape and shape[0] for shape in shapes] == [shape and shape[0] for shape in plain]
    for line in body(lines_of(poisoned(text))):
        assert inert(line), line


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from(MARKS), st.characters()), max_size=40))
def test_what_is_escaped_reads_as_before(text: str) -> None:
    shown = printable(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown.escape(shown).replace("&#8203;", "")) == shown.strip()


@pytest.mark.parametrize("text", ["1. x", "1) x", "- x", "+ x", "= x", "# x", "> x", "* x", "123456789. x"])
def test_no_text_starts_a_list_a_heading_or_a_quotation(text: str) -> None:
    assert re.match(r"[0-9]*\\", markdown.escape(text))


def test_a_fence_is_longer_than_any_inside() -> None:
    assert markdown.code("a") == "`a`"
    assert markdown.code("a `` b ` c") == "```a `` b ` c```"
    assert markdown.code("`a`") == "`` `a` ``"


def test_an_address_cannot_leave_its_link() -> None:
    url = 'https://x/a b)c](d)<e>"f`g|h\\i&lt;é'
    (link,) = re.findall(r"\]\((.*)\)$", markdown.link("x", url))
    assert link == "https://x/a%20b%29c%5D%28d%29%3Ce%3E%22f%60g%7Ch%5Ci&amp;lt;%C3%A9"


@settings(max_examples=50, deadline=None)
@given(st.text(st.one_of(st.sampled_from(MARKS), st.characters()), max_size=40))
def test_an_interview_guide_is_as_safe(text: str) -> None:
    made = guide.markdown(guide.of(poisoned(text))).splitlines()
    for line in body(made):
        assert inert(line), line
