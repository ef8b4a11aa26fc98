"""Run whole processes, interleaved, and say what they took."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MIB = 1 << 20
_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Task:
    """A command; with ``piped_to`` its output goes through a second one, as in a shell. ``rounds`` bounds its runs."""

    name: str
    argv: Sequence[str]
    piped_to: Sequence[str] = ()
    rounds: int = 1_000_000
    ok: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Sample:
    """``wall`` and ``cpu`` are seconds, the latter with all children; ``peak`` bytes of the first process alone."""

    wall: float
    cpu: float
    peak: int


class BenchmarkFailed(Exception):
    """A measured command did not end well; its last words are in the message."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratios of runs that were made one after the other: of wall time and, where it was compared, of processor time."""

    values: tuple[float, ...]
    cpu: tuple[float, ...] = ()

    @property
    def middle(self) -> float:
        return median(self.values)


def interleaved(tasks: Sequence[Task], rounds: int) -> dict[str, list[Sample]]:
    """Run all tasks once, then all again, so that a busy minute hits them alike."""
    found: dict[str, list[Sample]] = {task.name: [] for task in tasks}
    for n in range(rounds):
        for task in tasks:
            if n < task.rounds:
                found[task.name].append(once(task))
    return found


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Ratio:
    """Our time over theirs, run by run; where they ran less often, over their last run."""
    pairs = [(sample, theirs[min(n, len(theirs) - 1)]) for n, sample in enumerate(ours)]
    wall = tuple(mine.wall / other.wall for mine, other in pairs)
    return Ratio(wall, tuple(mine.cpu / other.cpu for mine, other in pairs))


def once(task: Task) -> Sample:
    """Run a command to its end. Raises :class:`BenchmarkFailed` for a status that is not ``ok``."""
    start = time.perf_counter()
    with subprocess.Popen(
        task.argv, stdout=subprocess.PIPE if task.piped_to else subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        second = (
            subprocess.Popen(task.piped_to, stdin=child.stdout, stdout=subprocess.DEVNULL) if task.piped_to else None
        )
        if child.stdout is not None:
            child.stdout.close()
        with _Peak(child.pid) as peak:
            said = child.stderr.read() if child.stderr is not None else b""
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime
        if second is not None:
            _, _, also = os.wait4(second.pid, 0)
            second.returncode = 0
            cpu += also.ru_utime + also.ru_stime
        wall = time.perf_counter() - start
    if child.returncode not in task.ok:
        raise BenchmarkFailed(f"{task.name}: status {child.returncode}: {said.decode('utf-8', 'replace')[-500:]}")
    return Sample(wall, cpu, peak.bytes)


class _Peak:
    """Follows the resident memory of one process, without its children; 0 where the platform does not say."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._status = Path(f"/proc/{pid}/status")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> _Peak:
        if sys.platform == "linux":
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        while not self._over.wait(_EVERY):
            try:
                fields = self._fields()
            except OSError:
                return
            if "VmHWM" in fields:
                self.bytes = int(fields["VmHWM"].split()[0]) * 1024

    def _fields(self) -> Mapping[str, str]:
        return dict(line.split(":", 1) for line in self._status.read_text().splitlines() if ":" in line)
