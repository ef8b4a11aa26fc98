"""Records of GitHub as the rows that are kept: who else took part is only *not the candidate*."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from analyzer.github.records import Actor, Issue, MergedPullRequest, Operations, OwnedRepository
from analyzer.hosted import ContextRow, ContributionRow, DeploymentRow, HostedRepository, IssueRow, ReleaseRow

WITH_A_SAY = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""What GitHub calls those who may answer for a repository."""

Clean = Callable[[str], str]


def repository(
    login: str, operations: Operations | None, issues: Iterable[Issue], owned: OwnedRepository | None
) -> HostedRepository:
    """What GitHub knows of one repository; ``owned`` is None for somebody else's."""
    return HostedRepository(
        tuple(_releases(login, operations)),
        tuple(_deployments(login, operations)),
        tuple(_issues(login, issues)),
        _context(owned) if owned else None,
    )


def contribution(login: str, pull: MergedPullRequest, clean: Clean) -> ContributionRow | None:
    """A merged pull request of the candidate; None for one without a date."""
    opened_at = _utc(pull.opened_at)
    if opened_at is None:
        return None
    return ContributionRow(
        full_name=pull.repository.full_name,
        kind="pull_request",
        api_id=pull.node_id,
        number=pull.number,
        title=clean(pull.title),
        opened_by="candidate",
        is_owner=pull.repository.owner.is_login(login),
        happened_at=opened_at,
        merged_at=_utc(pull.merged_at),
        merge_sha=pull.merge_sha,
        n_changes=pull.n_files,
        added=pull.added,
        deleted=pull.deleted,
        url=pull.url,
    )


def _releases(login: str, operations: Operations | None) -> Iterator[ReleaseRow]:
    for release in operations.releases if operations else ():
        if not release.is_draft:
            yield ReleaseRow(
                str(release.number),
                release.tag,
                release.sha,
                release.is_prerelease,
                _utc(release.published_at),
                _is_candidate(login, release.by),
                release.url,
            )


def _deployments(login: str, operations: Operations | None) -> Iterator[DeploymentRow]:
    for deployment in (operations.deployments or ()) if operations else ():
        started_at = _utc(deployment.started_at)
        if started_at is not None:
            yield DeploymentRow(
                str(deployment.number),
                deployment.environment,
                deployment.task,
                deployment.sha,
                deployment.state,
                started_at,
                _utc(deployment.finished_at),
                _is_candidate(login, deployment.by),
                deployment.environment_url,
            )


def _issues(login: str, issues: Iterable[Issue]) -> Iterator[IssueRow]:
    for issue in issues:
        opened_at = _utc(issue.opened_at)
        if opened_at is None:
            continue
        answers = [
            (at, comment.by)
            for comment in issue.comments
            if comment.association in WITH_A_SAY and comment.by != issue.by and (at := _utc(comment.at)) is not None
        ]
        answered_at, by = min(answers, key=lambda answer: answer[0], default=(None, None))
        yield IssueRow(
            number=issue.number,
            opened_at=opened_at,
            closed_at=_utc(issue.closed_at),
            answered_at=answered_at,
            answered_by_candidate=_is_candidate(login, by),
            hours=round((answered_at - opened_at).total_seconds() / 3600, 2) if answered_at else None,
            url=issue.url,
        )


def _context(owned: OwnedRepository) -> ContextRow:
    return ContextRow(owned.n_stars, owned.created_at.date() if owned.created_at else None, owned.language or None)


def _is_candidate(login: str, actor: Actor | None) -> bool:
    return actor is not None and actor.is_login(login)


def _utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.astimezone(UTC).replace(tzinfo=None)
