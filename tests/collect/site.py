"""A place to run ``shiptrace collect`` again and again: GitHub's API in memory, clones over a socket, a store.

The command is the real one, from its arguments to its exit code. Only what it would wait for is replaced: the network
by a simulator, the clock by one that only sleeping moves.
"""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Callable, Container, Generator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest

from analyzer import cli
from analyzer.cli import collecting, github
from analyzer.demo.simulator import Grant, Simulator, World
from analyzer.demo.simulator.exchange import Asked
from analyzer.demo.simulator.faults import FAULTS, Rule
from analyzer.demo.simulator.portfolios import read
from analyzer.demo.simulator.simulator import IN_MEMORY
from analyzer.demo.simulator.world import Repository
from analyzer.demo.story import parse
from analyzer.demo.telling import make
from analyzer.github.client import Client
from analyzer.github.host import Host
from analyzer.store import canonical_dump
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock

NAMED = "guild/tools"
"""A repository to which nothing leads but its name: it is asked for by REST."""

WHY = ("--basis", "applied", "--purpose", "a position", "--as-of", "2024-06-01")
COMMAND = ("collect", "ada", "--include", NAMED, "--exclude", "guild/works", *WHY)

PATIENCE = 1_000.0
"""Seconds: more than any wait of the faults that pass, less than that for the next hour."""

_PEOPLE = {"ada": f"Ada <{worlds.EMAIL}>", "bert": "Bert <bert@guild.example>"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: what a shell sees, what was logged, what the store holds, what GitHub was asked."""

    code: int
    out: str
    err: str
    log: str
    dump: str
    sim: Simulator
    asked: tuple[Asked, ...]


@dataclass(slots=True)
class Site:
    """A world, a server for its clones, a cache that keeps them, and a store from which every run begins."""

    folder: Path
    world: World
    hub: Simulator
    monkeypatch: pytest.MonkeyPatch

    @property
    def before(self) -> Path:
        """The store as it is before each run."""
        return self.folder / "before.duckdb"

    @property
    def path(self) -> Path:
        """The store after a run."""
        return self.folder / "store.duckdb"

    def run(
        self,
        rules: Sequence[Rule] = (),
        *,
        unreached: Container[int] = (),
        command: Sequence[str] = COMMAND,
        world: World | None = None,
        is_next: bool = False,
    ) -> Ended:
        """A whole run on a copy of the store, or with ``is_next`` on what the last run left of it.

        In any case the manners are kept and the token is nowhere. ``unreached`` are the requests, by number from 0,
        that find no connection.
        """
        if not is_next:
            self.path.unlink(missing_ok=True)
            if self.before.exists():
                shutil.copyfile(self.before, self.path)
        clock, asked = StageClock(), list[Asked]()
        rules = [Rule(FAULTS["server_error"], when=lambda one: asked.append(one) is not None), *rules]  # only listens
        sim = Simulator(world or self.world, rules=rules, tokens={SECRET: Grant("reader")}, clock=clock.now)
        strangers: list[str] = []
        self.monkeypatch.setattr(collecting, "Client", _client(sim, clock, strangers, unreached))
        self.monkeypatch.setattr(github, "host", self._host)
        self.monkeypatch.setenv("SHIPTRACE_DB", str(self.path))
        with _heard() as (out, err, log):
            code = cli.run(lambda: cli.cli.main([*command], standalone_mode=False))
        dump = canonical_dump(self.path) if self.path.exists() else ""
        ended = Ended(code, out.getvalue(), err.getvalue(), log.getvalue(), dump, sim, tuple(asked))
        assert strangers == []
        self._check(ended)
        return ended

    def _host(self, given: github.GitHubOptions) -> Host:
        """GitHub, of which only the clones are on a socket."""
        del given
        return Host(IN_MEMORY, f"{IN_MEMORY}/graphql", self.hub.url)

    def _check(self, ended: Ended) -> None:
        counts = ended.sim.counts
        assert (counts.during_wait, counts.leaks, self.hub.counts.leaks) == ([], [], [])
        assert counts.most_in_flight["graphql"] <= 1
        for text in (ended.out, ended.err, ended.log, ended.dump):
            assert SECRET not in text
        assert holding(self.folder, SECRET) == []


def holding(folder: Path, text: str) -> list[Path]:
    """The files below a folder that hold a text."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file for file in files if text.encode() in file.read_bytes()]


def _client(
    sim: Simulator, clock: StageClock, strangers: list[str], unreached: Container[int]
) -> Callable[..., Client]:
    answering, numbers = worlds.transport(sim), count()

    def answer(asked: httpx.Request) -> httpx.Response:
        if next(numbers) in unreached:
            raise httpx.ConnectError("no route", request=asked)
        if not str(asked.url).startswith(f"{sim.url}/"):
            strangers.append(str(asked.url))
        return answering.handle_request(asked)

    return partial(Client, clock=clock, transport=httpx.MockTransport(answer), patience=PATIENCE)


@contextmanager
def _heard() -> Generator[tuple[io.StringIO, io.StringIO, io.StringIO]]:
    """Stdout, stderr, and every log of every library at its most talkative."""
    out, err, log = io.StringIO(), io.StringIO(), io.StringIO()
    handler, root = logging.StreamHandler(log), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield out, err, log
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


_STORY = """
%% 2018-03-05 09:00 ada
Serve it in a container
%% write Dockerfile
FROM python:3.12-slim
COPY . .
USER 1000
HEALTHCHECK CMD ["python", "-m", "tool", "--check"]
CMD ["python", "-m", "tool", "{number}"]
%% write tool.py
def answer() -> int:
    return {number}
%% 2018-04-16 10:00 bert as faster
Answer from a cache
%% write cache.py
KEPT: dict[int, int] = {{}}
%% 2018-04-17 06:30 ada
Answers were a day old in production
%% revert faster
%% 2018-12-03 11:00 ada tag v1
Pin the image
%% edit Dockerfile
-FROM python:3.12-slim
+FROM python:3.12.1-slim
"""


@contextmanager
def site_in(folder: Path) -> Generator[Site]:
    """A site below an empty folder, whose store already has Ada as she was before her last repository."""
    (folder / "repositories").mkdir()
    world = world_of(folder / "repositories")
    with pytest.MonkeyPatch.context() as monkeypatch, Simulator(world) as hub:
        for name in ("CONFIG", "CACHE", "DATA"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / "home" / name.lower()))
        for name in ("FORCE_COLOR", "GH_TOKEN", "GITHUB_TOKEN", "SHIPTRACE_BASIS", "SHIPTRACE_PURPOSE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", SECRET)
        monkeypatch.chdir(folder)
        site = Site(folder, world, hub, monkeypatch)
        assert site.run(world=replace(world, repositories=world.repositories[1:])).code == 0
        shutil.copyfile(site.path, site.before)
        yield site


def world_of(folder: Path) -> World:
    """Ada with two repositories, both real, and one of the guild's in which GitHub sees no commit of hers."""
    made = worlds.world(3, n_years=2, n_pull_requests=55)
    *own, other, works = made.repositories
    tools = replace(other, full_name=NAMED, disk_kb=10)
    real = [_real(one, folder) for one in (*own, tools)]
    real[-1] = replace(real[-1], commits=tuple(commit for commit in real[-1].commits if commit.email != worlds.EMAIL))
    return replace(made, repositories=(*real, works))


def _real(one: Repository, folder: Path) -> Repository:
    git_dir = folder / f"{one.name}.git"
    make(git_dir, parse(_STORY.format(number=one.number)), _PEOPLE)
    commits, tags = read(git_dir)
    deployments = tuple(replace(each, sha=commit.sha) for each, commit in zip(one.deployments, commits, strict=False))
    return replace(one, git_dir=git_dir, commits=commits, tags=tags, deployments=deployments)
