"""``shiptrace interview``: from the store, or for somebody without public work."""

from __future__ import annotations

import json

import pytest

from analyzer.report import guide
from tests.cli.conftest import Shiptrace
from tests.report.sample import dossier


@pytest.mark.usefixtures("stored")
def test_a_stored_person_in_three_formats(shiptrace: Shiptrace) -> None:
    made = guide.of(dossier())
    assert shiptrace("interview", "octo-builder") == (0, guide.terminal(made), "")
    assert shiptrace("interview", "Octo-Builder", "--format", "md") == (0, guide.markdown(made), "")
    asked = json.loads(shiptrace("interview", "octo-builder", "--json").out)
    assert [q["text"] for q in asked["questions"]] == [q.text for q in made.questions]


def test_the_general_questions_need_no_store(shiptrace: Shiptrace) -> None:
    assert shiptrace("interview", "--general") == (0, guide.terminal(guide.general()), "")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("arguments", [(), ("octo-builder", "--general"), ("octocat",)])
def test_wrong_use_names_the_general_questions(shiptrace: Shiptrace, arguments: tuple[str, ...]) -> None:
    ended = shiptrace("interview", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "shiptrace interview --general" in ended.err
