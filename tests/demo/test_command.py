"""``shiptrace demo`` on an empty folder, and again."""

from __future__ import annotations

import json
import re
import shlex
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from analyzer.cli import cli
from analyzer.cli.demo import program
from analyzer.errors import ShiptraceError
from analyzer.store import read_many

LOGINS = ["demo-maya", "demo-ines", "demo-otto", "demo-priya", "demo-sam", "demo-lena"]


def _run(*args: str) -> str:
    done = CliRunner().invoke(cli, args, standalone_mode=False, catch_exceptions=False)
    assert not done.return_value, done.output
    return done.stdout


def _watched(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The machines that this process connects to from here on."""
    connected: set[str] = set()
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        connected.add(str(address[0]))
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return connected


@pytest.mark.slow
def test_it_stores_compares_writes_pages_and_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connected = _watched(monkeypatch)
    first = _run("demo")
    assert connected == {"127.0.0.1"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shiptrace-demo-reports", "shiptrace-demo.duckdb"]
    assert {d.candidate.login for d in read_many(Path("shiptrace-demo.duckdb"), cohort="demo")} == set(LOGINS)
    pages = re.findall(r"^  (\S+\.html)$", first, re.MULTILINE)
    assert [Path(page).stem for page in pages] == LOGINS
    held = {page: Path(page).read_bytes() for page in pages}
    assert all(text.lower().startswith(b"<!doctype html>") for text in held.values())
    assert all(Path(page).stem.encode() in text for page, text in held.items())

    tried = re.findall(r"^  shiptrace (.+)$", first, re.MULTILINE)
    assert len(tried) >= 3
    for line in tried:
        assert "demo-" in _run(*shlex.split(line))

    asked = re.findall(r"^ +(\d+)  (.+)$", first, re.MULTILINE)
    assert {name: int(n) for n, name in asked}.items() >= {"candidate profile": 6, "git info/refs": 12}.items()
    assert re.search(r"^  \d+ requests, \d+ points, [\d,]+ bytes$", first, re.MULTILINE)

    compared = json.loads(_run("demo", "--json"))
    assert {p["login"] for p in (*compared["people"], *compared["apart"])} == set(LOGINS)
    assert {page: Path(page).read_bytes() for page in pages} == held


def test_a_folder_that_cannot_be_made_is_named_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "x-reports").write_text("a file")
    with pytest.raises(ShiptraceError, match=r"x-reports could not be made: File exists\. Name another place"):
        _run("demo", "--db", str(tmp_path / "x.duckdb"))
    assert not (tmp_path / "x.duckdb").exists()


@pytest.mark.parametrize(
    ("called", "found", "shown"),
    [
        (".venv/bin/shiptrace", None, ".venv/bin/shiptrace"),
        (".venv/bin/shiptrace", "/usr/bin/shiptrace", "shiptrace"),
        ("a b/shiptrace", None, "'a b/shiptrace'"),
        ("analyzer/cli/__main__.py", None, "shiptrace"),
    ],
)
def test_what_to_try_can_be_typed_as_it_stands(
    called: str, found: str | None, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def which(_name: str) -> str | None:
        return found

    monkeypatch.setattr("sys.argv", [called])
    monkeypatch.setattr("shutil.which", which)
    assert program() == shown
