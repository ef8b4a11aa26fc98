"""Every fault that passes, at every request of a run: the same records as without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from analyzer.github import queries
from analyzer.github.client import Client
from tests.github.stage import Scripted, Stage, answer
from tests.github.test_client import PASSING, TIMED_OUT

CHOSEN = {f"R_{number}": f"ada/r{number}" for number in range(24)}


def world(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """A GitHub with 24 repositories, two of them in each window of contributions."""
    variables = asked["variables"]
    if "ids" in variables:
        return {"data": {"nodes": [{"id": one, "nameWithOwner": CHOSEN[one]} for one in variables["ids"]]}}
    if "from" in variables:
        entries = [
            {"repository": {"id": one, "nameWithOwner": CHOSEN[one]}, "contributions": {"totalCount": 1}}
            for one in ("R_1", "R_2")
        ]
        collection = {
            "startedAt": variables["from"],
            "endedAt": variables["to"],
            "totalRepositoriesWithContributedCommits": len(entries),
            "commitContributionsByRepository": entries,
        }
        return {"data": {"user": {"contributionsCollection": collection}}}
    begin = int(variables["cursor"] or 0)
    end = min(begin + variables["pageSize"] // 5, len(CHOSEN))
    nodes = [{"id": one, "nameWithOwner": CHOSEN[one]} for one in list(CHOSEN)[begin:end]]
    info = {"hasNextPage": end < len(CHOSEN), "endCursor": str(end)}
    return {"data": {"user": {"repositories": {"totalCount": len(CHOSEN), "pageInfo": info, "nodes": nodes}}}}


def walk(client: Client) -> tuple[list[Any], list[Any]]:
    """Lists, batches and windows, in records and gaps that do not depend on the size of the portions."""
    owned = client.all(queries.repositories("ada"))
    operated = client.all(queries.operations(CHOSEN))
    windows = client.all(queries.contributions("ada", [2023, 2024]))
    seen = sorted({(w.begins_at.year, e.repository.full_name) for w in windows.items for e in w.repositories})
    return [owned.items, operated.items, seen], [*owned.gaps, *operated.gaps, *windows.gaps]


@pytest.mark.parametrize("fault", [*PASSING, "time-out of a page"])
def test_a_passing_fault_at_any_request_changes_nothing(fault: str) -> None:
    calm = Stage(graphql=world)
    with calm.client() as client:
        expected = walk(client)
    n_requests = len(calm.requests)
    assert (n_requests, expected[1]) == (8, [])
    for index in range(n_requests):
        faults: list[Scripted] = [answer(200, TIMED_OUT)] if fault == "time-out of a page" else PASSING[fault][0]
        stage = Stage(graphql=world, at={index: faults[0]})
        with stage.client() as client:
            assert walk(client) == expected, f"{fault} at request {index}"
        assert len(stage.requests) > n_requests
