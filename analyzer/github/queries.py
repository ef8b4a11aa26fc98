"""The seven questions to GraphQL, what each costs, and their documents.

The costs are requests, and points as GitHub's formula counts them. For 100 repositories of which 40 are chosen, eight
years, 200 merged pull requests and three maintained repositories: 1 + 2 + 4 + 2 + 8 + 4 + 3 = 24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from analyzer.github import reading
from analyzer.github.fields import Json
from analyzer.github.host import login_part, repository_part
from analyzer.github.portions import Batch, Listed, Query, Single, Window, stamp
from analyzer.github.records import (
    Account,
    ContributionWindow,
    Issue,
    MergedPullRequest,
    Operations,
    OwnedRepository,
    RepositoryHistory,
)

DOCUMENTS = (
    "candidate_profile",
    "candidate_repositories",
    "repository_operations",
    "repository_history",
    "contributions_window",
    "merged_pull_requests",
    "issue_response",
)

DEPLOYMENTS = "deployments"
"""What a token may lack the right to see, as gaps name it."""

_OPERATIONS_AT_ONCE = 10
_HISTORIES_AT_ONCE = 20
_SAMPLE = 20


@cache
def document(name: str) -> str:
    """The text of one of :data:`DOCUMENTS`."""
    return (files("analyzer.github") / "documents" / f"{name}.graphql").read_text("utf-8")


def profile(login: str) -> Single[Account]:
    """The account: one request."""
    return Single("candidate_profile", login, {"login": login_part(login)}, "user", reading.account)


def repositories(login: str) -> Query[OwnedRepository]:
    """The public repositories it owns: one request for 50."""
    asked: Mapping[str, Json] = {"login": login_part(login)}
    place = ("user", "repositories")
    return Listed("candidate_repositories", login, asked, place, "repositories", reading.owned_repository)


def operations(chosen: Mapping[str, str], *, with_deployments: bool = True) -> Query[Operations]:
    """Releases, tags, deployments of repositories (``owner/name`` by node id): one request for 10."""
    asked: Mapping[str, Json] = {
        "releaseCount": 20,
        "tagCount": 20,
        "environmentCount": 10,
        "deploymentCount": 20,
        "withDeployments": with_deployments,
    }
    return Batch(
        document="repository_operations",
        subject="",
        asked=asked,
        names=chosen,
        ids=tuple(chosen),
        what="operations",
        reader=reading.operations,
        size=_OPERATIONS_AT_ONCE,
        optional=("withDeployments", DEPLOYMENTS),
    )


def histories(chosen: Mapping[str, str], author: str) -> Query[RepositoryHistory]:
    """Commits, the account's commits and its addresses (``author`` is its node id): one request for 20."""
    return Batch(
        document="repository_history",
        subject="",
        asked={"author": author, "sampleSize": _SAMPLE},
        names=chosen,
        ids=tuple(chosen),
        what="history",
        reader=lambda node: reading.repository_history(node, author),
        size=_HISTORIES_AT_ONCE,
    )


def contributions(login: str, years: Sequence[int]) -> Query[ContributionWindow]:
    """Commits by repository, the newest year first: one request for a year."""
    windows = tuple(
        (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
        for year in sorted(set(years), reverse=True)
    )
    return Window("contributions_window", login_part(login), windows, reading.contribution_window)


def merged_pull_requests(login: str) -> Query[MergedPullRequest]:
    """Every merged pull request it opened, the newest first: one request for 50."""
    asked: Mapping[str, Json] = {"login": login_part(login)}
    place = ("user", "pullRequests")
    return Listed("merged_pull_requests", login, asked, place, "merged pull requests", reading.merged_pull_request)


def issues(full_name: str, since: datetime | None = None) -> Query[Issue]:
    """Issues of one repository that changed since then, the newest first: one request for 50."""
    owner, name = repository_part(full_name)
    asked: Mapping[str, Json] = {"owner": owner, "name": name, "since": stamp(since) if since else None}
    return Listed("issue_response", full_name, asked, ("repository", "issues"), "issues", reading.issue)
