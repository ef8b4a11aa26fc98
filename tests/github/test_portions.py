"""Lists, batches and windows: complete, said where not, and the same in smaller portions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from analyzer.errors import AnswerUnusable, UsageError
from analyzer.github import queries
from analyzer.github.fields import Json, Node
from analyzer.github.portions import MOST_PAGES, Query, Step
from analyzer.github.queries import contributions, histories, issues, merged_pull_requests, operations, repositories
from analyzer.github.wire import Problem


def repository(number: int, **other: Json) -> dict[str, Json]:
    """A repository as the lists show it."""
    return {"id": f"R_{number}", "databaseId": number, "nameWithOwner": f"ada/r{number}", **other}


def listed(numbers: Sequence[int], total: int, cursor: str | None, *, more: bool) -> dict[str, Json]:
    """One page of repositories."""
    connection: dict[str, Json] = {
        "totalCount": total,
        "pageInfo": {"hasNextPage": more, "endCursor": cursor},
        "nodes": [repository(number) for number in numbers],
    }
    return {"user": {"repositories": connection}}


def read(query: Query[Any], data: Json, problems: Sequence[Problem] = ()) -> Step[Any]:
    """Read an answer."""
    return query.read(Node(data, "data"), problems)


def reasons(step: Step[Any]) -> list[str]:
    """The gaps of a step, as text."""
    return [f"{gap.what}|{gap.repository}|{gap.reason}" for gap in step.page.gaps]


# --- lists -----------------------------------------------------------------


def test_a_list_goes_on_at_its_cursor_and_is_counted() -> None:
    query = repositories("ada")
    assert query.variables == {"login": "ada", "pageSize": 50, "cursor": None}
    first = read(query, listed([1, 2], 3, "c1", more=True))
    (following,) = first.then
    assert following.variables["cursor"] == "c1"
    last = read(following, listed([3], 3, None, more=False))
    assert (last.then, last.page.gaps, last.page.total) == ((), (), 3)
    assert [item.ref.full_name for item in (*first.page.items, *last.page.items)] == ["ada/r1", "ada/r2", "ada/r3"]


def test_a_list_that_ends_too_soon_is_a_gap() -> None:
    assert reasons(read(repositories("ada"), listed([1], 3, None, more=False))) == [
        "repositories||GitHub counts 3, 1 were listed"
    ]
    data: Any = listed([1], 2, None, more=False)
    data["user"]["repositories"]["nodes"].append(None)
    assert reasons(read(repositories("ada"), data)) == ["repositories||GitHub counts 2, 1 were listed"]


@pytest.mark.parametrize("cursor", [None, "same"])
def test_a_list_that_leads_nowhere_is_refused(cursor: str | None) -> None:
    (query,) = read(repositories("ada"), listed([1], 9, "same", more=True)).then
    with pytest.raises(AnswerUnusable, match="does not go on"):
        read(query, listed([2], 9, cursor, more=True))
    with pytest.raises(AnswerUnusable, match="does not go on"):
        read(query, listed([], 9, "other", more=True))


def test_a_list_without_end_is_cut_with_a_gap() -> None:
    query: Query[Any] = repositories("ada")
    for page in range(1, MOST_PAGES):
        (query,) = read(query, listed([page], 10_000, f"c{page}", more=True)).then
    last = read(query, listed([MOST_PAGES], 10_000, "cx", more=True))
    assert last.then == ()
    assert reasons(last) == [f"repositories||GitHub counts 10000, {MOST_PAGES} were listed"]


def test_a_page_is_halved_down_to_one_entry_and_stays_small() -> None:
    query: Query[Any] = merged_pull_requests("ada")
    sizes: list[Json] = []
    while smaller := query.smaller():
        (query,) = smaller
        sizes.append(query.variables["pageSize"])
    assert sizes == [25, 12, 6, 3, 1]
    given_up = query.given_up("it took too long")
    assert given_up is not None
    assert reasons(given_up) == ["merged pull requests||the list ends after 0: it took too long"]


def test_pull_requests_in_private_repositories_are_not_looked_at() -> None:
    nodes: list[Json] = [
        {"id": "P_1", "repository": repository(1, isPrivate=True)},
        {"id": "P_2", "repository": repository(2), "mergedBy": None, "mergedAt": "2024-02-03T04:05:06+02:00"},
    ]
    data: Json = {"user": {"pullRequests": {"totalCount": 2, "nodes": nodes}}}
    step = read(merged_pull_requests("ada"), data)
    (found,) = step.page.items
    assert (found.node_id, found.merged_at) == ("P_2", datetime.fromisoformat("2024-02-03T02:05:06Z"))
    assert step.page.gaps == ()


def test_the_issues_of_a_repository() -> None:
    query = issues("ada/r1", datetime.fromisoformat("2024-01-01T01:00:00+01:00"))
    assert query.variables["since"] == "2024-01-01T00:00:00Z"
    nodes: list[Json] = [
        {
            "number": 7,
            "author": None,
            "comments": {"totalCount": 9, "nodes": [{"authorAssociation": "NEW_KIND", "author": {"login": "Ada"}}]},
        }
    ]
    step = read(query, {"repository": {"issues": {"totalCount": 2, "nodes": nodes}}})
    (issue,) = step.page.items
    (comment,) = issue.comments
    assert (issue.by, issue.n_comments, comment.association) == (None, 9, "NEW_KIND")
    assert comment.by.is_login("ada")
    assert reasons(step) == ["issues|ada/r1|GitHub counts 2, 1 were listed"]


# --- batches ---------------------------------------------------------------

CHOSEN = {f"R_{number}": f"ada/r{number}" for number in range(1, 24)}


def test_a_batch_goes_through_all_repositories() -> None:
    sizes: list[int] = []
    todo: tuple[Query[Any], ...] = (operations(CHOSEN),)
    while todo:
        ids: Any = todo[0].variables["ids"]
        sizes.append(len(ids))
        todo = read(todo[0], {"nodes": [{"id": one, "nameWithOwner": CHOSEN[one]} for one in ids]}).then
    assert sizes == [10, 10, 3]


def test_a_batch_is_halved_without_losing_the_others() -> None:
    portions = operations(CHOSEN).smaller()
    assert [portion.variables["ids"] for portion in portions] == [
        [f"R_{number}" for number in numbers] for numbers in (range(1, 6), range(6, 11), range(11, 21))
    ]
    assert operations({"R_1": "ada/r1"}).smaller() == ()


def test_one_repository_that_fails_does_not_harm_the_others() -> None:
    given_up = operations(CHOSEN).given_up("it took too long")
    assert given_up is not None
    assert reasons(given_up)[0] == "operations|ada/r1|it took too long"
    assert len(given_up.page.gaps) == 10
    assert len(given_up.then) == 1


def test_a_repository_that_is_gone_is_a_gap() -> None:
    query = histories({"R_1": "ada/r1", "R_2": "ada/r2", "R_3": "ada/r3"}, "U_1")
    problem = Problem("NOT_FOUND", ("nodes", 0), "Could not resolve to a node")
    step = read(query, {"nodes": [None, {"__typename": "User"}, {"id": "R_3"}]}, (problem,))
    assert [item.node_id for item in step.page.items] == ["R_3"]
    assert reasons(step) == [
        "history|ada/r1|Could not resolve to a node",
        "history|ada/r2|GitHub does not show it any more",
    ]
    with pytest.raises(AnswerUnusable, match="for 1 repositories instead of 3"):
        read(query, {"nodes": [None]})


def test_refused_deployments_cost_only_themselves() -> None:
    query = operations({"R_1": "ada/r1", "R_2": "ada/r2"})
    problem = Problem("FORBIDDEN", ("nodes", 1, "deployments"), "no")
    node: Json = {"id": "R_1", "nameWithOwner": "ada/r1", "deployments": {"totalCount": 0, "nodes": []}}
    step = read(query, {"nodes": [node, None]}, (problem,))
    assert [item.deployments for item in step.page.items] == [()]
    (again,) = step.then
    assert again.variables["withDeployments"] is False
    assert again.variables["ids"] == ["R_2"]
    modest = read(again, {"nodes": [{"id": "R_2", "nameWithOwner": "ada/r2"}]})
    assert [item.deployments for item in modest.page.items] == [None]
    assert reasons(modest) == ["deployments|ada/r2|the token may not see them"]
    assert again.modest() == ()
    refused = read(again, {"nodes": [None]}, (Problem("FORBIDDEN", ("nodes", 0), "not for you"),))
    assert reasons(refused) == ["operations|ada/r2|not for you"]


def test_only_addresses_that_github_maps_to_the_account_are_taken() -> None:
    authors: list[Json] = [
        {"author": {"email": "Ada@Work.example", "user": {"id": "U_1"}}},
        {"author": {"email": "ada@work.example", "user": {"id": "U_1"}}},
        {"author": {"email": "eve@evil.example", "user": {"id": "U_2"}}},
        {"author": {"email": "nobody@evil.example", "user": None}},
        {"author": {"email": None, "user": {"id": "U_1"}}},
        {"author": None},
    ]
    target: Json = {"candidateCommits": {"totalCount": 6, "nodes": authors}, "allCommits": {"totalCount": 8}}
    step = read(histories({"R_1": "ada/r1"}, "U_1"), {"nodes": [{"id": "R_1", "defaultBranchRef": {"target": target}}]})
    (history,) = step.page.items
    assert [address.email for address in history.addresses] == ["ada@work.example"]
    assert (history.n_commits, history.n_candidate_commits) == (8, 6)
    assert "ada@work" not in repr(step)


# --- windows ---------------------------------------------------------------


def window(begins: str, ends: str, numbers: Sequence[int], total: int) -> dict[str, Json]:
    """One window of contributions."""
    entries: list[Json] = [
        {"repository": repository(number, isPrivate=number > 100), "contributions": {"totalCount": 2}}
        for number in numbers
    ]
    collection: dict[str, Json] = {
        "startedAt": begins,
        "endedAt": ends,
        "totalRepositoriesWithContributedCommits": total,
        "restrictedContributionsCount": 3,
        "commitContributionsByRepository": entries,
    }
    return {"user": {"contributionsCollection": collection}}


def ends(query: Query[Any]) -> tuple[Json, Json]:
    """From when to when it asks."""
    return query.variables["from"], query.variables["to"]


def test_years_follow_each_other_the_newest_first() -> None:
    query: Query[Any] = contributions("ada", [2023, 2024, 2023])
    assert ends(query) == ("2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z")
    step = read(query, window("2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z", [1, 101], 2))
    (found,) = step.page.items
    assert [entry.repository.full_name for entry in found.repositories] == ["ada/r1"]
    assert (found.n_private, found.n_restricted) == (1, 3)
    (query,) = step.then
    assert ends(query) == ("2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z")
    assert read(query, window("2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z", [], 0)).then == ()


def test_windows_are_halved_at_midnight_down_to_a_month_and_cover_the_year() -> None:
    todo: list[Query[Any]] = [contributions("ada", [2024, 2023])]
    smallest: list[tuple[Json, Json]] = []
    while todo:
        query = todo.pop()
        halves = query.smaller()
        if halves:
            todo.extend(reversed(halves))
            continue
        smallest.append(ends(query))
        given_up = query.given_up("too much")
        assert given_up is not None
        todo.extend(given_up.then)
    assert len(smallest) == 32
    for year, part in (("2024", smallest[:16]), ("2023", smallest[16:])):
        assert part[0][0] == f"{year}-01-01T00:00:00Z"
        assert part[-1][1] == f"{year}-12-31T23:59:59Z"
        for (_, end), (begin, _) in pairwise(part):
            assert str(begin).endswith("T00:00:00Z")
            assert (datetime.fromisoformat(str(begin)) - datetime.fromisoformat(str(end))).seconds == 1


def test_more_repositories_than_are_listed_halve_the_window() -> None:
    query: Query[Any] = contributions("ada", [2024])
    crowded = window("2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z", [1], 101)
    step = read(query, crowded)
    assert (step.page.items, step.then) == ((), query.smaller())
    while halves := query.smaller():
        (query,) = halves
    step = read(query, crowded)
    assert len(step.page.items) == 1
    assert reasons(step) == ["contributions 2024-01-01 to 2024-01-21||100 more repositories are not listed"]


def test_what_is_no_login_is_not_asked() -> None:
    for ask in (queries.profile, queries.repositories, queries.merged_pull_requests):
        with pytest.raises(UsageError):
            ask("../admin")
    with pytest.raises(UsageError):
        contributions("../admin", [2024])


@pytest.mark.parametrize(
    "data",
    [
        {"user": {"repositories": {"totalCount": "3"}}},
        {"user": {"repositories": {"totalCount": True}}},
        {"user": {"repositories": {"nodes": [{"id": "R_1"}]}}},
        {"user": {"repositories": {"nodes": ["R_1"]}}},
        {"user": {"repositories": {"nodes": {}}}},
        {"user": {"repositories": {"nodes": [repository(1, pushedAt="yesterday")], "totalCount": 1}}},
        {"user": {"repositories": {"nodes": [repository(1, diskUsage=-1)], "totalCount": 1}}},
        {"user": {"repositories": {"nodes": [repository(1, isFork="yes")], "totalCount": 1}}},
        {"user": []},
    ],
)
def test_wrong_types_are_refused_by_name(data: Json) -> None:
    with pytest.raises(AnswerUnusable, match=r"data\.user"):
        read(repositories("ada"), data)


def test_half_characters_can_be_stored() -> None:
    query = repositories("ada")
    data: Any = listed([1], 1, None, more=False)
    data["user"]["repositories"]["nodes"][0]["primaryLanguage"] = {"name": "P\ud800ö"}
    (found,) = read(query, data).page.items
    assert found.language == "P\\ud800ö"
    assert found.language.encode("utf-8")
