"""Whatever a repository holds stays text: no element, attribute or address of the page comes from it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.model import Dossier
from analyzer.report import html
from analyzer.report.clean import printable
from tests.report.attacks import ATTACKS, everywhere
from tests.report.markup import Element, read
from tests.report.sample import dossier
from tests.told import months, repository, row, told

SAMPLES = {
    "every kind of place": dossier(),
    "operated": told(
        row("alert-rules"),
        row("revert-commit"),
        row("runtime-deploy-workflow"),
        row("container-image", share=0),
        months(9),
    ),
    "little": told(row("container-image", share=0.5), repositories=(repository(own=2, of=2),)),
}
STRUCTURE = frozenset({"signal", "kind"})
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def attacked(sample: str, text: str, keep: frozenset[str]) -> Element:
    """The page of a sample that says this everywhere; it can be written as UTF-8 and hides nothing."""
    page = html.render(everywhere(SAMPLES[sample], text, keep))
    page.encode()
    assert not _UNSEEN.search(page)
    return read(page)


@pytest.mark.parametrize(
    ("sample", "keep"),
    [("every kind of place", frozenset[str]()), *((sample, STRUCTURE) for sample in SAMPLES)],
    ids=["everything", *SAMPLES],
)
def test_attacks_change_nothing_but_words(sample: str, keep: frozenset[str]) -> None:
    plain = attacked(sample, "plain", keep)
    for text in ATTACKS:
        page = attacked(sample, text, keep)
        assert page.shape() == plain.shape(), text
        assert [a["href"] for a in page.all("a") if not a["href"].startswith("#")] == [], text
        assert page.one("style").text == plain.one("style").text
        assert [m["content"] for m in page.all("meta")] == [m["content"] for m in plain.all("meta")]
        assert " ".join(printable(text).split()) in page.one("main").text


def test_only_ids_and_anchors_hold_foreign_text_and_only_that_of_ids() -> None:
    """Every other attribute is one that a page of another dossier has as well."""
    plain, page = attacked("operated", "plain", STRUCTURE), attacked("operated", ATTACKS[-1], STRUCTURE)
    different = {
        (name, e.tag)
        for e, other in zip(page.all(), plain.all(), strict=True)
        for name in e.attributes
        if e[name] != other[name]
    }
    assert different <= {("id", "li"), ("href", "a")}


@settings(max_examples=150, deadline=None)
@given(st.text(st.one_of(st.sampled_from("<>&\"'`=/:;{}%#()[]-!?\\ \n\t\0"), st.characters()), min_size=1, max_size=30))
def test_any_text_is_as_harmless(text: str) -> None:
    shown = f"x{text}"
    assert attacked("operated", shown, STRUCTURE).shape() == attacked("operated", "plain", STRUCTURE).shape()


def test_an_address_from_a_repository_cannot_leave_its_attribute() -> None:
    url = "https://git.example/a/b/blob/1/x&lt=%27#L1"
    made: Dossier = SAMPLES["operated"]
    page = read(html.render(replace(made, evidence=(replace(made.evidence[0], url=url),))))
    assert {a["href"] for a in page.all("a") if a["href"].startswith("https:")} == {url}


def test_there_are_enough_attacks() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60
