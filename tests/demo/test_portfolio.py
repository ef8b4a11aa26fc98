"""The demo portfolio is the same everywhere: its object ids are part of the story."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzer.demo import portfolio
from analyzer.git import process


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> portfolio.DemoPortfolio:
    return portfolio.build(tmp_path_factory.mktemp("demo"))


def _log(git_dir: Path, form: str) -> list[str]:
    return process.run(git_dir, ["log", f"--format={form}", "main"]).decode().splitlines()


def test_every_machine_gives_the_same_objects(built: portfolio.DemoPortfolio) -> None:
    heads = {name: process.run(git_dir, ["rev-parse", "HEAD"]).decode().strip() for name, git_dir in built.repositories}
    assert heads == {
        "demo-maya/demand-forecast": "27e9e1346aa1be8c53607f8cc09a9fd519c6291f",
        "demo-maya/sparse-attention": "52edd5af7fa57b7332d1b8bdef11b67e2afb49e7",
    }


def test_git_finds_nothing_wrong(built: portfolio.DemoPortfolio) -> None:
    for _, git_dir in built.repositories:
        process.run(git_dir, ["fsck", "--strict"])


def test_people_and_addresses_are_plainly_made_up(built: portfolio.DemoPortfolio) -> None:
    made_up = re.compile(r"@(?:[a-z]+\.)?demo\.example$")
    assert built.login.startswith("demo-")
    for _, git_dir in built.repositories:
        assert all(made_up.search(address) for address in _log(git_dir, "%ae%n%ce"))
    assert all(made_up.search(address) for address in built.emails)


def test_the_service_was_operated_for_twenty_months(built: portfolio.DemoPortfolio) -> None:
    service = built.repositories[0][1]
    own = process.run(service, ["log", "--format=%as", "--author=Maya", "main"]).decode().split()
    assert len({day[:7] for day in own}) >= 12
    assert own[-1] < "2024-03-01"
    assert own[0] > "2025-09-01"
    assert own[0] <= built.as_of.isoformat()


def test_a_revert_restores_the_blobs_and_names_the_commit(built: portfolio.DemoPortfolio) -> None:
    service = built.repositories[0][1]
    message = process.run(service, ["log", "-1", "--format=%H%n%B", "--grep=^Revert", "main"]).decode()
    revert, reverted = message.split("\n")[0], re.findall(r"This reverts commit ([0-9a-f]{40})\.", message)[0]
    assert process.run(service, ["rev-parse", f"{revert}^{{tree}}"]) == process.run(
        service, ["rev-parse", f"{reverted}^^{{tree}}"]
    )


def test_a_story_that_edits_what_is_not_there_is_refused(tmp_path: Path) -> None:
    told = portfolio.Told(by="maya", at=datetime(2024, 1, 1, tzinfo=UTC), message="m")
    told["edit"] = [{"path": "a", "old": "x", "new": "y"}]
    with pytest.raises(portfolio.BadStory, match="wants to edit 'x' in a"):
        portfolio.make(tmp_path / "a.git", [told], {"maya": "Maya Demo <maya@demo.example>"})
