"""Run one step in a forked child while the caller goes on: the other core works, and a crash costs the step only.

The parsers that read hostile files are C code, and some inputs make them take all memory or all time. The child has
limits on both; a parser that breaks one, or crashes, takes the child with it and not the run.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Self, TypeVar, cast

T = TypeVar("T")

MEMORY = 1_200_000_000
"""Bytes of address space beyond what the caller has, which is much under a notebook or a test; only the soft limit,
since git children of the child have limits of their own."""

SECONDS = 600
"""Of processor time."""


def _address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123  (a child just forked imports nothing)
            return int(sizes.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


class StepDied(Exception):
    """The child ended without a result; ``status`` is its exit status, negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(f"ended with status {status}")
        self.status = status


class Aside(Generic[T]):
    """A context manager: the step starts on entering, and is ended on leaving if nobody waited for it."""

    def __init__(self, step: Callable[[], T]) -> None:
        self._step = step
        self._pid = 0

    def __enter__(self) -> Self:
        self._pipe, write = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of the caller: the child touches none
            self._pid = os.fork()
        if not self._pid:
            os.close(self._pipe)
            self._serve(write)
        os.close(write)
        return self

    def result(self) -> T:
        """Wait for the step's result; raises the step's own error, or :class:`StepDied`."""
        with os.fdopen(os.dup(self._pipe), "rb") as pipe:
            said = pipe.read()
        status = self._wait()
        if status or not said:
            raise StepDied(status)
        answer: object = pickle.loads(said)  # noqa: S301  (our own child wrote it)
        if isinstance(answer, Exception):
            raise answer
        return cast("T", answer)

    def __exit__(self, *_: object) -> None:
        os.close(self._pipe)
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            self._wait()

    def _wait(self) -> int:
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return os.waitstatus_to_exitcode(status)

    def _serve(self, write: int) -> None:
        """In the child: do the step, send what came of it, and never return."""
        status = 1
        try:
            for what, most in ((resource.RLIMIT_AS, MEMORY + _address_space()), (resource.RLIMIT_CPU, SECONDS)):
                with suppress(OSError, ValueError):  # some systems have no such limit
                    resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
            answer: object = self._answer()
            with os.fdopen(write, "wb") as pipe:
                pickle.dump(answer, pipe, pickle.HIGHEST_PROTOCOL)
            status = 0
        finally:
            os._exit(status)

    def _answer(self) -> object:
        try:
            return self._step()
        except Exception as error:  # noqa: BLE001  it is raised again where the result is asked for
            return error
