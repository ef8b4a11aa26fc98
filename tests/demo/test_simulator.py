"""The simulated GitHub in memory: what the client reads from it, and how it refuses and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from analyzer.demo.simulator import Grant, Request, Response, Simulator, graph
from analyzer.demo.simulator.contributions import Window
from analyzer.errors import AuthenticationFailed, NotVisible, RateLimited
from analyzer.github import queries
from analyzer.github.client import Client
from analyzer.github.etags import EtagStore
from analyzer.github.host import host_at
from analyzer.github.portions import Query
from analyzer.github.token import Token
from analyzer.github.token_report import TokenReport
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock

PROFILE = queries.document("candidate_profile")


def client(sim: Simulator, token: str = SECRET, **options: Any) -> Client:
    return Client(Token(token) if token else None, host_at(sim.url), transport=worlds.transport(sim), **options)


def get(sim: Simulator, target: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sim.handle(Request("GET", target, {"user-agent": "test", "authorization": "Bearer x", **named}))


def ask(sim: Simulator, query: str, **variables: Any) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables}).encode()
    response = sim.handle(Request("POST", "/graphql", {"user-agent": "test", "authorization": "Bearer x"}, body))
    assert response.status == 200
    return response.data()


# --- what the client reads -------------------------------------------------


def test_an_account_of_100_repositories_is_read_in_25_requests() -> None:
    sim = Simulator(worlds.world(100, n_years=8, n_pull_requests=200, n_flagged=10))
    with client(sim) as github:
        account = github.one(queries.profile("Ada"))
        owned = github.all(queries.repositories("ada"))
        chosen = {one.ref.node_id: one.ref.full_name for one in owned.items[:40]}
        operations = github.all(queries.operations(chosen))
        histories = github.all(queries.histories(chosen, account.node_id))
        windows = github.all(queries.contributions("ada", account.years))
        merged = github.all(queries.merged_pull_requests("ada"))
        issues = [github.all(queries.issues(one.ref.full_name)) for one in owned.items[:3]]
    assert [len(page.items) for page in (owned, operations, histories, windows, merged)] == [100, 40, 40, 8, 200]
    assert (owned.gaps, merged.gaps, owned.total, merged.total) == ((), (), 100, 200)
    pushed = [one.ref.pushed_at for one in owned.items if one.ref.pushed_at]
    assert pushed == sorted(pushed, reverse=True)
    assert {one.is_empty for one in owned.items} == {True, False}
    assert [one.parent for one in owned.items if one.ref.is_fork] == ["guild/works", "guild/works"]
    assert [one.email for one in histories.items[0].addresses] == [worlds.EMAIL]
    assert sum(window.n_commits for window in windows.items) == 200 + 2 * (100 - 4)  # not of forks, none in empty ones
    assert [comment.association for comment in issues[0].items[1].comments] == ["OWNER", "NONE"]
    assert sim.counts.n_api == github.budget.n_requests == 24
    assert sim.counts.points == github.budget.points == 24
    assert sim.counts.requests == github.budget.requests
    assert sim.counts.most_in_flight == {"graphql": 1}
    assert (sim.counts.during_wait, sim.counts.leaks, sim.counts.tokens) == ([], [], {SECRET})


def test_the_signs_of_operation_are_those_of_the_world() -> None:
    sim = Simulator(worlds.world(1))
    with client(sim) as github:
        (found,) = github.all(queries.operations({"R_100": "ada/tool-000"})).items
    (repository, _) = sim.world.repositories
    assert [release.sha for release in found.releases] == [repository.commits[-1].sha]
    assert [(tag.kind, tag.sha) for tag in found.tags] == [("Tag", repository.tags[0].target)]
    assert found.environments is not None
    assert [(one.name, one.sha) for one in found.environments] == [("production", repository.commits[-1].sha)]
    assert found.deployments is not None
    assert [one.state for one in found.deployments] == ["success", "failure", "success"]
    assert (found.n_open_issues, found.n_closed_issues) == (1, 1)


def test_private_work_shows_as_a_number_only() -> None:
    world = worlds.world(2)
    hidden = replace(world.repositories[0], is_private=True)
    sim = Simulator(replace(world, repositories=(hidden, *world.repositories[1:])))
    with client(sim) as github:
        (year, *_) = github.all(queries.contributions("ada", [2017])).items
        assert len(github.all(queries.repositories("ada")).items) == 1
        with pytest.raises(NotVisible):
            github.repository(hidden.full_name)
    assert year.n_restricted == 2
    assert hidden.full_name not in {one.repository.full_name for one in year.repositories}


def test_rest_lists_go_on_by_number_and_unchanged_answers_are_free(tmp_path: Any) -> None:
    sim = Simulator(worlds.world(130, n_flagged=5))
    store = EtagStore(tmp_path)
    for round_number in (1, 2):
        with client(sim, etags=store) as github:
            pages = list(github.repositories("ada"))
            assert [len(page.items) for page in pages] == [100, 30]
            assert github.account("ada").number == 1
        assert sim.counts.n_unchanged == (round_number - 1) * 3
    assert sim.counts.requests["/user/{id}/repos"] == 2
    assert get(sim, "/rate_limit").data()["resources"]["core"] == {
        "limit": 5000,
        "remaining": 5000,
        "used": 0,
        "reset": get(sim, "/rate_limit").data()["rate"]["reset"],
    }


def test_a_renamed_repository_is_found_under_its_number() -> None:
    world = worlds.world(1).with_name("ada/tool-000", "guild/tool")
    sim = Simulator(world)
    with client(sim) as github:
        assert github.repository("ada/tool-000").ref.full_name == "guild/tool"
        assert github.all(queries.issues("ada/tool-000")).total == 2
        assert github.all(queries.repositories("ada")).items == ()
    moved = get(sim, "/repos/ada/tool-000")
    assert (moved.status, moved.headers["location"]) == (301, f"{sim.url}/repositories/100")


def test_a_renamed_account_keeps_its_work_and_frees_its_login() -> None:
    sim = Simulator(worlds.world(2, n_pull_requests=3).with_login("ada", "lovelace"))
    with client(sim) as github:
        assert github.one(queries.profile("lovelace")).n_merged == 3
        assert github.repository("ada/tool-001").ref.full_name == "lovelace/tool-001"
        with pytest.raises(NotVisible):
            github.one(queries.profile("ada"))


# --- what it refuses -------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "variables", "kind", "message"),
    [
        (PROFILE.replace("databaseId", "followers"), {"login": "ada"}, None, "Field 'followers' doesn't exist"),
        (PROFILE, {}, None, "Variable $login of type String! was provided invalid value"),
        (PROFILE, {"login": 7}, None, "Variable $login of type String! was provided invalid value"),
        ("query {", {}, None, "Syntax Error"),
        (PROFILE, {"login": "nobody"}, "NOT_FOUND", "Could not resolve to a User with the login of 'nobody'."),
        (PROFILE, {"login": "guild"}, "NOT_FOUND", "Could not resolve to a User with the login of 'guild'."),
        (
            'query A { user(login: "ada") { repositories { totalCount } } }',
            {},
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `repositories` connection.",
        ),
        (
            queries.document("candidate_repositories"),
            {"login": "ada", "pageSize": 101},
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `repositories` connection exceeds the `first` limit of 100 records.",
        ),
        (
            'query A { user(login: "ada") { repositories(first: 100) { nodes { issues(first: 100) { nodes {'
            " comments(first: 100) { totalCount } } } } } } }",
            {},
            "MAX_NODE_LIMIT_EXCEEDED",
            "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000.",
        ),
        (
            queries.document("repository_history"),
            {"ids": ["R_1"] * 101, "author": "U_1", "sampleSize": 1},
            "ARGUMENT_LIMIT",
            "`nodes` gives at most 100, not 101.",
        ),
        (
            queries.document("candidate_repositories"),
            {"login": "ada", "pageSize": 1, "cursor": "MTA="},
            "INVALID_CURSOR_ARGUMENTS",
            "`MTA=` does not appear to be a valid cursor.",
        ),
        (
            queries.document("contributions_window"),
            {"login": "ada", "from": "2017-01-01T00:00:00Z", "to": "2018-06-01T00:00:00Z", "maxRepositories": 100},
            "VALIDATION",
            "The total time spanned by 'from' and 'to' must not exceed 1 year.",
        ),
        (
            queries.document("issue_response"),
            {"owner": "ada", "name": "nothing", "pageSize": 1},
            "NOT_FOUND",
            "Could not resolve to a Repository with the name 'ada/nothing'.",
        ),
    ],
)
def test_questions_are_refused_in_githubs_words(
    query: str, variables: Mapping[str, Any], kind: str | None, message: str
) -> None:
    answered = ask(Simulator(worlds.world(1)), query, **variables)
    (error,) = answered["errors"]
    assert error.get("type") == kind
    assert error["message"].startswith(message)
    data: dict[str, Any] = answered.get("data") or {}
    assert not any(value for key, value in data.items() if key != "rateLimit")


def test_what_is_not_there_leaves_a_hole_among_the_others() -> None:
    sim = Simulator(worlds.world(2))
    with client(sim) as github:
        page = github.all(queries.histories({"R_100": "ada/tool-000", "R_666": "ada/gone"}, "U_1"))
    assert ([one.node_id for one in page.items], [gap.repository for gap in page.gaps]) == (["R_100"], ["ada/gone"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"user_agent": ""}, 403), ({"x_github_api_version": "1999-01-01"}, 400), ({"authorization": "Bearer bad"}, 401)],
)
def test_requests_without_manners_are_refused(headers: dict[str, str], status: int) -> None:
    assert get(Simulator(worlds.world(1), tokens={"x": Grant("ada")}), "/users/ada", **headers).status == status


def test_tokens_are_what_they_were_granted_as() -> None:
    granted = {"plain": Grant("ada"), "mighty": Grant("ada", ("repo", "user")), "app": Grant("", None)}
    sim = Simulator(worlds.world(1), tokens=granted)
    reports: dict[str, TokenReport] = {}
    for token in granted:
        with client(sim, token) as github:
            reports[token] = github.check()
    assert {token: report.scopes for token, report in reports.items()} == {
        "plain": (),
        "mighty": ("repo", "user"),
        "app": None,
    }
    assert [token for token, report in reports.items() if report.can_write] == ["mighty"]
    assert reports["app"].login == ""
    with client(sim, "stolen") as github, pytest.raises(AuthenticationFailed):
        github.check()
    with client(sim, "") as github:
        assert github.account("ada").login == "ada"
        assert github.check().points["core"].limit == 60
    assert sim.handle(Request("POST", "/graphql", {"user-agent": "test"}, b"{}")).status == 401


# --- limits and headers ----------------------------------------------------


def test_the_hour_runs_out_and_begins_again() -> None:
    clock = StageClock()
    sim = Simulator(worlds.world(120), limits={"graphql": 2, "core": 1}, clock=clock.now)
    with client(sim, clock=clock, patience=60.0) as github:
        github.account("ada")
        github.one(queries.profile("ada"))
        github.one(queries.profile("ada"))
        for again in (lambda: github.one(queries.profile("ada")), lambda: github.account("ada")):
            with pytest.raises(RateLimited):
                again()
        assert github.points()["graphql"].remaining == 0
        clock.sleep(3601)
        assert github.one(queries.profile("ada")).login == "ada"
    assert sim.counts.during_wait == []


def test_who_does_not_wait_is_seen() -> None:
    clock = StageClock()
    sim = Simulator(worlds.world(1), limits={"core": 1}, clock=clock.now)
    assert [get(sim, "/users/ada").status for _ in range(3)] == [200, 403, 403]
    assert get(sim, "/rate_limit").status == 200
    assert sim.counts.during_wait == ["/users/{login}"]


def test_headers_tell_the_time_and_what_is_left() -> None:
    clock = StageClock()
    sim = Simulator(worlds.world(1), clock=clock.now)
    first, second = get(sim, "/users/ada"), get(sim, "/users/ada")
    assert first.headers["date"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert first.headers["x-github-request-id"] != second.headers["x-github-request-id"]
    limits = {name: value for name, value in second.headers.items() if name.startswith("x-ratelimit")}
    assert limits == {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4998",
        "x-ratelimit-used": "2",
        "x-ratelimit-reset": str(1_700_000_000 + 3600),
        "x-ratelimit-resource": "core",
    }
    assert (second.headers["x-oauth-scopes"], second.headers["x-github-api-version-selected"]) == ("", "2022-11-28")
    assert second.headers["etag"].startswith('W/"')


def test_a_token_under_another_name_is_a_leak() -> None:
    sim = Simulator(worlds.world(1))
    get(sim, "/users/ada", host="elsewhere.example")
    get(sim, "/ada/tool-000.git/info/refs")
    sim.handle(Request("GET", "/users/ada", {"user-agent": "test", "host": "elsewhere.example"}))
    assert sim.counts.leaks == ["GET elsewhere.example/users/ada", "GET 127.0.0.1/ada/tool-000.git/info/refs"]


@pytest.mark.parametrize(
    ("query", "calls", "nodes"),
    [
        (queries.profile("ada"), 1, 1),
        (queries.repositories("ada"), 51, 550),
        (queries.operations({f"R_{n}": "a/b" for n in range(10)}), 81, 750),
        (queries.histories({f"R_{n}": "a/b" for n in range(20)}, "U_1"), 41, 440),
        (queries.contributions("ada", [2020]), 101, 100),
        (queries.merged_pull_requests("ada"), 101, 150),
        (queries.issues("ada/tool"), 51, 300),
    ],
    ids=lambda value: value.document if isinstance(value, Query) else "",
)
def test_questions_cost_what_the_formula_says(query: Query[Any], calls: int, nodes: int) -> None:
    question = graph.understood(queries.document(query.document), query.variables)
    assert isinstance(question, graph.Question)
    assert (question.cost.n_calls, question.cost.n_nodes, question.cost.points) == (calls, nodes, 1)


def test_deployments_that_are_left_out_cost_nothing() -> None:
    asked = queries.operations({f"R_{n}": "a/b" for n in range(10)}, with_deployments=False)
    question = graph.understood(queries.document(asked.document), asked.variables)
    assert isinstance(question, graph.Question)
    assert question.cost.n_calls == 61


def test_contributions_count_whole_days() -> None:
    world = worlds.world(1, n_years=1, n_pull_requests=1)
    late = world.repositories[0].commits[0].at.replace(hour=23)
    assert [n for _, n in Window(world, worlds.ada(), late, late).commits()] == [1, 1]
    assert Window(world, worlds.ada(), late + timedelta(days=1), late + timedelta(days=2)).commits() == []
