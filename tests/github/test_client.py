"""The client against a GitHub that fails in every known way. Nothing really waits, nothing leaves the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest

from analyzer.errors import (
    AccessRefused,
    AnswerUnusable,
    AuthenticationFailed,
    Blocked,
    NotVisible,
    RateLimited,
    ServiceError,
    ServiceFailed,
    UsageError,
)
from analyzer.github import queries
from analyzer.github.limits import Limit
from analyzer.github.portions import Page
from tests.github.stage import BEGIN, Scripted, Stage, StageClock, answer

PROFILE = {"data": {"user": {"id": "U_1", "login": "ada", "databaseId": 7}, "rateLimit": {"cost": 1}}}
TIMED_OUT = {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}
TOO_MUCH = {"data": {"user": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}
LIMITED = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}


def resets(seconds: float) -> str:
    """The header that says when the hour is over."""
    return str(int(BEGIN + seconds))


def used_up(seconds: float) -> dict[str, str]:
    """Headers of an hour whose points are used up."""
    return {"x_ratelimit_remaining": "0", "x_ratelimit_reset": resets(seconds)}


# --- what passes -----------------------------------------------------------

PASSING: dict[str, tuple[list[Scripted], list[float]]] = {
    "500": ([answer(500)], [1]),
    "503 that says when": ([answer(503, retry_after="9")], [9]),
    "502 for a question that cannot be smaller": ([answer(502, "<html>")] * 2, [1, 2]),
    "504": ([answer(504)], [1]),
    "time-out told with status 200": ([answer(200, TIMED_OUT)], [1]),
    "no connection": ([httpx.ConnectError("x")], [1]),
    "no answer": ([httpx.ReadTimeout("x")], [1]),
    "cut connection": ([httpx.RemoteProtocolError("x"), httpx.ReadError("x")], [1, 2]),
    "cut body": ([answer(200, '{"data": {"us')], [1]),
    "wrong content": ([answer(200, "<html>hello</html>", content_type="text/html")], [1]),
    "primary limit": ([answer(403, {"message": "API rate limit exceeded"}, **used_up(90))], [91]),
    "primary limit as 429": ([answer(429, **used_up(50))], [51]),
    "secondary limit that says how long": ([answer(403, {"message": "secondary rate limit"}, retry_after="20")], [20]),
    "secondary limit without a word": ([answer(403, {"message": "a secondary rate limit"})] * 2, [60, 120]),
    "RATE_LIMITED": ([answer(200, LIMITED, **used_up(30))], [31]),
    "RATE_LIMIT": ([answer(200, {"errors": [{"type": "RATE_LIMIT"}]}, **used_up(30))], [31]),
}


@pytest.mark.parametrize(("script", "slept"), PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_waited_for(script: list[Scripted], slept: list[float]) -> None:
    stage = Stage([*script, answer(200, PROFILE)])
    with stage.client() as client:
        assert client.one(queries.profile("ada")).number == 7
    assert stage.clock.slept == slept
    assert client.budget.n_requests == len(script) + 1
    assert client.budget.points == 1


@pytest.mark.parametrize(
    ("script", "error", "n_requests"),
    [
        ([answer(401, {"message": "Bad credentials"})], AuthenticationFailed, 1),
        ([answer(403, {"message": "Resource not accessible by integration"})], AccessRefused, 1),
        ([answer(451)], Blocked, 1),
        ([answer(200, {"data": {"user": None}, "errors": [{"type": "NOT_FOUND"}]})], NotVisible, 1),
        ([answer(200, TOO_MUCH)], ServiceFailed, 1),
        ([answer(502)] * 4, ServiceFailed, 4),
        ([answer(500)] * 4, ServiceFailed, 4),
        ([httpx.ConnectError("x")] * 4, ServiceFailed, 4),
        ([answer(200, "<html>")] * 4, ServiceFailed, 4),
        ([answer(503, retry_after="999")], ServiceFailed, 1),
        ([answer(301, location="https://api.github.com/other")], AnswerUnusable, 1),
        ([answer(304)], AnswerUnusable, 1),
        ([answer(403, {"message": "API rate limit exceeded"}, **used_up(1800))], RateLimited, 1),
        ([answer(403, {"message": "secondary rate limit"})] * 9, RateLimited, 3),
        ([answer(429, retry_after="1")] * 9, RateLimited, 6),
    ],
)
def test_what_does_not_pass_ends_soon(script: list[Scripted], error: type[Exception], n_requests: int) -> None:
    stage = Stage(script)
    with stage.client() as client, pytest.raises(error) as caught:
        client.one(queries.profile("ada"))
    assert type(caught.value) is error
    assert len(stage.requests) == n_requests
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_limit_says_when_it_can_go_on_and_nothing_is_sent_before() -> None:
    stage = Stage([answer(403, {"message": "limit exceeded"}, **used_up(1800)), answer(200, PROFILE)])
    with stage.client(patience=600) as client:
        with pytest.raises(RateLimited, match=r"primary limit .* about 30 min") as caught:
            client.one(queries.profile("ada"))
        assert caught.value.exit_code == 5
        assert caught.value.resume_at == BEGIN + 1801
        with pytest.raises(RateLimited):
            client.one(queries.profile("ada"))
        assert len(stage.requests) == 1
        stage.clock.sleep(1802)
        assert client.one(queries.profile("ada")).login == "ada"


def test_a_secondary_limit_holds_for_everything_a_primary_one_for_its_kind() -> None:
    for headers, kinds in (({"retry_after": "900"}, 1), (used_up(900), 2)):
        stage = Stage([answer(429, {}, **headers), answer(200, {"id": 7, "login": "ada"})])
        with stage.client() as client:
            with pytest.raises(RateLimited):
                client.one(queries.profile("ada"))
            if kinds == 1:
                with pytest.raises(RateLimited):
                    client.account("ada")
            else:
                assert client.account("ada").number == 7
            assert len(stage.requests) == kinds


def test_the_last_point_of_the_hour_is_not_overdrawn() -> None:
    told: list[tuple[Limit, float]] = []

    def tell(limit: Limit, seconds: float) -> None:
        told.append((limit, seconds))

    stage = Stage([answer(200, PROFILE, **used_up(40)), answer(200, PROFILE)])
    with stage.client(on_wait=tell) as client:
        client.one(queries.profile("ada"))
        assert client.budget.remaining() == 0
        client.one(queries.profile("ada"))
    assert stage.clock.slept == [41]
    assert told == client.budget.waits == [(Limit.PRIMARY, 41)]
    assert client.budget.seconds_waited == 41


@pytest.mark.parametrize("skew", [-86_400, -3_600, 3_600, 86_400])
def test_a_wrong_clock_changes_no_wait(skew: float) -> None:
    stage = Stage([answer(403, {"message": "rate limit"}, **used_up(60)), answer(200, PROFILE)], clock=StageClock(skew))
    with stage.client() as client:
        client.one(queries.profile("ada"))
    assert stage.clock.slept == [61]


def test_an_outage_ends_the_whole_run_early() -> None:
    def fails(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return TOO_MUCH

    stage = Stage(graphql=fails)
    with stage.client() as client:
        with pytest.raises(ServiceFailed, match="13 times in a row"):
            client.all(queries.contributions("ada", range(2015, 2025)))
        with pytest.raises(ServiceFailed, match="14 times in a row"):
            client.one(queries.profile("ada"))
    assert len(stage.requests) == 14


def test_trouble_now_and_then_is_no_outage() -> None:
    stage = Stage([answer(500), answer(200, PROFILE)] * 20)
    with stage.client() as client:
        for _ in range(20):
            client.one(queries.profile("ada"))
    assert client.budget.n_failures == 20


# --- smaller portions ------------------------------------------------------


def world(n_repositories: int, n_at_once: int) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """A GitHub with so many repositories that takes too long for a page above ``n_at_once``."""

    def respond(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        size, start = asked["variables"]["pageSize"], int(asked["variables"]["cursor"] or 0)
        if size > n_at_once:
            return TIMED_OUT
        end = min(start + size, n_repositories)
        nodes = [{"id": f"R_{n}", "nameWithOwner": f"ada/r{n}"} for n in range(start, end)]
        info = {"hasNextPage": end < n_repositories, "endCursor": str(end)}
        connection = {"totalCount": n_repositories, "pageInfo": info, "nodes": nodes}
        return {"data": {"user": {"repositories": connection}}}

    return respond


@pytest.mark.parametrize(("n_at_once", "n_requests"), [(100, 3), (30, 6), (7, 23)])
def test_page_halving_loses_nothing(n_at_once: int, n_requests: int) -> None:
    stage = Stage(graphql=world(120, n_at_once))
    with stage.client() as client:
        page = client.all(queries.repositories("ada"))
    assert [item.ref.full_name for item in page.items] == [f"ada/r{n}" for n in range(120)]
    assert (page.gaps, page.total) == ((), 120)
    assert len(stage.requests) == n_requests
    assert stage.clock.slept == []


def test_a_page_of_one_that_still_fails_is_a_gap() -> None:
    stage = Stage(graphql=world(3, 0))
    with stage.client() as client:
        page = client.all(queries.repositories("ada"))
    assert [gap.reason for gap in page.gaps] == [
        "the list ends after 0: the query took longer than GitHub grants to one"
    ]
    assert [asked["pageSize"] for asked in stage.asked] == [50, 25, 12, 6, 3, 1, 1, 1, 1]


def test_pages_are_asked_for_when_they_are_wanted() -> None:
    stage = Stage(graphql=world(120, 100))
    with stage.client() as client:
        pages = client.pages(queries.repositories("ada"))
        assert stage.requests == []
        assert len(next(pages).items) == 50
        assert len(stage.requests) == 1


def test_where_there_is_nothing_to_ask_nothing_is_asked() -> None:
    stage = Stage()
    with stage.client() as client:
        pages: list[Page[Any]] = [
            client.all(queries.contributions("ada", [])),
            client.all(queries.operations({})),
            client.all(queries.histories({}, "U_1")),
        ]
    assert pages == [Page(())] * 3
    assert stage.requests == []


def test_windows_are_halved_and_the_sum_is_the_same() -> None:
    def respond(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        begin, end = asked["variables"]["from"], asked["variables"]["to"]
        if begin[5:7] == "01" and end[5:7] == "12":
            return TOO_MUCH
        days = (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).days + 1
        repository = {"id": "R_1", "nameWithOwner": "team/serving"}
        collection = {
            "startedAt": begin,
            "endedAt": end,
            "totalRepositoriesWithContributedCommits": 1,
            "commitContributionsByRepository": [
                {"repository": repository, "contributions": {"totalCount": days}},
            ],
        }
        return {"data": {"user": {"contributionsCollection": collection}, "rateLimit": {"cost": 2}}}

    stage = Stage(graphql=respond)
    with stage.client() as client:
        page = client.all(queries.contributions("ada", [2023, 2024]))
    assert [window.begins_at.month for window in page.items] == [1, 7, 1, 7]
    assert [entry.n_commits for window in page.items for entry in window.repositories] == [182, 184, 182, 183]
    assert client.budget.requests == {"contributions_window": 6}
    assert client.budget.points == 8


def test_a_token_without_the_right_to_deployments_gets_the_rest() -> None:
    def respond(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        if asked["variables"]["withDeployments"]:
            return {"errors": [{"type": "INSUFFICIENT_SCOPES", "message": "required scopes"}]}
        return {"data": {"nodes": [{"id": one, "nameWithOwner": "ada/r"} for one in asked["variables"]["ids"]]}}

    stage = Stage(graphql=respond)
    with stage.client() as client:
        page = client.all(queries.operations({"R_1": "ada/r1", "R_2": "ada/r2"}))
    assert [(item.node_id, item.deployments) for item in page.items] == [("R_1", None), ("R_2", None)]
    assert [(gap.what, gap.repository) for gap in page.gaps] == [("deployments", "ada/r1"), ("deployments", "ada/r2")]
    assert len(stage.requests) == 2


# --- without, with a bad and with a powerful token ------------------------


def test_without_a_token_no_question_is_sent() -> None:
    stage = Stage()
    with stage.client(token=None) as client, pytest.raises(AuthenticationFailed, match="have a token"):
        client.one(queries.profile("ada"))
    assert stage.requests == []


POINTS = {"resources": {"core": {"limit": 60, "remaining": 59, "reset": 1}, "graphql": {"limit": 0}}}


@pytest.mark.parametrize(
    ("scopes", "can_write"),
    [("", ()), ("read:user, user:email", ()), ("repo, gist, read:org", ("repo", "gist")), (None, ())],
)
def test_the_check_tells_what_a_token_may_do(scopes: str | None, can_write: tuple[str, ...]) -> None:
    points = {"resources": {"graphql": {"limit": 5000, "remaining": 4980, "reset": 5}, "new_kind": {}}}
    headers = {} if scopes is None else {"x_oauth_scopes": scopes}
    stage = Stage([answer(200, {"login": "ada", "email": "a@b.example"}, **headers), answer(200, points)])
    with stage.client() as client:
        report = client.check()
    assert (report.login, report.can_write) == ("ada", can_write)
    assert (report.scopes is None) == (scopes is None)
    assert report.points["graphql"].remaining == 4980
    assert "@" not in repr(report)


def test_the_check_without_a_token_with_an_apps_and_without_limits() -> None:
    stage = Stage([answer(200, POINTS)])
    with stage.client(token=None) as client:
        report = client.check()
    assert (report.login, report.points["core"].remaining) == ("", 59)
    stage = Stage([answer(403, {"message": "Resource not accessible by integration"}), answer(404)])
    with stage.client() as client:
        report = client.check()
    assert (report.login, report.points, report.can_write) == ("", {}, ())


def test_the_check_is_free_when_nothing_is_left() -> None:
    stage = Stage([answer(200, {"login": "ada", "id": 7}, **used_up(1800)), answer(200, POINTS)])
    with stage.client() as client:
        client.account("ada")
        assert client.points()["core"].remaining == 59


# --- one at a time ---------------------------------------------------------


def test_threads_wait_for_each_other() -> None:
    in_flight: list[int] = []
    most: list[int] = []

    def slow(_: httpx.Request) -> httpx.Response:
        in_flight.append(1)
        most.append(len(in_flight))
        time.sleep(0.002)
        in_flight.pop()
        return answer(200, PROFILE)

    stage = Stage([slow] * 20)
    with stage.client() as client:
        threads = [
            threading.Thread(target=lambda: [client.one(queries.profile("ada")) for _ in range(5)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(stage.requests) == 20
    assert max(most) == 1


def test_what_every_request_carries() -> None:
    stage = Stage([answer(200, PROFILE)])
    with stage.client() as client:
        client.one(queries.profile("ada"))
    (request,) = stage.requests
    assert request.headers["user-agent"].startswith("shiptrace/")
    assert request.headers["x-github-api-version"] == "2022-11-28"
    assert request.headers["accept"] == "application/vnd.github+json"
    assert request.headers["accept-encoding"] == "gzip"
    assert str(request.url) == "https://api.github.com/graphql"


def test_errors_have_their_exit_codes() -> None:
    codes = {error.__name__: error.exit_code for error in (ServiceError, AuthenticationFailed, RateLimited, UsageError)}
    assert codes == {"ServiceError": 1, "AuthenticationFailed": 4, "RateLimited": 5, "UsageError": 2}
