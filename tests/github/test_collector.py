"""The plan of requests against a simulated GitHub: what it costs, what is chosen, and what a missing part leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from analyzer.demo.simulator import Simulator, World
from analyzer.demo.simulator.faults import FAULTS, Fault, Rule, Said
from analyzer.errors import AuthenticationFailed, NotVisible, RateLimited, ServiceFailed
from analyzer.github.client import Client
from analyzer.github.collector import MAX_MAINTAINED, WITHOUT_TOKEN, Collected, Collector
from analyzer.github.host import host_at
from analyzer.github.token import Token
from analyzer.model import Gap
from analyzer.report.clean import redact
from analyzer.selection import Limits
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock

NO_LIMIT = Limits(max_repositories=40)


def collected(sim: Simulator, limits: Limits = NO_LIMIT, *, token: str = SECRET, login: str = "Ada") -> Collected:
    given = Token(token) if token else None
    with Client(given, host_at(sim.url), transport=worlds.transport(sim), clock=StageClock()) as client:
        collector = Collector(client, limits, redact, lambda _text: None)
        return collector.collect(collector.listing(login))


def asked(sim: Simulator) -> Counter[str]:
    return Counter({name: n for name, n in sim.counts.requests.items() if n})


# --- what it costs ---------------------------------------------------------


def test_a_hundred_repositories_cost_at_most_25_requests() -> None:
    sim = Simulator(worlds.world(100, n_years=8, n_pull_requests=200, n_flagged=50))
    found = collected(sim)
    assert (len(found.chosen), found.n_repositories) == (40, 101)
    assert asked(sim).total() <= 25, asked(sim)
    assert sim.counts.points <= 25
    assert found.is_whole


def test_more_forks_than_one_request_holds_cost_no_more() -> None:
    world = worlds.world(100, n_years=8, n_pull_requests=200)
    repositories = [
        replace(one, is_fork=True, parent=f"elsewhere/{number}", created_at=worlds.BEGIN) if number < 60 else one
        for number, one in enumerate(world.repositories)
    ]
    sim = Simulator(replace(world, repositories=tuple(repositories)))
    assert len(collected(sim).chosen) <= 40
    assert asked(sim).total() <= 25, asked(sim)


def test_without_a_token_there_are_two_requests_and_words_for_the_rest() -> None:
    sim = Simulator(worlds.world(5))
    found = collected(sim, token="")
    assert asked(sim) == {"/users/{login}": 1, "/users/{login}/repos": 1}
    assert [one.offer.n_commits for one in found.chosen] == [None] * 5
    assert {*WITHOUT_TOKEN} <= {*found.gaps}
    assert found.addresses == ()
    assert found.account.noreply_addresses()[0] == "1+ada@users.noreply.github.com"


# --- what is found ---------------------------------------------------------


def test_what_was_asked_becomes_rows_without_other_people() -> None:
    found = collected(Simulator(worlds.world(3, n_pull_requests=5)))
    names = ["guild/works", "ada/tool-002", "ada/tool-001", "ada/tool-000"]
    assert [one.ref.full_name for one in found.chosen] == names
    assert found.addresses == (worlds.EMAIL,)
    assert worlds.EMAIL not in repr(found)
    one = found.hosted.repositories["ada/tool-001"]
    assert [release.tag for release in one.releases] == ["v1"]
    assert {(d.environment, d.by_candidate) for d in one.deployments} == {("production", True)}
    assert {d.state for d in one.deployments} == {"success", "failure"}
    answered, unanswered = sorted(one.issues, key=lambda issue: issue.number)
    assert (answered.answered_by_candidate, answered.hours) == (True, 24.0)
    assert (unanswered.answered_at, unanswered.hours) == (None, None)
    assert one.context is not None
    assert one.context.language == "Python"
    assert found.hosted.repositories["guild/works"].context is None
    pulls = found.hosted.contributions
    assert {(p.full_name, p.opened_by, p.is_owner) for p in pulls} == {("guild/works", "candidate", False)}
    assert len(pulls) == 5
    assert "bert" not in repr(found.hosted)
    assert found.gaps == ()


def test_issues_are_asked_of_few_repositories_that_are_looked_after() -> None:
    sim = Simulator(worlds.world(8))
    found = collected(sim)
    assert asked(sim)["issue_response"] == MAX_MAINTAINED
    assert sum(bool(one.issues) for one in found.hosted.repositories.values()) == MAX_MAINTAINED


def test_everything_else_has_a_reason() -> None:
    found = collected(Simulator(worlds.world(10, n_flagged=5, n_pull_requests=2)), Limits(max_repositories=3))
    reasons = {entry.full_name: entry.reason for entry in found.selection.left_out}
    assert len(found.chosen) == 3
    assert len(reasons) == 11 - 3
    assert {"a mirror: the work is done elsewhere", "empty: it has no commit"} <= {*reasons.values()}
    assert reasons["guild/works"] == "somebody else's, with only 2 commits or pull requests of theirs"
    assert "the limit of 3 repositories was reached" in reasons.values()


def _forked(world: World, **changes: object) -> World:
    first, *others = world.repositories
    fork = replace(first, is_fork=True, parent="elsewhere/tool", **changes)  # pyright: ignore[reportArgumentType]
    return replace(world, repositories=(fork, *others))


def test_a_fork_is_read_for_commits_that_its_history_shows() -> None:
    world = worlds.world(2)
    later = worlds.BEGIN + timedelta(days=5)
    sim = Simulator(_forked(world, created_at=worlds.BEGIN, pushed_at=later))
    fork = next(one for one in collected(sim).chosen if one.offer.is_fork)
    assert fork.offer.n_commits == 2
    assert asked(sim)["repository_history"] == 2
    untouched = collected(Simulator(_forked(world, created_at=later, pushed_at=worlds.BEGIN)))
    assert [entry.full_name for entry in untouched.selection.left_out] == ["ada/tool-000"]


def test_what_the_user_names_is_asked_for_by_itself() -> None:
    world = worlds.world(1, n_pull_requests=0)
    sim = Simulator(world)
    found = collected(sim, Limits(include=frozenset({"Guild/Works", "guild/none"})))
    assert "guild/works" in {one.ref.full_name for one in found.chosen}
    assert [gap.repository for gap in found.gaps] == ["guild/none"]
    assert not found.is_whole


def test_a_sample_says_that_it_is_one() -> None:
    world = worlds.world(1)
    one = world.repositories[0]
    many = tuple(replace(one.deployments[0], number=n) for n in range(30))
    releases = tuple(replace(one.releases[0], number=n, tag=f"v{n}") for n in range(25))
    issues = tuple(replace(one.issues[1], number=n) for n in range(60))
    busy = replace(one, deployments=many, releases=releases, issues=issues)
    found = collected(Simulator(replace(world, repositories=(busy, *world.repositories[1:]))))
    assert set(found.gaps) == {
        Gap(what, one.full_name, "", f"the newest {n} of {total} were looked at")
        for what, n, total in (("deployments", 20, 30), ("releases", 20, 25), ("issues", 50, 60))
    }
    assert found.is_whole


# --- what goes wrong -------------------------------------------------------


def _broken(fault: Fault, *documents: str) -> Simulator:
    return Simulator(worlds.world(3), rules=[Rule(fault, on=document) for document in documents])


PARTS: dict[str, Callable[[Collected], bool]] = {
    "contributions_window": lambda found: all(one.offer.n_commits is None for one in found.chosen if one.owned),
    "merged_pull_requests": lambda found: found.hosted.contributions == (),
    "repository_history": lambda found: found.addresses == (),
    "repository_operations": lambda found: not any(one.releases for one in found.hosted.repositories.values()),
    "issue_response": lambda found: not any(one.issues for one in found.hosted.repositories.values()),
}


@pytest.mark.parametrize("document", PARTS)
def test_a_part_that_is_refused_costs_that_part(document: str) -> None:
    found = collected(_broken(Said(200, {"errors": [{"type": "FORBIDDEN", "message": "no"}]}), document))
    lost = {document, "issue_response"} if document == "repository_operations" else {document}
    assert {name for name, is_lost in PARTS.items() if is_lost(found)} == lost
    assert not found.is_whole
    assert any("The token may not see this" in gap.reason for gap in found.gaps)


def test_a_hole_in_a_list_is_asked_for_again_and_a_missing_right_is_not() -> None:
    january = Rule(
        FAULTS["graphql_resource_limits"],
        on="contributions_window",
        when=lambda asked: asked.variables["from"].startswith("2018-01"),
    )
    found = collected(Simulator(worlds.world(3), rules=[january]))
    assert not found.is_whole
    assert {gap.what[:21] for gap in found.gaps} == {"contributions 2018-01"}
    found = collected(_broken(FAULTS["no_right_to_deployments"], "repository_operations"))
    assert found.is_whole
    assert {gap.what for gap in found.gaps} == {"deployments"}
    assert all(one.releases for name, one in found.hosted.repositories.items() if name.startswith("ada/"))


def test_an_outage_in_the_middle_is_left_to_a_later_run() -> None:
    with pytest.raises(ServiceFailed):
        collected(_broken(Said(500, {}), "contributions_window", "merged_pull_requests"))


@pytest.mark.parametrize("document", ["candidate_profile", *PARTS])
def test_a_bad_token_and_a_limit_end_it(document: str) -> None:
    with pytest.raises(AuthenticationFailed):
        collected(_broken(Said(401, {"message": "Bad credentials"}), document))
    limited = Said(200, {"errors": [{"type": "RATE_LIMITED", "message": "wait"}]}, resets_in=3_000)
    with pytest.raises(RateLimited):
        collected(_broken(limited, document))


@pytest.mark.parametrize("token", [SECRET, ""])
def test_nobody_of_that_name(token: str) -> None:
    with pytest.raises(NotVisible, match="no account nobody"):
        collected(Simulator(worlds.world(1)), token=token, login="nobody")
