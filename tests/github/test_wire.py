"""What an answer means, where the status alone does not tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from analyzer.errors import (
    AccessRefused,
    AuthenticationFailed,
    Blocked,
    EmptyRepository,
    NotReady,
    NotVisible,
    RequestInvalid,
    ServiceFailed,
)
from analyzer.github.fields import Json
from analyzer.github.limits import Limit
from analyzer.github.wire import (
    DEEPEST,
    Answer,
    Broken,
    Moved,
    Problem,
    Refused,
    TooMuch,
    Unchanged,
    Usable,
    Verdict,
    Wait,
    judge,
    judge_graphql,
    next_link,
    parse,
    question,
)
from tests.github.stage import BEGIN

TIMED_OUT = "Something went wrong while executing your query. This may be the result of a timeout."


def verdict(
    status: int, body: Any = None, headers: Mapping[str, str] | None = None, *, graphql: bool = False
) -> Verdict:
    """The verdict on an answer; a text is the body itself."""
    content = body.encode() if isinstance(body, str) else json.dumps({} if body is None else body).encode()
    return (judge_graphql if graphql else judge)(Answer(status, headers or {}, content), now=BEGIN)


@pytest.mark.parametrize(
    ("status", "message", "headers", "limit"),
    [
        (403, "API rate limit exceeded for user ID 1.", {"x-ratelimit-remaining": "0"}, Limit.PRIMARY),
        (429, "API rate limit exceeded for user ID 1.", {"x-ratelimit-remaining": "0"}, Limit.PRIMARY),
        (403, "You have exceeded a secondary rate limit.", {"x-ratelimit-remaining": "80"}, Limit.SECONDARY),
        (429, "", {}, Limit.SECONDARY),
        (403, "Slow down", {"retry-after": "60"}, Limit.SECONDARY),
        (403, "You have triggered an abuse detection mechanism.", {}, Limit.SECONDARY),
    ],
)
@pytest.mark.parametrize("graphql", [False, True])
def test_limits_by_status(status: int, message: str, headers: dict[str, str], limit: Limit, graphql: bool) -> None:
    found = verdict(status, {"message": message}, headers, graphql=graphql)
    assert isinstance(found, Wait)
    assert (found.limit, found.seconds) == (limit, 60.0)


@pytest.mark.parametrize(
    ("status", "body", "headers", "error"),
    [
        (401, {"message": "Bad credentials"}, {}, AuthenticationFailed),
        (403, {"message": "Resource not accessible by integration"}, {"x-ratelimit-remaining": "0"}, AccessRefused),
        (403, {"message": "Forbidden"}, {"x-github-sso": "required; url=https://x.example"}, AccessRefused),
        (403, {"message": "blocked", "block": {"reason": "tos"}}, {"x-ratelimit-remaining": "0"}, Blocked),
        (403, "<html>", {}, AccessRefused),
        (404, {"message": "Not Found"}, {}, NotVisible),
        (410, {}, {}, NotVisible),
        (409, {"message": "Git Repository is empty."}, {}, EmptyRepository),
        (422, {"message": "Validation Failed"}, {}, RequestInvalid),
        (400, {"message": 5}, {}, RequestInvalid),
        (451, [], {}, Blocked),
        (202, {}, {}, NotReady),
        (418, "tea", {}, ServiceFailed),
    ],
)
def test_final_answers(status: int, body: Any, headers: dict[str, str], error: type[Exception]) -> None:
    found = verdict(status, body, headers)
    assert isinstance(found, Refused)
    assert type(found.error) is error


def test_answers_of_rest() -> None:
    assert verdict(200, {"a": 1}) == Usable({"a": 1})
    assert verdict(204, "") == Usable(None)
    assert verdict(304, "") == Unchanged()
    assert verdict(301, {}, {"location": "/repositories/1"}) == Moved("/repositories/1")
    assert isinstance(verdict(302), Refused)
    assert verdict(500, "<html>") == Broken("GitHub answered with status 500")
    assert verdict(503, "", {"retry-after": "7"}) == Broken("GitHub answered with status 503", 7.0)
    for cut in ("", "[1, 2", '{"a": NaN}', '"\udfff"'):
        assert isinstance(verdict(200, cut) if cut.isascii() else judge(Answer(200, {}, b'"\xff"'), now=0), Broken)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"errors": [{"type": "RATE_LIMITED", "message": "x"}]}, Wait(Limit.SECONDARY, 60.0)),
        ({"errors": [{"type": "RATE_LIMIT", "message": "x"}]}, Wait(Limit.SECONDARY, 60.0)),
        ({"errors": [{"message": "You have exceeded a secondary rate limit."}]}, Wait(Limit.SECONDARY, 60.0)),
        ({"data": None, "errors": [{"message": TIMED_OUT}]}, TooMuch),
        ({"data": {"user": {}}, "errors": [{"message": TIMED_OUT}]}, TooMuch),
        ({"data": {"user": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}, TooMuch),
        ({"data": {"user": {"a": None}}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}, TooMuch),
        ({"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "x"}]}, TooMuch),
        ({"data": {"user": None}, "errors": [{"type": "NOT_FOUND"}]}, NotVisible),
        ({"data": {"user": None, "rateLimit": {"cost": 1}}, "errors": [{"type": "NOT_FOUND"}]}, NotVisible),
        ({"errors": [{"type": "INSUFFICIENT_SCOPES", "message": "x"}]}, AccessRefused),
        ({"data": {"user": None}, "errors": [{"type": "FORBIDDEN"}]}, AccessRefused),
        ({"errors": [{"message": "Resource not accessible by personal access token"}]}, AccessRefused),
        ({"errors": [{"message": "Field 'x' doesn't exist on type 'User'"}]}, RequestInvalid),
        ({"message": "This endpoint requires you to be authenticated."}, Broken),
        ({"data": None}, Broken),
        ({"data": {"rateLimit": {"cost": 1}}}, Broken),
        ({"data": {"user": None}, "errors": "none"}, Broken),
        ([], Broken),
        ("<html>", Broken),
    ],
)
def test_graphql_answers_with_status_200(body: Any, expected: Any) -> None:
    found = verdict(200, body, graphql=True)
    if isinstance(found, Refused):
        assert type(found.error) is expected
    else:
        assert found == expected if isinstance(expected, Wait) else isinstance(found, expected)


def test_usable_data_keeps_its_problems() -> None:
    errors: list[Json] = [{"type": "FORBIDDEN", "path": ["nodes", 1, "deployments", 2.5], "message": "m"}, "junk", {}]
    found = verdict(200, {"data": {"nodes": [{}, None]}, "errors": errors}, graphql=True)
    assert found == Usable(
        {"nodes": [{}, None]}, (Problem("FORBIDDEN", ("nodes", 1, "deployments"), "m"), Problem("", (), ""))
    )
    assert isinstance(found, Usable)
    assert [problem.is_refusal for problem in found.problems] == [True, False]


@pytest.mark.parametrize("status", [502, 504])
@pytest.mark.parametrize("body", ["<html>502 Bad Gateway</html>", '{"data": null}', ""])
def test_a_gateway_that_waited_too_long(status: int, body: str) -> None:
    assert verdict(status, body, graphql=True) == TooMuch(Limit.CLOCK, f"GitHub answered with status {status}")


def test_json_is_read_up_to_a_depth() -> None:
    assert parse(b'{"a": ["[[[[", "\\"[["]}') == {"a": ["[[[[", '"[[']}
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)
    for bomb in (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b"[" * 200_000, b'{"a":' * 200_000, b'["' + b"[" * 9):
        with pytest.raises(ValueError, match=r"nested|Unterminated|Expecting"):
            parse(bomb)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<https://api.github.com/user/1/repos?page=2>; rel="next", <https://x/?page=9>; rel="last"', "page=2"),
        ('<https://x/?page=9>; rel="last", <https://api.github.com/a?page=2>; rel="next"', "page=2"),
        ('<https://api.github.com/a?page=2>; title="a"; rel=next', "page=2"),
        ('<https://api.github.com/a?page=1>; rel="prev"', ""),
        ('<https://api.github.com/a?page=1>; rel="nextish"', ""),
        ("rel=next", ""),
        ("", ""),
    ],
)
def test_the_next_page(link: str, expected: str) -> None:
    assert next_link({"link": link}).endswith(expected)
    assert bool(next_link({"link": link})) == bool(expected)


def test_the_same_question_has_the_same_bytes() -> None:
    assert question("query", {"b": 1, "a": "é"}) == question("query", {"a": "é", "b": 1})
    assert json.loads(question("query { x }", {"a": "é"})) == {"query": "query { x }", "variables": {"a": "é"}}
