"""The command as a user runs it: arguments in, exit code, stdout and stderr out."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

import pytest

from analyzer import cli
from analyzer.demo.simulator import Grant, Simulator, World
from tests.demo import worlds
from tests.hostile.forge import Forge
from tests.store.sample import write


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Shiptrace = Callable[..., Ended]
Doctor = Callable[..., tuple[int, dict[str, dict[str, str]]]]

CANARY = "ghp_canary0123456789canary0123456789"
"""A token that must be seen nowhere."""

_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")


@pytest.fixture
def shiptrace(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shiptrace:
    """Run the command in an empty folder with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHIPTRACE_DB", str(tmp_path / "store.duckdb"))
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    monkeypatch.setenv("GH_HOST", "http://127.0.0.1:9")  # where nobody listens: no test asks the real one
    for name in ("FORCE_COLOR", "NO_COLOR", "GH_TOKEN", "GITHUB_TOKEN", "SHIPTRACE_BASIS", "SHIPTRACE_PURPOSE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Ended:
        code = cli.run(lambda: cli.cli.main([str(a) for a in arguments], standalone_mode=False))
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def found(shiptrace: Shiptrace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Run the doctor for a user who has set nothing: its exit code, and what it found by name."""
    for name in ("GH_HOST", *_TOKENS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("SHIPTRACE_CACHE", str(tmp_path / "cache"))

    def run(*arguments: object) -> tuple[int, dict[str, dict[str, str]]]:
        ended = shiptrace("doctor", "--json", *arguments)
        assert CANARY not in ended.out + ended.err
        checks: list[dict[str, str]] = json.loads(ended.out)
        states = [check["state"] for check in checks]
        assert states == sorted(states, key=["bad", "warn", "ok"].index)
        assert all(check["advice"] for check in checks if check["state"] != "ok")
        return ended.code, {check["name"]: check for check in checks}

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits by pat@example.org."""
    forge = Forge(tmp_path / "projects" / "api", tmp_path / "marker")
    files = {"app.py": b"print(0)\n", "Dockerfile": b"FROM python:3.12-slim\nCOPY . .\nUSER 1000\n"}
    first = forge.commit(forge.files(files))
    forge.branch(forge.commit(forge.files(files | {"app.py": b"print(1)\n"}), [first]))
    return forge.folder


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A store that holds octo-builder."""
    path = tmp_path / "store.duckdb"
    write(path)
    return path


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Ada with three repositories that can be cloned; the organisation's cannot."""
    return worlds.world(3, folder=tmp_path_factory.mktemp("hub"))


@pytest.fixture
def hub(world: World, shiptrace: Shiptrace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[Simulator]:
    """A GitHub on a socket that holds them and takes one token, known to the command."""
    assert shiptrace
    file = tmp_path / "token"
    file.write_text(CANARY, "ascii")
    with Simulator(world, tokens={CANARY: Grant("reader")}) as sim:
        monkeypatch.setenv("GH_HOST", sim.url)
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", CANARY)
        yield sim
