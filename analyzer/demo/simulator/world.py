"""What the simulated GitHub knows: accounts, repositories and what happened in them. Made-up people only. Pure.

A world does not change; :meth:`World.with_login` and :meth:`World.with_name` give another one in which somebody or
something was renamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path


class Kind(StrEnum):
    """GraphQL's names for what can own or do something."""

    USER = "User"
    ORGANIZATION = "Organization"
    BOT = "Bot"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody. ``emails`` are the addresses whose commits GitHub maps to the account."""

    number: int
    login: str
    created_at: datetime
    emails: tuple[str, ...] = ()
    kind: Kind = Kind.USER

    @property
    def node_id(self) -> str:
        """GraphQL's key."""
        return f"{self.kind[:1]}_{self.number}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit on the default branch."""

    sha: str
    at: datetime
    email: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; ``target`` is its own object if it has a message (``is_annotated``), else ``commit``."""

    name: str
    target: str
    commit: str
    at: datetime
    is_annotated: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a tag; not published while ``published_at`` is None. ``by`` is a login."""

    number: int
    tag: str
    created_at: datetime
    published_at: datetime | None
    by: str
    is_prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What a deployment was reported to be; ``state`` is one of GitHub's ``DeploymentStatusState``."""

    state: str
    at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of a commit; its statuses in the order in which they were reported. ``by`` is a login."""

    number: int
    environment: str
    sha: str
    at: datetime
    by: str
    statuses: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request; ``by`` and ``merged_by`` are logins. Merged, closed without that, or open."""

    number: int
    title: str
    by: str
    opened_at: datetime
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    merge_sha: str = ""
    merged_by: str = ""
    n_files: int = 1
    added: int = 1
    deleted: int = 0
    n_comments: int = 0
    n_reviews: int = 0

    @property
    def state(self) -> str:
        """GraphQL's word."""
        return "MERGED" if self.merged_at else "CLOSED" if self.closed_at else "OPEN"


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody's words on an issue; an empty login is an account that is gone."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue. ``by`` as in :class:`Comment`."""

    number: int
    by: str
    opened_at: datetime
    closed_at: datetime | None = None
    comments: tuple[Comment, ...] = ()

    @property
    def state(self) -> str:
        """GraphQL's word."""
        return "CLOSED" if self.closed_at else "OPEN"

    @property
    def updated_at(self) -> datetime:
        """When something last happened."""
        return max(self.opened_at, self.closed_at or self.opened_at, *(comment.at for comment in self.comments))


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, its lists in the order in which things happened.

    ``git_dir`` is the bare repository that a clone gets; without one there is nothing to clone. ``parent`` and
    ``template`` are full names, ``former`` those under which it was known before, ``languages`` bytes by name.
    """

    number: int
    full_name: str
    created_at: datetime
    pushed_at: datetime | None
    git_dir: Path | None = None
    branch: str = "main"
    commits: tuple[Commit, ...] = ()
    tags: tuple[Tag, ...] = ()
    releases: tuple[Release, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    pull_requests: tuple[PullRequest, ...] = ()
    issues: tuple[Issue, ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    disk_kb: int = 0
    n_stars: int = 0
    parent: str = ""
    template: str = ""
    former: tuple[str, ...] = ()
    is_fork: bool = False
    is_template: bool = False
    is_archived: bool = False
    is_disabled: bool = False
    is_locked: bool = False
    is_mirror: bool = False
    is_private: bool = False

    @property
    def node_id(self) -> str:
        """GraphQL's key."""
        return f"R_{self.number}"

    @property
    def owner(self) -> str:
        """The login before the slash."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The name after the slash."""
        return self.full_name.partition("/")[2]


@dataclass(frozen=True)
class World:
    """Everything there is. Private repositories show only as numbers, as they do to a token without scopes.

    ``web`` is where the pages claim to be.
    """

    accounts: tuple[Account, ...]
    repositories: tuple[Repository, ...]
    web: str

    @cached_property
    def by_login(self) -> dict[str, Account]:
        """Accounts by login in lower case."""
        return {account.login.lower(): account for account in self.accounts}

    @cached_property
    def by_email(self) -> dict[str, Account]:
        """Accounts by the addresses of their commits, in lower case; also by those that GitHub itself gives them."""
        mapped = {email.lower(): account for account in self.accounts for email in account.emails}
        for account in self.accounts:
            for name in (account.login.lower(), f"{account.number}+{account.login.lower()}"):
                mapped[f"{name}@users.noreply.github.com"] = account
        return mapped

    @cached_property
    def public(self) -> dict[str, Repository]:
        """Public repositories by full name in lower case."""
        return {one.full_name.lower(): one for one in self.repositories if not one.is_private}

    @cached_property
    def renamed(self) -> dict[str, Repository]:
        """Public repositories by the names that they had before, in lower case."""
        return {name.lower(): one for one in self.public.values() for name in one.former}

    @cached_property
    def by_node_id(self) -> dict[str, Account | Repository]:
        """Accounts and public repositories by GraphQL's key."""
        return {one.node_id: one for one in (*self.accounts, *self.public.values())}

    def found(self, full_name: str, *, by_former: bool = True) -> Repository | None:
        """The public repository of that name, or, with ``by_former``, of which it was an earlier one."""
        name = full_name.lower()
        return self.public.get(name) or (self.renamed.get(name) if by_former else None)

    def owned_by(self, login: str) -> list[Repository]:
        """The public repositories of an account."""
        return [one for one in self.public.values() if one.owner.lower() == login.lower()]

    def commits_of(self, account: Account, repository: Repository) -> list[Commit]:
        """The account's commits on the default branch."""
        return [commit for commit in repository.commits if self.by_email.get(commit.email.lower()) == account]

    def pull_requests_of(self, account: Account) -> Iterator[tuple[Repository, PullRequest]]:
        """The pull requests that the account opened in public repositories."""
        for repository in self.public.values():
            for request in repository.pull_requests:
                if request.by.lower() == account.login.lower():
                    yield repository, request

    def with_login(self, old: str, new: str) -> World:
        """The world after an account has taken another login: its repositories move with it, the old one is free."""
        accounts = [replace(one, login=new) if one.login.lower() == old.lower() else one for one in self.accounts]
        moved = [
            _named(one, f"{new}/{one.name}") if one.owner.lower() == old.lower() else one for one in self.repositories
        ]
        return replace(self, accounts=tuple(accounts), repositories=tuple(_handed(one, old, new) for one in moved))

    def with_name(self, old: str, new: str) -> World:
        """The world after a repository has taken another full name."""
        repositories = [_named(one, new) if one.full_name.lower() == old.lower() else one for one in self.repositories]
        return replace(self, repositories=tuple(repositories))


def _named(repository: Repository, full_name: str) -> Repository:
    return replace(repository, full_name=full_name, former=(*repository.former, repository.full_name))


def _handed(repository: Repository, old: str, new: str) -> Repository:
    """What somebody did in a repository, under the new login."""

    def by(login: str) -> str:
        return new if login.lower() == old.lower() else login

    return replace(
        repository,
        releases=tuple(replace(one, by=by(one.by)) for one in repository.releases),
        deployments=tuple(replace(one, by=by(one.by)) for one in repository.deployments),
        pull_requests=tuple(
            replace(one, by=by(one.by), merged_by=by(one.merged_by)) for one in repository.pull_requests
        ),
        issues=tuple(
            replace(one, by=by(one.by), comments=tuple(replace(said, by=by(said.by)) for said in one.comments))
            for one in repository.issues
        ),
    )
