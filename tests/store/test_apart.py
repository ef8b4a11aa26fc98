"""A write from a process of its own ends as one in this process would, also when something goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.errors import StoreBusy, StoreError
from analyzer.model import ActivityRow, Dossier, RepositoryFacts
from analyzer.store import Reader, Store, Writer, canonical_dump
from signals.base import active
from tests.report.sample import ALERTS, dossier
from tests.store.sample import FACTS, RUN, activity, rows, write

ROOT = Path(__file__).parents[2]
MANY = replace(FACTS, activity=activity(12_000))


def write_apart(path: Path, it: Dossier, facts: RepositoryFacts, *, wait_seconds: float = 5.0) -> None:
    with Writer(path, wait_seconds=wait_seconds) as writer:
        writer.write(it, (facts,), RUN)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


def test_it_writes_the_same_as_the_store_itself(path: Path, tmp_path: Path) -> None:
    odd = replace(dossier(), evidence=(replace(ALERTS, path="caf\udce9.yaml"),))
    write(tmp_path / "here.duckdb", odd, MANY)
    write_apart(path, odd, MANY)
    assert canonical_dump(path) == canonical_dump(tmp_path / "here.duckdb")


def test_it_describes_the_rules_and_leaves_them_when_it_is_given_none(path: Path) -> None:
    known = {("levels", "used"): 0.3}
    with Writer(path) as writer:
        writer.write(dossier(), (MANY,), RUN, active(), known)
    write_apart(path, dossier(), MANY)
    with Reader.open(path) as store:
        assert store.weights(dossier().rules.rubric) == known
    assert rows(path, "SELECT count(*) FROM signal") == [(len(active()),)]


def test_a_busy_store_is_told_with_its_holder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path), pytest.raises(StoreBusy, match=f"process {os.getpid()}") as caught:
        write_apart(path, dossier(), MANY, wait_seconds=0.2)
    assert caught.value.way_out
    foreign = path.with_name("foreign")
    foreign.write_bytes(b"x" * 99)
    monkeypatch.chdir(path.parent)
    with pytest.raises(StoreError, match=r"^foreign is no DuckDB file"):
        write_apart(Path("foreign"), dossier(), MANY)


def test_an_error_in_the_source_of_the_rows_leaves_the_old_rows(path: Path) -> None:
    write(path)
    before = canonical_dump(path)

    def failing() -> Iterator[ActivityRow]:
        yield from activity(9_000)
        raise RuntimeError("git died")

    with pytest.raises(RuntimeError, match="git died"):
        write_apart(path, replace(dossier(), gaps=()), replace(FACTS, activity=failing()))
    assert canonical_dump(path) == before


_DYING = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from analyzer.store import Writer
from tests.report.sample import dossier
from tests.store.sample import FACTS, RUN, activity

def dying():
    yield from activity(9_000)
    os.kill(os.getpid(), signal.SIGKILL)

with Writer(Path(sys.argv[1])) as writer:
    writer.write(replace(dossier(), gaps=()), (replace(FACTS, activity=dying()),), RUN)
"""


def test_the_death_of_the_scan_leaves_the_old_rows(path: Path) -> None:
    write(path)
    before = canonical_dump(path)
    done = subprocess.run([sys.executable, "-c", _DYING, str(path)], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert canonical_dump(path) == before


@pytest.mark.skipif(sys.platform != "linux", reason="finds the writer through /proc")
def test_the_death_of_the_writer_is_told(path: Path) -> None:
    write(path)
    before = canonical_dump(path)

    def killing() -> Iterator[ActivityRow]:
        yield from activity(9_000)
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        writers = [pid for pid in children if b"analyzer.store" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(int(writers[0]), signal.SIGKILL)
        yield from activity(100_000)

    with pytest.raises(StoreError, match=r"status -9.*intact"):
        write_apart(path, dossier(), replace(FACTS, activity=killing()))
    assert canonical_dump(path) == before


def test_the_scan_does_without_duckdb() -> None:
    code = (
        "import sys; from analyzer.store import RunInfo, default_path, Writer;"
        "sys.exit(len({'duckdb', '_duckdb', 'numpy', 'pandas', 'tree_sitter'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)


def test_a_writer_that_is_left_without_a_word_touches_nothing(path: Path) -> None:
    with Writer(path):
        pass
    assert not path.exists()
