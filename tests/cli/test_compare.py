"""``shiptrace compare``: people from the store side by side, in every format, and what it answers to wrong use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.store import Store
from tests.cli.conftest import Shiptrace
from tests.report.sample import dossier
from tests.store.sample import write

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def people(stored: Path) -> Path:
    """Three people in the store, of whom two are in a cohort."""
    for login, day in (("ada", "2026-11-21"), ("bo", "2026-01-01")):
        made = dossier()
        write(stored, replace(made, candidate=replace(made.candidate, login=login), as_of=day))
    with Store.open(stored) as store:
        store.add_to_cohort("backend", ["octo-builder", "ada"])
    return stored


def logins(text: str) -> list[str]:
    return [p["login"] for p in json.loads(text)["people"]]


def test_the_order_in_which_they_are_named(shiptrace: Shiptrace) -> None:
    assert logins(shiptrace("compare", "octo-builder", "ada", "--json").out) == ["octo-builder", "ada"]
    given = ("ADA", "github.com/octo-builder", "ada")
    assert logins(shiptrace("compare", *given, "--json").out) == ["ada", "octo-builder"]


def test_a_cohort_stands_by_login(shiptrace: Shiptrace) -> None:
    assert logins(shiptrace("compare", "--cohort", "backend", "--json").out) == ["ada", "octo-builder"]
    assert logins(shiptrace("compare", "bo", "--cohort", "backend", "--json").out) == ["bo", "ada", "octo-builder"]


@pytest.mark.parametrize(
    ("shape", "begins"), [("terminal", "Side by side"), ("md", "# Side by side"), ("html", "<!doctype"), ("json", "{")]
)
def test_every_format_to_stdout_and_into_a_file(shiptrace: Shiptrace, shape: str, begins: str, tmp_path: Path) -> None:
    shown = shiptrace("compare", "ada", "octo-builder", "--format", shape)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(begins)
    file = tmp_path / "out.txt"
    written = shiptrace("compare", "ada", "octo-builder", "--format", shape, "-o", file)
    assert (written.code, written.out) == (0, "")
    assert f"Wrote {file}" in written.err
    assert file.read_text("utf-8") == shown.out


@pytest.mark.parametrize(
    ("ending", "begins"), [("md", "# Side"), ("html", "<!doctype"), ("json", "{"), ("txt", "Side")]
)
def test_the_ending_of_the_file_names_the_format(
    shiptrace: Shiptrace, ending: str, begins: str, tmp_path: Path
) -> None:
    file = tmp_path / f"out.{ending}"
    assert shiptrace("compare", "ada", "octo-builder", "-o", file).code == 0
    assert file.read_text("utf-8").startswith(begins)


def test_different_days_are_a_caution(shiptrace: Shiptrace) -> None:
    assert "Caution: These people were judged from different days" in shiptrace("compare", "ada", "bo").out
    warned = shiptrace("compare", "ada", "bo", "--json")
    assert "different days" in warned.err
    assert len(json.loads(warned.out)["cautions"]) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("ada",), "two people or more"),
        (("ada", "ADA"), "two people or more"),
        ((), "two people or more"),
        (("ada", "nobody"), "no candidate 'nobody'"),
        (("--cohort", "frontend"), "no cohort 'frontend'"),
        (("ada", "bo", "-o", "missing/out.md"), "no folder missing"),
        (("ada", "bo", "--format", "pdf"), "pdf"),
    ],
)
def test_wrong_use_is_explained(shiptrace: Shiptrace, given: tuple[str, ...], said: str) -> None:
    ended = shiptrace("compare", *given)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
