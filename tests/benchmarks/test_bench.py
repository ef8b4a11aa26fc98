"""The table is produced; no time is judged here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import bench
from tests.benchmarks.measure import BenchmarkFailed, Ratio, Task, once
from tests.benchmarks.table import Goal, number
from tests.benchmarks.workloads import pydriller


def test_the_table_is_produced(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--generated", "30", "--rounds", "1", "--skip", "evidence"]) == 0
    printed = capsys.readouterr().out
    assert "generated-30 (30 commits)" in printed
    for what in ("PyDriller modified_files", "git log --raw", "peak memory"):
        assert what in printed
    assert len({line.count("|") for line in printed.splitlines() if line.startswith("|")}) == 1


def test_a_goal_says_what_was_missed() -> None:
    goal = Goal(1 / 150, 1 / 100)
    assert [goal.verdict(value) for value in (1 / 160, 1 / 120, 1 / 80)] == ["met", "missed, but under 1/100", "missed"]
    assert [number(value) for value in (1 / 150, 1 / 2.5, 1.1, 128)] == ["1/150", "1/2.5", "1.10", "128"]
    assert Ratio((3.0, 1.0, 2.0)).middle == 2.0


def test_pydriller_is_kept_away_from_what_is_not_ours(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not a view"):
        pydriller(str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_program_that_fails_is_not_measured() -> None:
    with pytest.raises(BenchmarkFailed, match="status 1"):
        once(Task("false", ["false"]))
