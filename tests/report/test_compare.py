"""A comparison in every format: words and places, ties, nobody's total, nothing foreign unescaped."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from analyzer.comparison import compare
from analyzer.model import Dossier
from analyzer.report import compare as terminal
from analyzer.report import compare_markdown, json_, words
from signals.model import Level
from tests.report.hostile import poisoned
from tests.told import months, repository, row, told

NUMBER = re.compile(r"\d\.\d")


def named(login: str, made: Dossier) -> Dossier:
    return replace(made, candidate=replace(made.candidate, login=login))


ADA = named("ada", told(row("alert-rules"), row("revert-commit", Level.USED), months(20)))
BO = named("bo", told(row("alert-rules"), row("notebook-share", Level.USED), months(9)))
CY = named("cy", told(repositories=(repository(own=0),)))
MADE = compare([ADA, BO, CY])
RENDERERS = {"terminal": terminal.page, "md": compare_markdown.render}


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("form", RENDERERS)
def test_words_places_and_ties_but_no_numbers(form: str) -> None:
    shown = flat(RENDERERS[form](MADE))
    plain = shown.replace("\\", "")
    assert "ada and bo: no difference that the evidence can carry." in plain
    assert "lived-in, medium" in plain
    assert "acme/predictor: deploy/alerts/latency.yaml" in plain
    assert f"{words.APART}" in plain
    assert "nobody is ranked" in plain
    assert words.NOTHING_HELD in plain
    assert "never subtracted: work in notebooks" in plain
    assert "not seen" not in plain  # which is none of the four states
    assert not NUMBER.search(re.sub(r"http\S+", "", plain))


@pytest.mark.parametrize("form", RENDERERS)
def test_a_revert_counts_in_favour(form: str) -> None:
    assert words.REVERT in flat(RENDERERS[form](MADE))


@pytest.mark.parametrize("form", RENDERERS)
def test_who_stands_apart_has_no_column(form: str) -> None:
    shown = RENDERERS[form](MADE)
    header = next(line for line in shown.splitlines() if "ada" in line and "bo" in line)
    assert "cy" not in header


@pytest.mark.parametrize("form", RENDERERS)
def test_only_people_apart_have_no_table(form: str) -> None:
    shown = RENDERERS[form](compare([CY, named("dee", CY)]))
    assert "dimension by dimension" not in shown.lower()
    assert shown.count("do not rank") == 2


@pytest.mark.parametrize("form", RENDERERS)
def test_cautions_are_shown(form: str) -> None:
    shown = flat(RENDERERS[form](compare([ADA, replace(BO, as_of="2020-01-01")])).replace("\\", ""))
    assert "Caution: These people were judged from different days" in shown
    assert "As of 2020-01-01 and 2026-11-21" in shown or "as of 2020-01-01 and 2026-11-21" in shown


@pytest.mark.parametrize("n", [2, 3, 6, 7, 13])
def test_any_number_of_people_fits_eighty_columns(n: int) -> None:
    people = [named(f"somebody-with-a-long-login-{i:02}", ADA) for i in range(n)]
    shown = terminal.page(compare(people))
    assert max(len(line) for line in shown.splitlines() if "https://" not in line) <= 80
    assert all(f"-{i:02}" in shown for i in range(n))
    assert shown.count("Simplicity") == -(-n // 6)


def test_more_pieces_than_shown_are_named() -> None:
    shown = flat(terminal.page(compare([named(f"p{i}", ADA) for i in range(5)])))
    assert "as much is shown by p3, p4" in shown


def test_json_has_the_values_and_its_own_schema() -> None:
    made = json.loads(json_.render(MADE))
    assert made["schema"] == "shiptrace.comparison/1"
    assert [p["login"] for p in made["people"]] == ["ada", "bo"]
    assert [p["login"] for p in made["apart"]] == ["cy"]
    assert {c["login"] for d in made["dimensions"] for c in d["cells"]} == {"ada", "bo"}
    assert "value" in made["dimensions"][0]["cells"][0]


@pytest.mark.parametrize(
    "text", ["\x1b[2J\u202eevil\n", "<script>alert(1)</script>", "| a | [x](javascript:1) `b` @maya"]
)
def test_what_comes_from_outside_is_only_text(text: str) -> None:
    made = compare([named("ada", poisoned(text)), named("bo", ADA)])
    hostile = compare([poisoned(text), named("bo", ADA)])
    for comparison in (made, hostile):
        assert not {"\x1b", "\u202e"} & set(terminal.page(comparison) + compare_markdown.render(comparison))
        shown = re.sub(r"\]\(https?://[^)\s]*\)", "](link)", compare_markdown.render(comparison))
        assert not re.search(r"(?<!\\)<|(?<!\\)`|@maya", shown)
        assert not re.search(r"(?<!\\)\]\(javascript", shown)
