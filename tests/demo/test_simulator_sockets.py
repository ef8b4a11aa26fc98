"""The simulated GitHub on a socket: real clones, real connections, and nothing left afterwards."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest

from analyzer.demo.simulator import Simulator
from analyzer.demo.simulator.faults import FAULTS, Rule, Slow
from analyzer.demo.simulator.world import World
from analyzer.errors import GitFailed, GitTimeout, RepositoryUnusable, ToolMissing
from analyzer.git import process
from analyzer.git.clone import clone_url
from analyzer.git.sandbox import SMALL, environment
from analyzer.github import queries
from analyzer.github.client import Client
from analyzer.github.host import host_at
from analyzer.github.token import Token
from tests.demo import worlds
from tests.github.stage import SECRET, StageClock


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return worlds.world(2, folder=tmp_path_factory.mktemp("repositories"))


@pytest.fixture
def sim(world: World) -> Iterator[Simulator]:
    before = threading.active_count()
    with Simulator(world) as listening:
        yield listening
    assert threading.active_count() == before


def git(*args: str, git_dir: Path | None = None, seconds: float = 20.0) -> str:
    """Run git as a client."""
    config = ["protocol.http.allow=always"]
    limits = replace(SMALL, seconds=seconds)
    return process.run(git_dir, args, env=environment(protocols=["http"]), config=config, limits=limits).decode()


def n_missing(git_dir: Path) -> int:
    return git("rev-list", "--objects", "--all", "--missing=print", git_dir=git_dir).count("?")


def test_a_repository_is_cloned_without_its_blobs_and_served_unchanged(sim: Simulator, tmp_path: Path) -> None:
    served = sim.world.repositories[0]
    assert served.git_dir is not None
    before = {path: path.stat().st_mtime_ns for path in served.git_dir.rglob("*")}
    git("clone", "--bare", "--filter=blob:none", f"{sim.url}/{served.full_name}.git", str(tmp_path / "c"))
    assert git("rev-parse", "HEAD", git_dir=tmp_path / "c").strip() == served.commits[-1].sha
    assert git("for-each-ref", "--format=%(refname)", "refs/tags", git_dir=tmp_path / "c").split() == ["refs/tags/v1"]
    assert n_missing(tmp_path / "c") > 0
    assert {path: path.stat().st_mtime_ns for path in served.git_dir.rglob("*")} == before
    assert set(sim.counts.requests) == {"git info/refs", "git git-upload-pack"}
    assert sim.counts.bytes_out > 500
    assert sim.counts.leaks == []


def test_blobs_are_fetched_by_their_ids(sim: Simulator, tmp_path: Path) -> None:
    git("clone", "--bare", "--filter=blob:none", f"{sim.url}/ada/tool-000.git", str(tmp_path / "c"))
    listed = git("rev-list", "--objects", "--all", "--missing=print", git_dir=tmp_path / "c").split()
    wanted = [entry[1:] for entry in listed if entry.startswith("?")]
    git("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--no-tags", "origin", *wanted, git_dir=tmp_path / "c")
    assert n_missing(tmp_path / "c") == 0


def test_the_projects_own_clone_works(sim: Simulator, tmp_path: Path) -> None:
    clone = clone_url(f"{sim.url}/ada/tool-001.git", tmp_path, full_name="ada/tool-001")
    assert (clone.head, clone.n_tags) == (sim.world.repositories[1].commits[-1].sha, 1)


@pytest.mark.parametrize("way", ["plain", "packed", "in chunks"])
def test_requests_may_be_packed_or_come_in_chunks(way: str, sim: Simulator) -> None:
    """As git sends them: packed above 1,024 bytes, in chunks above its buffer."""
    question = b"0014command=ls-refs\n0000"
    headers = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
    if way == "packed":
        headers["Content-Encoding"] = "gzip"
        question = gzip.compress(question)
    connection = HTTPConnection(sim.url.removeprefix("http://"))
    parts = [question[:5], question[5:]]
    body = iter(parts) if way == "in chunks" else question
    connection.request("POST", "/ada/tool-000.git/git-upload-pack", body, headers, encode_chunked=way == "in chunks")
    answered = connection.getresponse().read()
    connection.close()
    assert sim.world.repositories[0].commits[-1].sha.encode() + b" HEAD" in answered


def test_a_renamed_repository_is_cloned_under_its_new_name(world: World, tmp_path: Path) -> None:
    with Simulator(world.with_name("ada/tool-000", "ada/other")) as sim:
        git("clone", "--bare", f"{sim.url}/ada/tool-000.git", str(tmp_path / "c"))
    assert git("rev-parse", "HEAD", git_dir=tmp_path / "c").strip() == world.repositories[0].commits[-1].sha


@pytest.mark.parametrize(
    ("rule", "path", "message"),
    [
        (None, "ada/nothing", "could not read Username"),
        (None, "guild/works", "could not read Username"),
        (Rule(FAULTS["not_found"], on="git *"), "ada/tool-000", "not found"),
        (Rule(FAULTS["repository_blocked_tos"], on="git info/refs"), "ada/tool-000", "403"),
        (Rule(FAULTS["cut_midway"], on="git git-upload-pack"), "ada/tool-000", ""),
    ],
)
def test_a_clone_fails_as_it_does_at_github(
    rule: Rule | None, path: str, message: str, world: World, tmp_path: Path
) -> None:
    with Simulator(world, rules=[rule] if rule else []) as sim, pytest.raises(GitFailed) as failed:
        git("clone", "--bare", f"{sim.url}/{path}.git", str(tmp_path / "c"))
    assert message in failed.value.detail


def test_what_asks_for_a_password_is_called_not_visible(world: World, tmp_path: Path) -> None:
    with Simulator(world) as sim, pytest.raises(RepositoryUnusable, match="not visible without signing in"):
        clone_url(f"{sim.url}/guild/works.git", tmp_path / "cache")


def test_a_clone_that_hangs_is_given_up_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    began = time.monotonic()
    with Simulator(world, rules=[Rule(FAULTS["hangs"], on="git *")]) as sim, pytest.raises(GitTimeout):
        git("clone", "--bare", f"{sim.url}/ada/tool-000.git", str(tmp_path / "c"), seconds=0.5)
    assert time.monotonic() - began < 10


def test_without_filters_a_partial_clone_is_whole(world: World, tmp_path: Path) -> None:
    with Simulator(world, rules=[Rule(FAULTS["no_filter"])]) as sim:
        git("clone", "--bare", "--filter=blob:none", f"{sim.url}/ada/tool-000.git", str(tmp_path / "c"))
    assert n_missing(tmp_path / "c") == 0


def test_nobody_writes(sim: Simulator, tmp_path: Path) -> None:
    git("clone", "--bare", f"{sim.url}/ada/tool-000.git", str(tmp_path / "c"))
    with pytest.raises(GitFailed, match="403"):
        git("push", f"{sim.url}/ada/tool-000.git", "main:refs/heads/mine", git_dir=tmp_path / "c")


def test_a_git_without_http_is_named_at_once(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> bytes:
        return f"{tmp_path}\n".encode()

    monkeypatch.setattr(process, "run", run)
    with pytest.raises(ToolMissing, match="lacks git-http-backend and git-remote-http"), Simulator(world):
        pass


# --- the API on a socket -----------------------------------------------------


def test_the_client_asks_over_one_connection(sim: Simulator) -> None:
    with Client(Token(SECRET), host_at(sim.url)) as github:
        assert github.one(queries.profile("ada")).login == "ada"
        assert len(github.all(queries.repositories("ada")).items) == 2
        assert github.check().login == "ada"
    assert sim.counts.leaks == []
    assert sim.counts.tokens == {SECRET}


def test_requests_at_once_are_counted(world: World) -> None:
    def ask(url: str) -> str:
        with Client(Token(SECRET), host_at(url)) as github:
            return github.account("ada").login

    with Simulator(world, rules=[Rule(Slow(0.3))]) as sim, ThreadPoolExecutor(3) as pool:
        assert list(pool.map(ask, [sim.url] * 3)) == ["ada"] * 3
    assert sim.counts.most_in_flight["core"] >= 2
    assert sim.counts.requests == {"/users/{login}": 3}


def test_a_cut_connection_is_tried_again(world: World) -> None:
    rules = [Rule(FAULTS["cut_midway"], at=0), Rule(FAULTS["cut_at_once"], at=1)]
    with Simulator(world, rules=rules) as sim, Client(Token(SECRET), host_at(sim.url), clock=StageClock()) as github:
        assert github.account("ada").login == "ada"
    assert sim.counts.n_api == 3


def test_it_listens_on_this_machine_only_and_ends(world: World) -> None:
    with Simulator(world) as sim, Client(Token(SECRET), host_at(sim.url)) as github:
        assert sim.url.startswith("http://127.0.0.1:")
        github.account("ada")  # the connection stays open
        began = time.monotonic()
    assert time.monotonic() - began < 2
