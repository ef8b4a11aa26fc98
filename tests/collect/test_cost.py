"""What a large account costs: requests to GitHub, and git processes."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import pytest

from analyzer.demo.simulator import World
from analyzer.git import process
from tests.collect.site import WHY, Site
from tests.demo import worlds

ALL = os.environ.get("SHIPTRACE_FAULTS") == "all"
COMMAND = ("collect", "ada", "--exclude", "guild/works", *WHY)
AT_MOST = 25


@pytest.fixture
def gits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every git process that is started, by its command."""
    started: list[str] = []

    class Listed(process.Stream):
        def __init__(self, argv: list[str], name: str, **more: Any) -> None:
            started.append(name)
            super().__init__(argv, name, **more)

    monkeypatch.setattr(process, "Stream", Listed)
    return started


def _large(site: Site) -> World:
    """A hundred repositories of Ada, eight years, 200 merged pull requests; every clone gives the same history."""
    real = site.world.repositories[0].git_dir
    made = worlds.world(100, n_years=8, n_pull_requests=200)
    *own, works = made.repositories
    return replace(made, repositories=(*(replace(one, git_dir=real) for one in own), works))


def test_a_hundred_repositories_are_planned_with_few_requests(site: Site, gits: list[str]) -> None:
    ended = site.run(command=(*COMMAND, "--dry-run", "--json"), world=_large(site))
    (plan,) = json.loads(ended.out)
    assert (len(plan["read"]), plan["repositories"]) == (40, 101)
    assert plan["requests"] == ended.sim.counts.n_api <= AT_MOST
    assert plan["points"] == ended.sim.counts.points <= AT_MOST
    assert gits == []


@pytest.mark.skipif(not ALL, reason="40 clones take a while; SHIPTRACE_FAULTS=all makes them")
def test_a_hundred_repositories_are_read_once(site: Site, gits: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    world = _large(site)
    monkeypatch.setattr(site.hub, "world", world)
    first = site.run(command=COMMAND, world=world)
    assert first.code == 3, first.err  # 60 repositories are beyond the limit, today as the next time
    assert first.sim.counts.points <= AT_MOST
    assert first.sim.counts.n_api <= AT_MOST
    assert gits.count("clone") == 40
    gits.clear()
    second = site.run(command=COMMAND, world=world, is_next=True)
    assert (second.code, second.dump, gits) == (3, first.dump, [])
    assert second.sim.counts.requests == {"candidate_profile": 1, "candidate_repositories": 2}
