"""What GitHub tells us, as records. Values that GitHub may add to later (states, associations) stay texts.

Left out on purpose: names, pictures, places, employers, followers, and every e-mail address besides those that GitHub
maps to the account itself (:class:`MappedAddress`), which are there to be compared and hashed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """The candidate's account. Without a token there is no ``n_merged`` (pull requests) and ``years`` are unknown."""

    node_id: str
    number: int
    login: str
    created_at: datetime | None
    years: tuple[int, ...]
    n_merged: int = 0

    def noreply_addresses(self) -> tuple[str, str]:
        """The addresses that GitHub itself gives the account: by number since July 2017, by login before."""
        login = self.login.lower()
        return f"{self.number}+{login}@users.noreply.github.com", f"{login}@users.noreply.github.com"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who did something. ``kind`` is ``User``, ``Bot``, ``Organization`` …; the login is for comparing."""

    login: str
    kind: str

    def is_login(self, login: str) -> bool:
        """Whether it is the account of that login."""
        return self.login.lower() == login.lower()


@dataclass(frozen=True, slots=True)
class RepositoryRef:
    """A repository as other things name it. ``number`` is its key at GitHub and survives a new name."""

    node_id: str
    number: int
    full_name: str
    url: str
    owner: Actor
    is_fork: bool
    is_archived: bool
    is_private: bool
    disk_kb: int
    pushed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnedRepository:
    """A repository of the account. ``head`` is the commit of the default branch, empty when there is none or unknown.

    ``is_empty`` is None where GitHub was asked without a token. ``languages`` are bytes by name, the largest first.
    """

    ref: RepositoryRef
    is_template: bool
    is_empty: bool | None
    is_disabled: bool
    is_locked: bool
    is_mirror: bool
    parent: str
    template: str
    default_branch: str
    head: str
    created_at: datetime | None
    n_stars: int
    language: str
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A published or drafted release."""

    number: int
    tag: str
    sha: str | None
    is_draft: bool
    is_prerelease: bool
    created_at: datetime | None
    published_at: datetime | None
    by: Actor | None
    url: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; ``kind`` is ``Commit``, or ``Tag`` for one with a message of its own."""

    name: str
    sha: str
    kind: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment GitHub was told of. ``state`` is the newest, in GitHub's words and lower case."""

    number: int
    environment: str
    task: str
    sha: str
    state: str
    started_at: datetime | None
    finished_at: datetime | None
    by: Actor | None
    environment_url: str | None


@dataclass(frozen=True, slots=True)
class Environment:
    """A named place that is deployed to, with its last completed deployment."""

    name: str
    deployed_at: datetime | None
    state: str
    sha: str | None


@dataclass(frozen=True, slots=True)
class Operations:
    """Signs of operation in one repository: the newest of each kind, and how many there are.

    ``deployments`` and ``environments`` are None where the token may not see them or they were not asked for.
    """

    node_id: str
    full_name: str
    n_releases: int
    releases: tuple[Release, ...]
    n_tags: int
    tags: tuple[Tag, ...]
    n_environments: int
    environments: tuple[Environment, ...] | None
    n_deployments: int
    deployments: tuple[Deployment, ...] | None
    n_open_issues: int
    n_closed_issues: int
    n_open_pull_requests: int
    n_merged_pull_requests: int


@dataclass(frozen=True, slots=True)
class MappedAddress:
    """An address of commits that GitHub maps to the account; never shown, hence not in ``repr``."""

    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RepositoryHistory:
    """How large the history of one default branch is, and how much of it is the account's."""

    node_id: str
    head: str
    head_at: datetime | None
    n_commits: int
    n_candidate_commits: int
    addresses: tuple[MappedAddress, ...]


@dataclass(frozen=True, slots=True)
class RepositoryCommits:
    """The account's commits in one repository within a window."""

    repository: RepositoryRef
    n_commits: int


@dataclass(frozen=True, slots=True)
class ContributionWindow:
    """Commits by repository in one window. Private repositories are counted and left out.

    ``n_restricted`` counts contributions that the account shows only as a number: private work exists.
    """

    begins_at: datetime
    ends_at: datetime
    n_commits: int
    n_restricted: int
    n_private: int
    repositories: tuple[RepositoryCommits, ...]


@dataclass(frozen=True, slots=True)
class MergedPullRequest:
    """A merged pull request that the account opened. ``association`` is what GitHub calls the author there."""

    node_id: str
    number: int
    title: str
    url: str
    repository: RepositoryRef
    opened_at: datetime | None
    merged_at: datetime | None
    merge_sha: str | None
    merged_by: Actor | None
    association: str
    n_files: int
    added: int
    deleted: int
    n_comments: int
    n_reviews: int


@dataclass(frozen=True, slots=True)
class Comment:
    """Who commented on an issue, when, and what the repository calls them (``OWNER``, ``MEMBER``, ``NONE`` …)."""

    at: datetime | None
    by: Actor | None
    association: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue and its first five comments."""

    number: int
    url: str
    opened_at: datetime | None
    closed_at: datetime | None
    by: Actor | None
    n_comments: int
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """What one kind of request may still cost within the hour; ``resets_at`` in seconds since 1970."""

    limit: int
    remaining: int
    resets_at: int
