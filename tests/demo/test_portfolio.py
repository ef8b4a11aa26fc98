"""The demo portfolios are the same everywhere: their object ids are part of the stories."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyzer.demo import portfolio
from analyzer.demo.story import Told, parse
from analyzer.git import process


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[portfolio.DemoPortfolio, ...]:
    return portfolio.build(tmp_path_factory.mktemp("demo"))


def _log(git_dir: Path, form: str) -> list[str]:
    return process.run(git_dir, ["log", f"--format={form}", "main"]).decode().splitlines()


def test_a_story_that_gives_other_objects_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def retold(text: str) -> tuple[Told, ...]:
        return parse(text.replace("Serve the demand model", "Serve a model"))

    monkeypatch.setattr(portfolio, "parse", retold)
    with pytest.raises(portfolio.BadStory, match=r"demo-maya/demand-forecast gives HEAD [0-9a-f]{40}"):
        portfolio.build(tmp_path)


def test_git_finds_nothing_wrong(built: tuple[portfolio.DemoPortfolio, ...]) -> None:
    for person in built:
        for _, git_dir in person.repositories:
            process.run(git_dir, ["fsck", "--strict"])


def test_people_and_addresses_are_plainly_made_up(built: tuple[portfolio.DemoPortfolio, ...]) -> None:
    made_up = re.compile(r"@(?:[a-z]+\.)?demo\.example$")
    for person in built:
        assert person.login.startswith("demo-")
        assert all(made_up.search(address) for address in person.emails)
        for full_name, git_dir in person.repositories:
            assert full_name.startswith("demo-")
            assert all(made_up.search(address) for address in _log(git_dir, "%ae%n%ce"))


def test_nothing_lies_after_the_day_that_all_are_seen_from(built: tuple[portfolio.DemoPortfolio, ...]) -> None:
    (as_of,) = {person.as_of for person in built}
    days = {day for person in built for _, git_dir in person.repositories for day in _log(git_dir, "%as%n%cs")}
    assert max(days) <= as_of.isoformat()
