"""``shiptrace collect`` as a process of its own, against a GitHub on a socket; and where the token is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from analyzer.demo.simulator import Grant, Simulator, World
from analyzer.demo.simulator.faults import FAULTS, Fault, Rule, Said, Slow
from analyzer.store import canonical_dump
from tests.collect.site import NAMED, WHY, holding, world_of
from tests.github.stage import SECRET

ROOT = Path(__file__).parents[2]
TALKATIVE = "import logging; logging.basicConfig(level=logging.DEBUG); from analyzer.cli import main; main()"
ADA = ("ada", "--exclude", "guild/works")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended. ``git`` has the words of every git that it started, ``seen`` what ran meanwhile."""

    code: int
    out: str
    err: str
    git: tuple[str, ...]
    seen: frozenset[bytes]


@dataclass(slots=True)
class Machine:
    """A user's home with a token in the environment, a GitHub, and a git that keeps a list of what it was told."""

    home: Path
    hub: Simulator
    env: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def store(self) -> Path:
        return self.home / "data" / "shiptrace" / "shiptrace.duckdb"

    def collect(self, *arguments: str, why: Sequence[str] = WHY) -> Ended:
        """Run the command to its end; in any case the manners are kept and the token is nowhere."""
        told = self.home / "git.txt"
        told.write_text("")
        command = [sys.executable, "-c", TALKATIVE, "collect", *arguments, *why]
        watcher = _Watcher(self.home)
        with watcher:
            done = subprocess.run(
                command,
                cwd=self.home,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
            )
        git = tuple(told.read_text().splitlines())
        ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode(), git, frozenset(watcher.seen))
        assert SECRET not in ended.out + ended.err + "".join(ended.git)
        assert not [words for words in ended.seen if SECRET.encode() in words]
        assert holding(self.home, SECRET) == []
        assert (self.hub.counts.leaks, self.hub.counts.during_wait) == ([], [])
        assert self.hub.counts.most_in_flight["graphql"] <= 1
        return ended

    def asked(self) -> dict[str, int]:
        """What GitHub was asked since the last time, git's part left out."""
        found = {name: n for name, n in self.hub.counts.requests.items() if n and not name.startswith("git ")}
        self.hub.counts.requests.clear()
        return found


class _Watcher(threading.Thread):
    """Looks again and again at what the processes of a home were started with, and at what its gits are given."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.seen: set[bytes] = set()
        self._mark = os.fsencode(home / "bin")
        self._is_over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join()

    def run(self) -> None:
        """Look, until it is over."""
        while not self._is_over.wait(0.03):
            for place in Path("/proc").glob("[0-9]*"):
                self._look(place)

    def _look(self, place: Path) -> None:
        try:
            words, given = (place / "cmdline").read_bytes(), (place / "environ").read_bytes()
        except OSError:  # it has ended, or is another user's
            return
        if self._mark in given:
            is_ours = words.startswith(os.fsencode(sys.executable))
            self.seen.add(words if is_ours else words + given)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world_of(tmp_path_factory.mktemp("repositories"))


@pytest.fixture
def machine(world: World, tmp_path: Path) -> Generator[Machine]:
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin").mkdir()
    listing = tmp_path / "bin" / "git"
    listing.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/git.txt"\nexec "{git}" "$@"\n')
    listing.chmod(0o755)
    with Simulator(world, tokens={SECRET: Grant("reader")}) as hub:
        env = {
            "HOME": str(tmp_path),
            "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GH_HOST": hub.url,
            "GH_ENTERPRISE_TOKEN": SECRET,
            **{f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("config", "cache", "data")},
        }
        yield Machine(tmp_path, hub, env)


def test_the_whole_way_and_nothing_the_second_time(machine: Machine) -> None:
    machine.hub.script.rules.append(Rule(Slow(0.1), on="git *"))  # so that whoever looks can see git at work
    ended = machine.collect(*ADA)
    assert ended.code == 0, ended.err
    assert ended.out.startswith("ada ")
    assert "HTTP Request: POST" in ended.err  # it was as talkative as can be
    assert [words for words in ended.seen if b"git-remote-http" in words]
    assert [words for words in ended.git if " clone " in f" {words} "]
    assert machine.asked()["repository_operations"] == 1
    before = canonical_dump(machine.store)
    again = machine.collect(*ADA)
    assert (again.code, again.out, again.git) == (0, ended.out, ())
    assert machine.asked() == {"candidate_profile": 1, "candidate_repositories": 1}
    assert canonical_dump(machine.store) == before


def test_a_plan_clones_nothing_and_stores_nothing(machine: Machine) -> None:
    ended = machine.collect(*ADA, "--dry-run", "--json")
    assert (ended.code, ended.git) == (0, ())
    (document,) = json.loads(ended.out)
    assert (document["state"], document["requests"]) == ("planned", sum(machine.asked().values()))
    assert {path.name for path in machine.home.iterdir()} == {"bin", "git.txt"}


@pytest.mark.parametrize("why", [(), ("--basis", "applied"), ("--purpose", "a position")])
def test_without_a_reason_nothing_is_asked(machine: Machine, why: Sequence[str]) -> None:
    ended = machine.collect("ada", why=why)
    assert (ended.code, ended.out, ended.git, machine.asked()) == (2, "", (), {})
    assert "shiptrace collect ada" in ended.err


def test_who_is_to_be_left_alone_is_not_asked_about(machine: Machine) -> None:
    (machine.home / "config" / "shiptrace").mkdir(parents=True)
    (machine.home / "config" / "shiptrace" / "do-not-contact.txt").write_text("# by letter\n@Ada\n")
    ended = machine.collect("ada")
    assert (ended.code, ended.out, ended.git, machine.asked()) == (2, "", (), {})
    assert not machine.store.exists()


def test_what_ends_it_leaves_the_store_as_it_was(machine: Machine) -> None:
    assert machine.collect(*ADA, "--exclude", NAMED).code == 0
    before = machine.store.read_bytes()
    ends: list[tuple[Fault, int, str]] = [
        (FAULTS["bad_credentials"], 4, "does not accept the token"),
        (FAULTS["graphql_not_found"], 1, "What was stored before is as it was."),
        (Said(429, {"message": "API rate limit exceeded."}, resets_in=3_000), 5, "in about 50 min"),
    ]
    for fault, code, said in ends:
        machine.hub.script.rules[:] = [Rule(fault, on="repository_history")]
        ended = machine.collect(*ADA, "--again")
        assert (ended.code, ended.out, ended.git) == (code, "", ())
        assert said in ended.err
        assert machine.store.read_bytes() == before


def test_what_is_missing_is_named_and_the_rest_is_stored(machine: Machine) -> None:
    machine.hub.script.rules.append(Rule(FAULTS["repository_blocked_dmca"], on="/ada/tool-001.git/*"))
    machine.hub.script.rules.append(Rule(FAULTS["not_found"], on="merged_pull_requests"))
    ended = machine.collect(*ADA)
    assert ended.code == 3
    dump = canonical_dump(machine.store)
    assert '"merged pull requests"' in dump
    assert '"skipped", "' in dump
    machine.hub.script.rules.clear()
    assert machine.collect(*ADA).code == 0
