"""What GitHub really answered, and how people report that it fails: every exchange ends in a record or a typed end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
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
)
from analyzer.github import reading
from analyzer.github.fields import Node
from analyzer.github.host import GITHUB
from analyzer.github.limits import Limit
from analyzer.github.wire import (
    Answer,
    Broken,
    Moved,
    Refused,
    TooMuch,
    Unchanged,
    Usable,
    Verdict,
    Wait,
    judge,
    judge_graphql,
    next_link,
)

NOW = 1_700_000_000.0

FINAL: Mapping[int, type[Exception]] = {202: NotReady, 403: AccessRefused, 404: NotVisible, 422: RequestInvalid}

READERS: Mapping[str, Callable[[Node], object]] = {
    "users/get-by-username": reading.rest_account,
    "repos/get": reading.rest_repository,
    "repos/list-for-user": reading.rest_repository,
    "rate-limit/get": reading.rest_points,
}


def answer_of(exchange: Mapping[str, Any]) -> Answer:
    """A recorded answer as it came over the wire."""
    response = exchange["response"]
    body = b"" if response["body"] is None else json.dumps(response["body"]).encode()
    return Answer(response["status"], {k.lower(): v for k, v in response["headers"].items()}, body)


def test_every_recorded_exchange_is_understood(contract: Path) -> None:
    paths = [path for path in sorted((contract / "recorded").glob("*.json")) if path.name != "index.json"]
    assert len(paths) == 59
    n_read = 0
    for path in paths:
        exchange = json.loads(path.read_bytes())
        answer = answer_of(exchange)
        verdict = judge(answer, now=NOW)
        match verdict:
            case Usable(data):
                assert answer.status == 200, path.name
                reader = READERS.get(exchange["operation"])
                entries: list[Any] = data if isinstance(data, list) else [data]
                n_read += len([reader(Node(entry, path.name)) for entry in entries]) if reader else 0
            case Moved(location):
                assert answer.status in {301, 302, 307}, path.name
                assert GITHUB.allows(location) == (path.name != "archive_302.json"), path.name
            case Unchanged():
                assert answer.status == 304, path.name
            case Refused(error):
                assert type(error) is FINAL[answer.status], path.name
            case _:
                pytest.fail(f"{path.name}: {verdict}")
    assert n_read == 7


def test_recorded_pages_lead_to_each_other(contract: Path) -> None:
    pages = [json.loads((contract / f"recorded/issues_list_page{page}_200.json").read_bytes()) for page in range(1, 6)]
    named = [next_link(answer_of(page).headers) for page in pages]
    assert named == [*(page["request"]["url"] for page in pages[1:]), ""]
    assert all(GITHUB.allows(url) for url in named if url)


EXPECTED: Mapping[str, Verdict | type[Exception]] = {
    "rest_primary_limit": Wait(Limit.PRIMARY, 601.0),
    "rest_secondary_limit_retry_after": Wait(Limit.SECONDARY, 60.0),
    "rest_secondary_limit_no_header": Wait(Limit.SECONDARY, 60.0),
    "bad_credentials": AuthenticationFailed,
    "repository_blocked_dmca": Blocked,
    "repository_blocked_tos": Blocked,
    "empty_repository_commits": EmptyRepository,
    "not_found": NotVisible,
    "server_timeout_html": TooMuch(Limit.CLOCK, "GitHub answered with status 502"),
    "graphql_timeout_json": TooMuch(Limit.CLOCK, "GitHub answered with status 502"),
    "graphql_timeout_200": TooMuch(Limit.CLOCK, "the query took longer than GitHub grants to one"),
    "graphql_resource_limits": TooMuch(Limit.RESOURCE, "the query needs more than GitHub grants to one"),
    "graphql_rate_limited": Wait(Limit.PRIMARY, 601.0),
    "graphql_rate_limit_variant": Wait(Limit.PRIMARY, 60.0),
    "graphql_not_found": NotVisible,
    "stats_not_ready": NotReady,
}


def test_every_documented_fault_is_handled_as_its_entry_says(contract: Path) -> None:
    faults = json.loads((contract / "documented_faults.json").read_bytes())["faults"]
    assert [fault["name"] for fault in faults] == list(EXPECTED)
    for fault in faults:
        headers = {k: v.replace("<epoch seconds>", str(int(NOW) + 600)) for k, v in fault["headers"].items()}
        body = fault["body"] if isinstance(fault["body"], str) else json.dumps(fault["body"])
        by_graphql = fault["name"].startswith(("graphql", "server_timeout"))
        for status in (fault["status"], *fault.get("alternatives", ())):
            verdict = (judge_graphql if by_graphql else judge)(Answer(status, headers, body.encode()), now=NOW)
            expected = EXPECTED[fault["name"]]
            if isinstance(expected, type):
                assert isinstance(verdict, Refused), fault["name"]
                assert type(verdict.error) is expected, fault["name"]
            elif isinstance(expected, TooMuch):
                assert isinstance(verdict, TooMuch), fault["name"]
                assert verdict.limit is expected.limit, fault["name"]
            else:
                assert verdict == expected, fault["name"]
        if fault["status"] == 502:
            assert isinstance(judge(Answer(502, headers, body.encode()), now=NOW), Broken)
