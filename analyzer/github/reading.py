"""JSON from GitHub into records: GraphQL's names first, REST's at the end."""

from __future__ import annotations

from analyzer.github.fields import Node
from analyzer.github.records import (
    Account,
    Actor,
    Comment,
    ContributionWindow,
    Deployment,
    Environment,
    Issue,
    MappedAddress,
    MergedPullRequest,
    Operations,
    OwnedRepository,
    Points,
    Release,
    RepositoryCommits,
    RepositoryHistory,
    RepositoryRef,
    Tag,
)


def account(node: Node) -> Account:
    """The profile."""
    return Account(
        node_id=node.need("id"),
        number=node.count("databaseId"),
        login=node.need("login"),
        created_at=node.at("createdAt"),
        years=tuple(sorted(node.inside("contributionsCollection").wholes("contributionYears"))),
        n_merged=_total(node, "pullRequests"),
    )


def owned_repository(node: Node) -> OwnedRepository:
    """One repository of the list, in which GitHub was asked for public ones only."""
    branch = node.inside("defaultBranchRef")
    languages = node.inside("languages").children("edges")
    return OwnedRepository(
        ref=_repository(node),
        is_template=node.flag("isTemplate"),
        is_empty=node.flag("isEmpty"),
        is_disabled=node.flag("isDisabled"),
        is_locked=node.flag("isLocked"),
        is_mirror=node.flag("isMirror"),
        parent=node.inside("parent").text("nameWithOwner"),
        template=node.inside("templateRepository").text("nameWithOwner"),
        default_branch=branch.text("name"),
        head=branch.inside("target").text("oid"),
        created_at=node.at("createdAt"),
        n_stars=node.count("stargazerCount"),
        language=node.inside("primaryLanguage").text("name"),
        languages=tuple((edge.inside("node").text("name"), edge.count("size")) for edge in languages),
    )


def operations(node: Node) -> Operations:
    """The signs of operation of one repository."""
    environments, deployments = node.child("environments"), node.child("deployments")
    return Operations(
        node_id=node.need("id"),
        full_name=node.need("nameWithOwner"),
        n_releases=_total(node, "releases"),
        releases=tuple(_release(release) for release in node.inside("releases").children("nodes")),
        n_tags=_total(node, "refs"),
        tags=tuple(_tag(ref) for ref in node.inside("refs").children("nodes")),
        n_environments=_total(node, "environments"),
        environments=environments and tuple(_environment(place) for place in environments.children("nodes")),
        n_deployments=_total(node, "deployments"),
        deployments=deployments and tuple(_deployment(one) for one in deployments.children("nodes")),
        n_open_issues=_total(node, "openIssues"),
        n_closed_issues=_total(node, "closedIssues"),
        n_open_pull_requests=_total(node, "openPullRequests"),
        n_merged_pull_requests=_total(node, "mergedPullRequests"),
    )


def repository_history(node: Node, author: str) -> RepositoryHistory:
    """Sizes, and the addresses that GitHub maps to ``author`` (a node id) and to nobody else."""
    head = node.inside("defaultBranchRef").inside("target")
    own = head.inside("candidateCommits")
    actors = [commit.inside("author") for commit in own.children("nodes")]
    emails = {actor.text("email").lower() for actor in actors if actor.inside("user").text("id") == author}
    return RepositoryHistory(
        node_id=node.need("id"),
        head=head.text("oid"),
        head_at=head.at("committedDate"),
        n_commits=_total(head, "allCommits"),
        n_candidate_commits=own.count("totalCount"),
        addresses=tuple(MappedAddress(email) for email in sorted(emails) if email),
    )


def contribution_window(node: Node) -> tuple[ContributionWindow, int]:
    """The window and the number of repositories there are in it, which can be more than are listed."""
    listed = [
        RepositoryCommits(_repository(entry.inside("repository")), _total(entry, "contributions"))
        for entry in node.children("commitContributionsByRepository")
    ]
    public = tuple(entry for entry in listed if not entry.repository.is_private)
    window = ContributionWindow(
        begins_at=node.need_at("startedAt"),
        ends_at=node.need_at("endedAt"),
        n_commits=node.count("totalCommitContributions"),
        n_restricted=node.count("restrictedContributionsCount"),
        n_private=len(listed) - len(public),
        repositories=public,
    )
    return window, node.count("totalRepositoriesWithContributedCommits") - len(listed)


def merged_pull_request(node: Node) -> MergedPullRequest | None:
    """One merged pull request; None for one in a private repository, which a powerful token would show."""
    repository = _repository(node.inside("repository"))
    if repository.is_private:
        return None
    return MergedPullRequest(
        node_id=node.need("id"),
        number=node.count("number"),
        title=node.text("title"),
        url=node.text("url"),
        repository=repository,
        opened_at=node.at("createdAt"),
        merged_at=node.at("mergedAt"),
        merge_sha=node.inside("mergeCommit").text_or_none("oid"),
        merged_by=_actor(node.child("mergedBy")),
        association=node.text("authorAssociation"),
        n_files=node.count("changedFiles"),
        added=node.count("additions"),
        deleted=node.count("deletions"),
        n_comments=_total(node, "comments"),
        n_reviews=_total(node, "reviews"),
    )


def issue(node: Node) -> Issue:
    """One issue with its first comments."""
    return Issue(
        number=node.count("number"),
        url=node.text("url"),
        opened_at=node.at("createdAt"),
        closed_at=node.at("closedAt"),
        by=_actor(node.child("author")),
        n_comments=_total(node, "comments"),
        comments=tuple(
            Comment(comment.at("createdAt"), _actor(comment.child("author")), comment.text("authorAssociation"))
            for comment in node.inside("comments").children("nodes")
        ),
    )


def _repository(node: Node) -> RepositoryRef:
    return RepositoryRef(
        node_id=node.need("id"),
        number=node.count("databaseId"),
        full_name=node.need("nameWithOwner"),
        url=node.text("url"),
        owner=_actor(node.child("owner")) or Actor(node.need("nameWithOwner").partition("/")[0], ""),
        is_fork=node.flag("isFork"),
        is_archived=node.flag("isArchived"),
        is_private=node.flag("isPrivate"),
        disk_kb=node.count("diskUsage"),
        pushed_at=node.at("pushedAt"),
    )


def _release(node: Node) -> Release:
    return Release(
        number=node.count("databaseId"),
        tag=node.text("tagName"),
        sha=node.inside("tagCommit").text_or_none("oid"),
        is_draft=node.flag("isDraft"),
        is_prerelease=node.flag("isPrerelease"),
        created_at=node.at("createdAt"),
        published_at=node.at("publishedAt"),
        by=_actor(node.child("author")),
        url=node.text("url"),
    )


def _tag(node: Node) -> Tag:
    target = node.inside("target")
    return Tag(node.text("name"), target.text("oid"), target.text("__typename"))


def _environment(node: Node) -> Environment:
    last = node.inside("latestCompletedDeployment")
    return Environment(
        node.text("name"), last.at("createdAt"), last.text("state").lower(), last.text_or_none("commitOid")
    )


def _deployment(node: Node) -> Deployment:
    status = node.inside("latestStatus")
    return Deployment(
        number=node.count("databaseId"),
        environment=node.text("latestEnvironment") or node.text("environment"),
        task=node.text("task"),
        sha=node.text("commitOid"),
        state=(status.text("state") or node.text("state")).lower(),
        started_at=node.at("createdAt"),
        finished_at=status.at("createdAt"),
        by=_actor(node.child("creator")),
        environment_url=status.text_or_none("environmentUrl"),
    )


def _actor(node: Node | None) -> Actor | None:
    """None for an account that is gone."""
    return None if node is None or not node.text("login") else Actor(node.text("login"), node.text("__typename"))


def _total(node: Node, key: str) -> int:
    return node.inside(key).count("totalCount")


# --- REST ------------------------------------------------------------------


def rest_account(node: Node) -> Account:
    """``/users/{login}``: what there is without a token."""
    return Account(node.text("node_id"), node.count("id"), node.need("login"), node.at("created_at"), ())


def rest_repository(node: Node) -> OwnedRepository:
    """One repository of ``/users/{login}/repos`` or ``/repos/{owner}/{name}``."""
    owner = node.inside("owner")
    return OwnedRepository(
        ref=RepositoryRef(
            node_id=node.text("node_id"),
            number=node.count("id"),
            full_name=node.need("full_name"),
            url=node.text("html_url"),
            owner=Actor(owner.text("login") or node.need("full_name").partition("/")[0], owner.text("type")),
            is_fork=node.flag("fork"),
            is_archived=node.flag("archived"),
            is_private=node.flag("private"),
            disk_kb=node.count("size"),
            pushed_at=node.at("pushed_at"),
        ),
        is_template=node.flag("is_template"),
        is_empty=None,
        is_disabled=node.flag("disabled"),
        is_locked=False,
        is_mirror=node.text_or_none("mirror_url") is not None,
        parent=node.inside("parent").text("full_name"),
        template=node.inside("template_repository").text("full_name"),
        default_branch=node.text("default_branch"),
        head="",
        created_at=node.at("created_at"),
        n_stars=node.count("stargazers_count"),
        language=node.text("language"),
        languages=(),
    )


def rest_points(node: Node) -> dict[str, Points]:
    """``/rate_limit``: what is left, by kind of request. An enterprise's server without limits answers 404 instead."""
    resources = node.inside("resources")
    points: dict[str, Points] = {}
    for resource in ("core", "graphql", "search"):
        found = resources.child(resource)
        if found is not None:
            points[resource] = Points(found.count("limit"), found.count("remaining"), found.count("reset"))
    return points
