"""Worlds for tests, as large as wanted, and the way from an httpx client to a simulator without a socket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path

import httpx

from analyzer.demo.simulator import Request, Simulator
from analyzer.demo.simulator.portfolios import read
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
from analyzer.demo.story import parse
from analyzer.demo.telling import make

BEGIN = datetime(2017, 3, 1, 9, tzinfo=UTC)

WEB = "https://hub.example"
EMAIL = "ada@ada.example"
ELSEWHERE = "guild"
N_FLAGS = 5

_PEOPLE = {"ada": f"Ada <{EMAIL}>", "bert": "Bert <bert@guild.example>"}


def world(
    n_repositories: int = 3,
    *,
    n_years: int = 3,
    n_pull_requests: int = 5,
    n_flagged: int = 0,
    folder: Path | None = None,
) -> World:
    """Ada, her repositories, and her work for the organisation *guild* over the years.

    The last ``n_flagged`` of her repositories are, in turn, a fork, a template, archived, a mirror and empty. The
    others have releases, tags, deployments and issues. With ``folder`` all that have commits can be cloned.
    """
    years = [BEGIN + timedelta(days=365 * year) for year in range(n_years)]
    owned = [_owned(number, years[number % n_years], folder) for number in range(n_repositories)]
    for place in range(n_flagged):
        owned[-1 - place] = _flagged(owned[-1 - place], place)
    guild = Account(2, ELSEWHERE, BEGIN, kind=Kind.ORGANIZATION)
    return World((ada(), guild), (*owned, _guild(n_pull_requests, years)), WEB)


def ada() -> Account:
    """The account that everything is about."""
    return Account(1, "ada", BEGIN, (EMAIL,))


def sha(text: str) -> str:
    """An object id for something."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def transport(sim: Simulator) -> httpx.MockTransport:
    """Httpx's way to a simulator in memory; what is slow times out, what is cut breaks off."""

    def answer(asked: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        target = asked.url.raw_path.decode("ascii")
        response = sim.handle(Request(asked.method, target, headers, asked.content))
        if response.delay > 30:
            raise httpx.ReadTimeout("slow", request=asked)
        if response.cut_after is not None:
            raise httpx.RemoteProtocolError("cut", request=asked)
        return httpx.Response(response.status, headers=dict(response.headers), content=response.body)

    return httpx.MockTransport(answer)


def _owned(number: int, begin: datetime, folder: Path | None) -> Repository:
    name = f"ada/tool-{number:03}"
    commits = tuple(
        Commit(sha(f"{name} {place}"), begin + timedelta(days=40 * place), email)
        for place, email in enumerate((EMAIL, "bert@guild.example", EMAIL))
    )
    head = commits[-1]
    one = Repository(
        number=100 + number,
        full_name=name,
        created_at=begin,
        pushed_at=head.at + timedelta(minutes=number),
        commits=commits,
        tags=(Tag("v1", sha(f"{name} v1"), head.sha, head.at, is_annotated=True),),
        releases=(Release(500 + number, "v1", head.at, head.at, "ada"),),
        deployments=_deployed(number, commits),
        issues=_issues(begin),
        languages=(("Python", 9000), ("Shell", 100)),
        disk_kb=100,
    )
    return _told(one, folder, begin) if folder else one


def _deployed(number: int, commits: tuple[Commit, ...]) -> tuple[Deployment, ...]:
    return tuple(
        Deployment(
            10 * number + place,
            "production",
            commit.sha,
            commit.at,
            "ada",
            (Status("IN_PROGRESS", commit.at), Status(state, commit.at + timedelta(minutes=9), "https://tool.example")),
        )
        for place, (commit, state) in enumerate(zip(commits, ("SUCCESS", "FAILURE", "SUCCESS"), strict=True))
    )


def _issues(begin: datetime) -> tuple[Issue, ...]:
    answers = (Comment(begin + timedelta(days=11), "ada"), Comment(begin + timedelta(days=12), ""))
    return (
        Issue(1, "visitor", begin + timedelta(days=10), begin + timedelta(days=20), answers),
        Issue(2, "", begin + timedelta(days=30)),
    )


def _told(one: Repository, folder: Path, begin: datetime) -> Repository:
    """With a real repository below the folder."""
    days = [begin + timedelta(days=40 * place) for place in range(3)]
    story = "\n".join(
        f"%% {day:%Y-%m-%d %H:%M} {who}{' tag v1' if who == 'ada' and day == days[-1] else ''}\nStep {place}\n"
        f"%% write step-{place}.py\nprint({one.number})\n"
        for place, (day, who) in enumerate(zip(days, ("ada", "bert", "ada"), strict=True))
    )
    git_dir = folder / f"{one.full_name}.git"
    git_dir.parent.mkdir(parents=True, exist_ok=True)
    make(git_dir, parse(story), _PEOPLE)
    commits, tags = read(git_dir)
    deployments = tuple(replace(each, sha=commit.sha) for each, commit in zip(one.deployments, commits, strict=True))
    return replace(one, git_dir=git_dir, commits=commits, tags=tags, deployments=deployments)


def _flagged(one: Repository, place: int) -> Repository:
    match place % N_FLAGS:
        case 0:
            return replace(one, is_fork=True, parent=f"{ELSEWHERE}/works")
        case 1:
            return replace(one, is_template=True)
        case 2:
            return replace(one, is_archived=True)
        case 3:
            return replace(one, is_mirror=True)
        case _:
            return replace(one, commits=(), tags=(), releases=(), deployments=(), pushed_at=None, languages=())


def _guild(n_pull_requests: int, years: list[datetime]) -> Repository:
    """Somebody else's repository, in which Ada's pull requests were merged all over the years."""
    requests: list[PullRequest] = []
    commits: list[Commit] = []
    for number in range(n_pull_requests):
        merged = years[number * len(years) // n_pull_requests] + timedelta(hours=30 * (number % 100))
        commits.append(Commit(sha(f"guild {number}"), merged, EMAIL))
        requests.append(
            PullRequest(
                number + 1,
                f"Change {number + 1}",
                "ada",
                merged - timedelta(days=2),
                merged_at=merged,
                merge_sha=commits[-1].sha,
                merged_by="bert",
                n_files=2,
                added=20,
                deleted=3,
                n_comments=1,
                n_reviews=1,
            )
        )
    last = years[-1] + timedelta(days=300)
    open_one = PullRequest(n_pull_requests + 1, "Not yet", "ada", last)
    return Repository(
        number=900,
        full_name=f"{ELSEWHERE}/works",
        created_at=BEGIN,
        pushed_at=last,
        commits=tuple(sorted(commits, key=lambda commit: commit.at)),
        pull_requests=(*requests, open_one),
        languages=(("Go", 80_000),),
        disk_kb=40_000,
        n_stars=7,
    )
