"""What only the hosting service knows, as the store keeps it: rows without anybody else's name or address.

Times are naive UTC, as everywhere in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple


class ReleaseRow(NamedTuple):
    """A published release; ``sha`` is None when the service names no commit."""

    api_id: str
    tag: str
    sha: str | None
    is_prerelease: bool
    published_at: datetime | None
    by_candidate: bool
    url: str


class DeploymentRow(NamedTuple):
    """A deployment the service was told of; ``state`` is the newest, in its words and lower case."""

    api_id: str
    environment: str
    task: str
    sha: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    by_candidate: bool
    environment_url: str | None


class IssueRow(NamedTuple):
    """An issue and its first answer of somebody with a say in the repository; ``hours`` lie between them."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    answered_at: datetime | None
    answered_by_candidate: bool
    hours: float | None
    url: str


class ContextRow(NamedTuple):
    """What helps to recognise a repository; nothing is judged by it."""

    n_stars: int | None
    created_on: date | None
    language: str | None


class ContributionRow(NamedTuple):
    """One act of the candidate through a pull request; ``title`` has no secrets and no addresses in it."""

    full_name: str
    kind: Literal["pull_request", "review", "merge"]
    api_id: str
    number: int
    title: str
    opened_by: Literal["candidate", "bot", "other"]
    is_owner: bool
    happened_at: datetime
    merged_at: datetime | None
    merge_sha: str | None
    n_changes: int | None
    added: int | None
    deleted: int | None
    url: str


@dataclass(frozen=True, slots=True)
class HostedRepository:
    """What the service knows of one repository."""

    releases: tuple[ReleaseRow, ...] = ()
    deployments: tuple[DeploymentRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    context: ContextRow | None = None


@dataclass(frozen=True, slots=True)
class Hosted:
    """What the service knows of a candidate, by ``full_name`` where it belongs to a repository.

    ``state`` is a hash of what was listed, the same as long as there is nothing new; None when something could not be
    asked, so that the next run asks again.
    """

    repositories: Mapping[str, HostedRepository] = field(default_factory=dict[str, HostedRepository])
    contributions: tuple[ContributionRow, ...] = ()
    state: str | None = None


NOTHING = Hosted()
"""What is known after reading folders only."""
