"""Faults by script: each strikes where it is told to, as the client meets it, and the counts see what follows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.demo.simulator import Request, Simulator
from analyzer.demo.simulator.faults import (
    FAULTS,
    Cut,
    Rule,
    Slow,
    login_becomes,
    name_becomes,
    page_over,
    total_off_by,
    window_over,
)
from analyzer.errors import (
    AuthenticationFailed,
    Blocked,
    EmptyRepository,
    NotReady,
    NotVisible,
    ServiceFailed,
)
from analyzer.github import queries
from analyzer.github.client import Client
from analyzer.github.host import host_at
from analyzer.github.token import Token
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock


def simulated(*rules: Rule, **options: Any) -> tuple[Simulator, Client]:
    """A simulator and a client that share a clock."""
    clock = StageClock()
    sim = Simulator(worlds.world(7, n_pull_requests=9), rules=rules, clock=clock.now, **options)
    return sim, Client(Token(SECRET), host_at(sim.url), clock=clock, transport=worlds.transport(sim), patience=4_000.0)


def everything(github: Client) -> list[Any]:
    """All that a run asks."""
    account = github.one(queries.profile("ada"))
    owned = github.all(queries.repositories("ada"))
    chosen = {one.ref.node_id: one.ref.full_name for one in owned.items}
    return [
        account,
        owned,
        github.all(queries.operations(chosen)),
        github.all(queries.histories(chosen, account.node_id)),
        github.all(queries.contributions("ada", account.years)),
        github.all(queries.merged_pull_requests("ada")),
        github.all(queries.issues("ada/tool-001")),
        github.account("ada"),
        list(github.repositories("ada")),
        github.repository("ada/tool-003"),
    ]


TRANSIENT = {
    "rest_primary_limit": "/users/*",
    "rest_primary_limit_429": "/repos/*",
    "rest_secondary_limit_retry_after": "*",
    "rest_secondary_limit_no_header": "*",
    "graphql_rate_limited": "candidate_repositories",
    "graphql_rate_limit_variant": "merged_pull_requests",
    "graphql_resource_limits": "contributions_window",
    "graphql_timeout_200": "repository_operations",
    "graphql_timeout_json": "repository_history",
    "graphql_timeout_json_504": "issue_response",
    "server_timeout_html": "candidate_profile",
    "server_error": "*",
    "unavailable": "/users/{login}/repos",
    "cut_at_once": "*",
    "cut_midway": "*",
    "invalid_json": "*",
    "hangs": "*",
}


@pytest.mark.parametrize(("name", "on"), TRANSIENT.items())
def test_what_passes_leaves_no_trace(name: str, on: str) -> None:
    _, calm = simulated()
    sim, github = simulated(Rule(FAULTS[name], on=on, times=1))
    expected, found = everything(calm), everything(github)
    if name == "graphql_resource_limits":  # the year is then read in two halves
        assert sum(one.n_commits for one in found[4].items) == sum(one.n_commits for one in expected[4].items)
        found[4] = expected[4]
    assert found == expected
    halved = name in {"graphql_resource_limits", "graphql_timeout_200", "graphql_timeout_json"}
    assert sim.counts.n_api == calm.budget.n_requests + (2 if halved else 1)
    assert sim.counts.during_wait == []
    assert sim.script.struck == {0: 1}


PERMANENT: dict[str, type[Exception]] = {
    "bad_credentials": AuthenticationFailed,
    "not_found": NotVisible,
    "graphql_not_found": NotVisible,
    "empty_repository_commits": EmptyRepository,
    "repository_blocked_dmca": Blocked,
    "repository_blocked_tos": Blocked,
    "stats_not_ready": NotReady,
}


@pytest.mark.parametrize(("name", "error"), PERMANENT.items())
def test_what_stays_is_an_error_of_its_kind(name: str, error: type[Exception]) -> None:
    sim, github = simulated(Rule(FAULTS[name], at=1))

    def ask() -> object:
        by_graphql = name.startswith("graphql")
        return github.one(queries.profile("ada")) if by_graphql else github.repository("ada/tool-001")

    ask()
    with pytest.raises(error):
        ask()
    ask()
    assert sim.counts.n_api == 3


def test_every_fault_of_the_list_is_tried() -> None:
    assert set(FAULTS) == {*TRANSIENT, *PERMANENT, "no_right_to_deployments", "no_filter"}


def test_smaller_questions_pass() -> None:
    sim, github = simulated(
        Rule(FAULTS["server_timeout_html"], on="candidate_repositories", when=page_over(12)),
        Rule(FAULTS["graphql_timeout_json"], on="repository_operations", when=page_over(2)),
        Rule(FAULTS["graphql_resource_limits"], on="contributions_window", when=window_over(6)),
    )
    assert len(github.all(queries.repositories("ada")).items) == 7
    assert len(github.all(queries.operations({f"R_{n}": "ada/tool" for n in range(100, 107)})).items) == 7
    assert sum(window.n_commits for window in github.all(queries.contributions("ada", [2017])).items) > 0
    assert sim.counts.requests["candidate_repositories"] == 3  # 50, 25, 12
    assert sim.counts.requests["contributions_window"] == 3


def test_windows_are_measured_between_their_ends() -> None:
    sim, _ = simulated(Rule(FAULTS["server_error"], when=window_over(6)))
    for end, status in (("2017-06-30", 200), ("2017-07-31", 500)):
        variables = {"login": "ada", "from": "2017-01-01T00:00:00Z", "to": f"{end}T00:00:00Z", "maxRepositories": 1}
        body = json.dumps({"query": queries.document("contributions_window"), "variables": variables}).encode()
        headers = {"user-agent": "test", "authorization": "Bearer x"}
        assert sim.handle(Request("POST", "/graphql", headers, body)).status == status


def test_a_missing_right_costs_the_deployments_only() -> None:
    _, github = simulated(Rule(FAULTS["no_right_to_deployments"]))
    page = github.all(queries.operations({"R_100": "ada/tool-000", "R_101": "ada/tool-001"}))
    assert [(one.deployments, one.environments, one.n_releases) for one in page.items] == [(None, None, 1)] * 2
    assert {gap.what for gap in page.gaps} == {"deployments"}


def test_a_wrong_total_is_seen() -> None:
    _, github = simulated(Rule(total_off_by(3), on="merged_pull_requests"))
    page = github.all(queries.merged_pull_requests("ada"))
    assert (len(page.items), page.total) == (9, 12)
    assert [gap.reason for gap in page.gaps] == ["GitHub counts 12, 9 were listed"]


def test_people_and_repositories_are_renamed_midway() -> None:
    sim, github = simulated(
        Rule(name_becomes("ada/tool-002", "ada/better-name"), at=1), Rule(login_becomes("ada", "lovelace"), at=3)
    )
    assert github.repository("ada/tool-002").ref.full_name == "ada/tool-002"
    assert github.repository("ada/tool-002").ref.full_name == "ada/better-name"  # two requests: moved, then found
    with pytest.raises(NotVisible):
        github.one(queries.profile("ada"))
    assert github.repository("ada/tool-002").ref.full_name == "lovelace/better-name"
    assert sim.script.struck == {0: 1, 1: 1}


def test_rules_strike_in_order_and_so_often() -> None:
    sim, github = simulated(
        Rule(FAULTS["not_found"], on="/repos/ada/tool-001"),
        Rule(FAULTS["repository_blocked_tos"], on="/repos/{owner}/{repo}", times=1),
    )
    with pytest.raises(Blocked):
        github.repository("ada/tool-002")
    assert github.repository("ada/tool-002")
    for _ in range(2):
        with pytest.raises(NotVisible):
            github.repository("ada/tool-001")
    assert sim.script.struck == {0: 2, 1: 1}


@pytest.mark.parametrize("fault", [Slow(40.0), Cut(), FAULTS["server_error"]])
def test_an_outage_ends_in_an_error(fault: Any) -> None:
    sim, github = simulated(Rule(fault))
    with pytest.raises(ServiceFailed):
        github.account("ada")
    assert sim.counts.requests == {"/users/{login}": 4}
