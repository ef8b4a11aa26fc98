"""The demo portfolios as a world: their commits and tags from git, what only GitHub knows from ``github.toml``."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from analyzer.demo.portfolio import HOST, DemoPortfolio
from analyzer.demo.simulator.world import (
    Account,
    Comment,
    Commit,
    Deployment,
    Issue,
    Kind,
    PullRequest,
    Release,
    Repository,
    Status,
    Tag,
    World,
)
from analyzer.git import process

_MERGE = re.compile(r"\(#(\d+)\)$")
_LANGUAGES = {".py": "Python", ".tf": "HCL", ".sh": "Shell", ".js": "JavaScript", ".html": "HTML", ".tex": "TeX"}


class _Known(TypedDict, total=False):
    """What there is to know about a repository besides its commits."""

    maintainers: list[str]
    deployed: dict[str, date]
    failed: list[str]
    released: bool
    answered: bool


class _Beside(TypedDict):
    """A repository without a story: a fork of another one, or one without any commit."""

    created: date
    fork_of: NotRequired[str]


class _Facts(TypedDict):
    organisations: list[str]
    known: dict[str, _Known]
    beside: dict[str, _Beside]


@dataclass(frozen=True, slots=True)
class Change:
    """A commit with its subject and what it changed."""

    commit: Commit
    subject: str
    n_files: int
    added: int
    deleted: int


def world(portfolios: Sequence[DemoPortfolio]) -> World:
    """Everything about the demo portfolios, whose repositories must have been built; adds those without a story."""
    facts = cast("_Facts", tomllib.loads((files(__package__ or "") / "github.toml").read_text("utf-8")))
    places = {name: git_dir for portfolio in portfolios for name, git_dir in portfolio.repositories}
    changes = {name: _changes(git_dir) for name, git_dir in places.items()}
    accounts = _accounts(
        portfolios, facts["organisations"], [change.commit for one in changes.values() for change in one]
    )
    logins = {email: account.login for account in accounts for email in account.emails}
    repositories = [
        _repository(number, name, places[name], changes[name], facts["known"].get(name, {}), logins)
        for number, name in enumerate(sorted(places), start=70_001)
    ]
    told = {one.full_name: one for one in repositories}
    folder = next(iter(places.values())).parents[1]
    for number, (name, one) in enumerate(facts["beside"].items(), start=71_001):
        at = datetime.combine(one["created"], datetime.min.time(), UTC)
        origin = told.get(one.get("fork_of", ""))
        repositories.append(_forked(number, name, at, origin) if origin else _empty(number, name, at, folder))
    return World(accounts, tuple(repositories), HOST)


def read(git_dir: Path) -> tuple[tuple[Commit, ...], tuple[Tag, ...]]:
    """Commits that HEAD reaches, the oldest first, and tags, of any bare repository."""
    return tuple(change.commit for change in _changes(git_dir)), tuple(_tags(git_dir))


# --- from git --------------------------------------------------------------


def _changes(git_dir: Path) -> list[Change]:
    told = process.run(git_dir, ["log", "--reverse", "--numstat", "--format=%x00%H%x1f%ct%x1f%ae%x1f%s"])
    return [_change(entry) for entry in told.decode("utf-8", "replace").split("\0")[1:]]


def _change(entry: str) -> Change:
    head, *lines = entry.strip("\n").split("\n")
    sha, seconds, email, subject = head.split("\x1f")
    counts = [line.split("\t") for line in lines if line]
    added, deleted = (sum(int(count[side]) for count in counts if count[side] != "-") for side in (0, 1))
    commit = Commit(sha, datetime.fromtimestamp(int(seconds), UTC), email)
    return Change(commit, subject, len(counts), added, deleted)


def _tags(git_dir: Path) -> Iterator[Tag]:
    form = "%(refname:short)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)"
    told = process.run(git_dir, ["for-each-ref", "--sort=creatordate", f"--format={form}", "refs/tags"])
    for line in told.decode("utf-8", "replace").splitlines():
        name, target, commit, seconds = line.split("\0")
        at = datetime.fromtimestamp(int(seconds), UTC)
        yield Tag(name, target, commit or target, at, is_annotated=bool(commit))


def _languages(git_dir: Path) -> tuple[tuple[str, int], ...]:
    """Bytes by language at HEAD, the most first."""
    told = process.run(git_dir, ["ls-tree", "-r", "-l", "-z", "HEAD"]).decode("utf-8", "replace")
    sizes: Counter[str] = Counter()
    for entry in filter(None, told.split("\0")):
        facts, _, path = entry.partition("\t")
        language = _LANGUAGES.get(Path(path).suffix)
        if language:
            sizes[language] += int(facts.split()[-1])
    return tuple(sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])))


# --- what only GitHub knows ------------------------------------------------


def _accounts(
    portfolios: Sequence[DemoPortfolio], organisations: Sequence[str], commits: Sequence[Commit]
) -> tuple[Account, ...]:
    """The people of the portfolios, those who worked with them, and organisations. Bots have no account."""
    emails = {portfolio.login: portfolio.emails for portfolio in portfolios}
    theirs = {email for mapped in emails.values() for email in mapped}
    for email in sorted({commit.email for commit in commits} - theirs):
        if "[bot]" not in email:
            emails[f"demo-{email.partition('@')[0]}"] = (email,)
    kinds = {**dict.fromkeys(emails, Kind.USER), **dict.fromkeys(organisations, Kind.ORGANIZATION)}
    first = {email: min(commit.at for commit in commits if commit.email == email) for email in theirs}
    began = min(commit.at for commit in commits)
    return tuple(
        Account(
            number,
            login,
            min((first[email] for email in emails.get(login, ()) if email in first), default=began),
            emails.get(login, ()),
            kind,
        )
        for number, (login, kind) in enumerate(kinds.items(), start=60_001)
    )


def _repository(
    number: int, name: str, git_dir: Path, changes: Sequence[Change], known: _Known, logins: Mapping[str, str]
) -> Repository:
    commits, tags = tuple(change.commit for change in changes), tuple(_tags(git_dir))
    languages = _languages(git_dir)
    owner = name.partition("/")[0]
    return Repository(
        number=number,
        full_name=name,
        created_at=commits[0].at,
        pushed_at=commits[-1].at,
        git_dir=git_dir,
        commits=commits,
        tags=tags,
        releases=tuple(_releases(number, tags, owner)) if known.get("released") else (),
        deployments=tuple(_deployments(number, changes, known, logins, owner)),
        pull_requests=tuple(_pull_requests(changes, known.get("maintainers", [owner]), logins)),
        issues=tuple(_issues(changes, owner)) if known.get("answered") else (),
        languages=languages,
        disk_kb=1 + sum(size for _, size in languages) // 1024,
    )


def _forked(number: int, name: str, at: datetime, origin: Repository) -> Repository:
    """A fork as it is made: the same commits, and nothing that happened in the other one."""
    return Repository(
        number,
        name,
        at,
        at,
        origin.git_dir,
        commits=origin.commits,
        languages=origin.languages,
        disk_kb=origin.disk_kb,
        parent=origin.full_name,
        is_fork=True,
    )


def _empty(number: int, name: str, at: datetime, folder: Path) -> Repository:
    """A repository without any commit, which can be cloned like others."""
    git_dir = folder / f"{name}.git"
    process.run(None, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(git_dir)])
    return Repository(number, name, at, at, git_dir)


def _releases(number: int, tags: Sequence[Tag], owner: str) -> Iterator[Release]:
    for place, tag in enumerate(tags):
        yield Release(number * 1000 + place, tag.name, tag.at, tag.at + timedelta(minutes=20), owner)


def _deployments(
    number: int, changes: Sequence[Change], known: _Known, logins: Mapping[str, str], owner: str
) -> Iterator[Deployment]:
    """Every commit since the day goes to the environment; the subjects of those that failed are named."""
    failed = known.get("failed", [])
    begins = known.get("deployed", {})
    due = [(one.commit.at, name, one) for one in changes for name in begins if one.commit.at.date() >= begins[name]]
    for place, (at, environment, change) in enumerate(due):
        started = at + timedelta(minutes=4 if environment == "staging" else 12)
        state = "FAILURE" if change.subject in failed and environment == "production" else "SUCCESS"
        statuses = (Status("IN_PROGRESS", started), Status(state, started + timedelta(minutes=6)))
        by = logins.get(change.commit.email, owner)
        yield Deployment(number * 1000 + place, environment, change.commit.sha, started, by, statuses)


def _pull_requests(
    changes: Sequence[Change], maintainers: Sequence[str], logins: Mapping[str, str]
) -> Iterator[PullRequest]:
    for change in changes:
        merge, commit = _MERGE.search(change.subject), change.commit
        if merge is None:
            continue
        number, by = int(merge[1]), logins.get(commit.email, "demo-deps[bot]")
        yield PullRequest(
            number,
            change.subject[: merge.start()].rstrip(),
            by,
            commit.at - timedelta(hours=5 + number % 40),
            merged_at=commit.at,
            merge_sha=commit.sha,
            merged_by=next(login for login in (*maintainers, by) if login != by or len(maintainers) == 1),
            n_files=change.n_files,
            added=change.added,
            deleted=change.deleted,
            n_comments=number % 4,
            n_reviews=1 + number % 2,
        )


def _issues(changes: Sequence[Change], owner: str) -> Iterator[Issue]:
    """Somebody told of every fault before it was repaired, and was answered within two days."""
    repairs = [change.commit for change in changes if change.subject.startswith("Fix ")]
    for number, commit in enumerate(repairs, start=101):
        opened = commit.at - timedelta(days=3 + number % 12)
        said = (Comment(opened + timedelta(hours=5 + number % 40), owner), Comment(commit.at, owner))
        yield Issue(number, f"demo-visitor-{number}", opened, commit.at, said)
