"""A step in a forked child: its result, its error, its death."""

from __future__ import annotations

import mmap
import os
import signal
from pathlib import Path

import pytest

from analyzer.aside import MEMORY, Aside, StepDied
from analyzer.errors import GitFailed


def test_the_result_comes_back() -> None:
    with Aside(lambda: (os.getpid(), list(range(100_000)))) as step:
        pid, rows = step.result()
    assert pid != os.getpid()
    assert len(rows) == 100_000


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise GitFailed("cat-file", 128, "damaged")

    with Aside(fail) as step, pytest.raises(GitFailed, match="damaged"):
        step.result()


def test_a_death_is_told_with_its_signal() -> None:
    with Aside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as step, pytest.raises(StepDied) as died:
        step.result()
    assert died.value.status == -signal.SIGKILL


def test_a_step_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    mark = tmp_path / "pid"

    def hang() -> None:
        mark.write_text(str(os.getpid()))
        signal.pause()

    with Aside(hang):
        while not (mark.exists() and mark.read_text()):
            pass
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_a_large_caller_leaves_the_step_as_much_room_as_a_small_one() -> None:
    with mmap.mmap(-1, 2 * MEMORY), Aside(lambda: len(bytearray(MEMORY // 4))) as step:
        assert step.result() == MEMORY // 4


def test_a_step_cannot_take_more_than_its_room() -> None:
    with Aside(lambda: len(bytearray(2 * MEMORY))) as step, pytest.raises(MemoryError):
        step.result()
