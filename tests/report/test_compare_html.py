"""The comparison as a page: the words of the other formats, one column a person, nothing foreign but words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analyzer.comparison import Comparison, compare
from analyzer.model import Dossier
from analyzer.report import compare_html, words
from analyzer.report.clean import printable
from signals.model import Level
from tests.report.attacks import ATTACKS, everywhere
from tests.report.markup import Element, read
from tests.report.sample import ALERTS
from tests.report.test_compare import ADA, BO, CY, named
from tests.told import months, row, told

MADE = compare([ADA, BO, CY])


def page_of(made: Comparison) -> Element:
    return read(compare_html.render(made))


def rows_of(table: Element) -> list[list[str]]:
    return [[cell.text for cell in tr.inside if isinstance(cell, Element)] for tr in table.all("tr")]


def test_people_stand_side_by_side_in_words() -> None:
    page = page_of(MADE)
    head, *rows = rows_of(page.one("table"))
    assert head == ["", "ada", "bo"]
    assert len(rows) == 12
    assert ["Observability and monitoring", "ada: lived-in, medium", "bo: lived-in, medium"] in rows
    assert ["Rollback and reversibility", "ada: used, medium", "bo: no place to look"] in rows
    assert rows[-1] == ["Research-style work, beside", "ada: no place to look", "bo: seen"]
    assert not re.search(r"\d\.\d", page.one("main").text.replace(ALERTS.snippet, ""))


def test_ties_and_the_most_telling_evidence_are_said() -> None:
    telling = next(s for s in page_of(MADE).all("section") if s["aria-labelledby"] == "telling").text
    assert f"ada and bo: {words.TIE}." in telling
    assert words.REVERT in telling
    assert "What revert-commit found" in telling


def test_who_stands_apart_has_no_column_and_no_level() -> None:
    page = page_of(compare([CY, named("dee", CY)]))
    assert words.APART in page.one("main").text
    assert not [*page.all("table")]
    assert not [e for e in page.all("b") if e["class"] in set(Level)]


@pytest.mark.parametrize(("n", "columns"), [(2, [2]), (6, [6]), (7, [4, 3]), (13, [5, 5, 3])])
def test_many_people_take_several_tables(n: int, columns: list[int]) -> None:
    page = page_of(compare([named(f"p{i}", ADA) for i in range(n)]))
    assert [len(rows_of(table)[0]) - 1 for table in page.all("table")] == columns
    assert page.one("main").text.count("p0: lived-in") >= 1


def test_attacks_change_nothing_but_words() -> None:
    sample = told(row("alert-rules"), row("revert-commit", Level.USED), months(9))

    def attacked(text: str) -> Element:
        keep = frozenset({"signal", "kind"})
        people: list[Dossier] = [everywhere(sample, text, keep), named("bo", everywhere(CY, text, keep)), ADA]
        made = compare(people)
        return page_of(replace(made, cautions=(*made.cautions, text)))

    plain = attacked("plain")
    for text in ATTACKS:
        page = attacked(text)
        assert page.shape() == plain.shape(), text
        assert " ".join(printable(text).split()) in page.one("main").text
