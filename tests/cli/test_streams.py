"""What the command does when its streams are closed, end early or take no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.sample import write

_RUN = "from analyzer.cli import main; main()"
_SHORT, _LONG = ("interview", "--general"), ("schema", "--json")
"""Less and more than what is kept in memory before it is written."""


def started(*arguments: str, redirected: str = "", script: str = _RUN) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell that redirects its streams."""
    command = f'"$@" {redirected}'
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SHIPTRACE")}
    return subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command, "bash", sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=60,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [_SHORT, _LONG, ("--help",)])
def test_a_full_disk_is_said_in_words(arguments: tuple[str, ...]) -> None:
    ended = started(*arguments, redirected=">/dev/full")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "could be written: No space left on device" in ended.stderr


@pytest.mark.parametrize("arguments", [_SHORT, _LONG, ("--help",)])
def test_a_reader_who_has_enough_is_no_error(arguments: tuple[str, ...]) -> None:
    ended = started(*arguments, redirected="| true")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs names for streams")
def test_a_file_may_be_the_name_of_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    write(path)
    ended = started("sql", "SELECT 42 AS a", "--format=csv", "-o", "/dev/stdout", "--db", str(path), redirected="| cat")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "a\n42\n", "")


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP"])
def test_a_signal_interrupts(name: str) -> None:
    meanwhile = f"cli.cli.invoke = lambda ctx: os.kill(os.getpid(), signal.SIG{name})"
    ended = started("signals", script=f"import os, signal; from analyzer import cli; {meanwhile}; cli.main()")
    assert (ended.returncode, ended.stderr.strip()) == (130, "shiptrace: interrupted")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_may_be_closed(closed: str) -> None:
    ended = started(*_SHORT, redirected=closed)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert bool(ended.stdout) == (">&-" not in closed.replace("2>&-", ""))
