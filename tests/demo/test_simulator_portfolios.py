"""The demo portfolios as GitHub would show them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzer.demo import portfolio
from analyzer.demo.simulator import Simulator, World
from analyzer.demo.simulator import portfolios as told
from analyzer.demo.simulator.world import Kind
from analyzer.git import process
from analyzer.github import queries
from analyzer.github.client import Client
from analyzer.github.host import host_at
from analyzer.github.records import Operations
from analyzer.github.token import Token
from tests.demo import worlds
from tests.github.stage import SECRET


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[portfolio.DemoPortfolio, ...]:
    return portfolio.build(tmp_path_factory.mktemp("portfolios"))


@pytest.fixture(scope="module")
def world(people: tuple[portfolio.DemoPortfolio, ...]) -> World:
    return told.world(people)


def client(world: World) -> Client:
    sim = Simulator(world)
    return Client(Token(SECRET), host_at(sim.url), transport=worlds.transport(sim))


def operations(world: World) -> Mapping[str, Operations]:
    chosen = {one.node_id: one.full_name for one in world.repositories if one.commits}
    with client(world) as github:
        return {one.full_name: one for one in github.all(queries.operations(chosen)).items}


def test_everybody_has_an_account_with_their_addresses(
    world: World, people: tuple[portfolio.DemoPortfolio, ...]
) -> None:
    for person in people:
        account = world.by_login[person.login]
        assert all(world.by_email[email] == account for email in person.emails)
    assert world.by_login["demo-transit"].kind is Kind.ORGANIZATION
    assert world.by_login["demo-hanna"].kind is Kind.USER
    assert not any("[bot]" in account.login for account in world.accounts)


def test_repositories_are_those_of_git(world: World) -> None:
    for one in world.repositories:
        if one.git_dir is not None and one.commits:
            assert process.run(one.git_dir, ["rev-parse", "HEAD"]).decode().strip() == one.commits[-1].sha
    assert {one.languages[0][0] for one in world.repositories if one.languages} == {"Python"}
    beside = {one.full_name: one for one in world.owned_by("demo-sam") if one.is_fork or not one.commits}
    assert beside.keys() == {"demo-sam/courteous", "demo-sam/next-thing"}
    assert beside["demo-sam/courteous"].parent == "demo-lena/courteous"


def test_a_repository_without_commits_can_be_asked_for(world: World) -> None:
    (empty,) = (one for one in world.repositories if not one.commits)
    assert empty.git_dir is not None
    assert process.run(empty.git_dir, ["for-each-ref"]) == b""


def test_work_for_others_is_seen_as_merged_pull_requests(world: World) -> None:
    with client(world) as github:
        account = github.one(queries.profile("demo-priya"))
        merged = github.all(queries.merged_pull_requests("demo-priya")).items
        windows = github.all(queries.contributions("demo-priya", account.years)).items
    assert {one.repository.full_name for one in merged} == {"demo-transit/arrivals"}
    assert [one.number for one in merged] == [111, 96, 85, 66, 54, 50, 48]
    assert {one.association for one in merged} == {"CONTRIBUTOR"}
    assert {one.merged_by.login for one in merged if one.merged_by} == {"demo-hanna"}
    assert account.years == (2024, 2025)
    listed = {entry.repository.full_name for window in windows for entry in window.repositories}
    assert listed == {"demo-transit/arrivals", "demo-priya/stop-names"}


def test_what_ran_and_what_was_released_is_known(world: World) -> None:
    found = operations(world)
    forecast, library = found["demo-maya/demand-forecast"], found["demo-lena/courteous"]
    assert forecast.environments is not None
    assert [one.name for one in forecast.environments] == ["production", "staging"]
    assert forecast.n_deployments > 80
    assert (library.n_tags, library.n_releases, library.n_deployments) == (17, 17, 0)
    assert library.n_closed_issues > 20
    assert found["demo-otto/churn-platform"].n_deployments == 0
    (one,) = (one for one in world.repositories if one.full_name == "demo-maya/demand-forecast")
    assert [each.statuses[-1].state for each in one.deployments].count("FAILURE") == 2


def test_every_named_failure_is_a_commit(world: World) -> None:
    failed = {
        one.full_name: sum(each.statuses[-1].state == "FAILURE" for each in one.deployments)
        for one in world.repositories
    }
    assert failed["demo-transit/arrivals"] == 1


def test_issues_are_answered_by_the_maintainer(world: World) -> None:
    with client(world) as github:
        issues = github.all(queries.issues("demo-lena/courteous")).items
    assert all(issue.by and issue.by.login.startswith("demo-visitor") for issue in issues)
    assert {comment.association for issue in issues for comment in issue.comments} == {"OWNER"}
    assert all(issue.comments[0].at > issue.opened_at for issue in issues if issue.comments[0].at and issue.opened_at)


def test_the_world_is_the_same_again(people: tuple[portfolio.DemoPortfolio, ...], world: World) -> None:
    assert told.world(people) == world


def test_no_path_of_the_machine_is_answered(world: World, people: tuple[portfolio.DemoPortfolio, ...]) -> None:
    folder = str(Path(people[0].repositories[0][1]).parents[1])
    with client(world) as github:
        page = github.all(queries.repositories("demo-maya"))
    assert folder not in repr(page)
    assert all(one.ref.url.startswith(portfolio.HOST) for one in page.items)
