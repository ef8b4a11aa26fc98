"""Kill -9 at any time during the scans of some people, scan again, and the store is that of an undisturbed run.

``SHIPTRACE_KILLS`` sets how often (4), ``SHIPTRACE_PEOPLE`` how many people are scanned (2 of 6).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzer.demo.portfolio import build
from analyzer.store import Reader, canonical_dump

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SHIPTRACE_KILLS", "4"))
PEOPLE = int(os.environ.get("SHIPTRACE_PEOPLE", "2"))
LOGINS = ("demo-sam", "demo-priya", "demo-otto", "demo-ines", "demo-maya", "demo-lena")


class Scans:
    """The commands that scan everybody, one after the other, into one store."""

    def __init__(self, folder: Path) -> None:
        built = {person.login: person for person in build(folder / "repositories")}
        people = [built[login] for login in LOGINS[:PEOPLE]]
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self._commands: list[list[str]] = []
        for person in people:
            options = [option for email in person.emails for option in ("--identity", email)]
            paths = [str(git_dir) for _, git_dir in person.repositories]
            self._commands.append([*paths, "--as", person.login, "--as-of", person.as_of.isoformat(), *options])

    def run(self, store: Path, seconds: float = 600) -> float:
        """Scan everybody and give the time it took; 0 when that was up and the running scan was killed."""
        started = time.monotonic()
        for arguments in self._commands:
            with subprocess.Popen(
                [sys.executable, "-m", "analyzer.cli", "scan", *arguments, "--db", str(store)],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self.scratch)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as scan:
                try:
                    _, said = scan.communicate(timeout=max(0, started + seconds - time.monotonic()))
                except subprocess.TimeoutExpired:
                    scan.kill()
                    return 0
            assert scan.returncode in {0, 3}, said
        return time.monotonic() - started


def check_what_is_there(store: Path, undisturbed: Path) -> None:
    """Whoever is in the store is there whole."""
    if store.exists() and store.stat().st_size:
        with Reader.open(store) as left, Reader.open(undisturbed) as right:
            for candidate in left.candidates():
                assert left.read(candidate.login) == right.read(candidate.login)


@pytest.mark.slow
def test_a_scan_killed_at_any_time_and_done_again_gives_the_same_store(tmp_path: Path) -> None:
    scans = Scans(tmp_path)
    undisturbed = tmp_path / "undisturbed.duckdb"
    quickest = scans.run(undisturbed)
    expected = canonical_dump(undisturbed)
    store = tmp_path / "place" / "s.duckdb"
    chance = random.Random(20)  # noqa: S311
    n_killed = n_stored = 0
    for _ in range(KILLS):
        n_killed += not scans.run(store, chance.uniform(0, quickest))
        n_stored += store.exists()
        check_what_is_there(store, undisturbed)
        quickest = min(quickest, scans.run(store))
        assert canonical_dump(store) == expected
        assert [file.name for file in store.parent.iterdir()] == [store.name]
        assert sorted(scans.scratch.rglob("*")) == []
        store.unlink()
    told = f"{n_killed} of {KILLS} runs over {PEOPLE} people were killed"
    print(f"{told}, {n_stored} left a store; a run takes {quickest:.1f} s")  # noqa: T201
    assert n_killed
