"""Our side of the process that runs SQL: start it, read what comes while it keeps to its limits, end it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from analyzer.errors import QueryRefused, QueryTooCostly, ShiptraceError, StoreBusy, StoreError
from analyzer.queryset.wire import STALE, Column, Limits, Request, Row, decoders, request_text

DEFAULT = Limits()

_CHUNK = 1 << 16
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_ERRORS: Mapping[str, type[ShiptraceError]] = {
    "StoreError": StoreError,
    "StoreBusy": StoreBusy,
    "QueryRefused": QueryRefused,
    "QueryTooCostly": QueryTooCostly,
}


class _Stale(Exception):
    """The store is of an older version."""


@contextlib.contextmanager
def run(
    path: Path | None, sql: str, parameters: Mapping[str, object] | None = None, limits: Limits = DEFAULT
) -> Generator[Answer]:
    """Run SQL on a store that is only read, None being an empty one; give its answer while it is made.

    A store of an older version is brought up to date first, as any other command does. Raises
    :class:`QueryRefused`, :class:`QueryTooCostly`, :class:`StoreError`; all of them may also come while rows are read.
    """
    request = Request(str(path.absolute()) if path else None, sql, parameters or {}, limits)
    answer = Answer(request, path)
    try:
        try:
            answer.start()
        except _Stale:
            answer.end()
            _update(path)
            answer = Answer(request, path)
            answer.start()
        yield answer
    finally:
        answer.end()


def _update(path: Path | None) -> None:
    from analyzer.store import Store  # noqa: PLC0415  (DuckDB in this process, for this rare case only)

    if path is not None:
        Store.open(path).close()


class Answer:
    """The columns, and the rows once, as they come. ``cut`` says afterwards which limit ended them; empty if none."""

    def __init__(self, request: Request, path: Path | None) -> None:
        self.columns: tuple[Column, ...] = ()
        self.cut = ""
        self._path = path
        self._limits = request.limits
        self._left = request.limits.seconds
        self._child = _started()
        self._ready = selectors.DefaultSelector()
        self._lines = self._read()
        self._rows = self._decoded()
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it ended early; its status says why
            self._child.stdin.write(request_text(request))
            self._child.stdin.close()

    def start(self) -> None:
        """Wait for the columns."""
        for line in self._lines:
            fields: Any = self._fields(line)
            self.columns = _distinct([Column(*pair) for pair in fields["columns"]])
            return
        raise self._dead()

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def is_empty(self) -> bool:
        """Whether there is no row at all; waits for the first one."""
        first = next(self._rows, None)
        if first is not None:
            self._rows = chain((first,), self._rows)
        return first is None

    def _decoded(self) -> Iterator[Row]:
        decode = decoders(self.columns)
        for n_rows, line in enumerate(self._lines):
            row: Any = self._fields(line)
            if isinstance(row, dict):
                return
            if n_rows == self._limits.rows:
                self.cut = f"only the first {n_rows:,} rows were read"
                return
            yield tuple(
                value if make is None or value is None else make(value) for make, value in zip(decode, row, strict=True)
            )
        if not self.cut:
            raise self._dead()

    def end(self) -> None:
        """Kill what still runs and free the pipes."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._ready.close()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _fields(self, line: bytes) -> object:
        """What a line says; raises the error it tells."""
        fields: list[Any] | dict[str, list[str]] = json.loads(line)
        if isinstance(fields, dict) and "error" in fields:
            kind, message, way_out = fields["error"]
            if kind == STALE:
                raise _Stale
            if self._path is not None:  # name the file as it was named to us
                message = message.replace(str(self._path.absolute()), str(self._path))
            raise _ERRORS[kind](message, way_out)
        return fields

    def _read(self) -> Iterator[bytes]:
        """Lines as they come, until the end or a limit. Time counts only while we wait for the other side."""
        assert self._child.stdout is not None
        out = self._child.stdout.fileno()
        self._ready.register(out, selectors.EVENT_READ)
        n_bytes, rest = 0, b""
        while True:
            before = time.monotonic()
            if not self._ready.select(max(self._left, 0.0)):
                raise QueryTooCostly(
                    f"The SQL took longer than {self._limits.seconds:g} s and was ended.", "Ask for less."
                )
            self._left -= time.monotonic() - before
            chunk = os.read(out, _CHUNK)
            if not chunk:
                return
            n_bytes += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n") if b"\n" in chunk else (rest + chunk,)
            yield from lines
            if n_bytes > self._limits.output:
                self.cut = f"only the first {self._limits.output >> 20} MB of the result were read"
                return

    def _dead(self) -> ShiptraceError:
        """Why the other side ended without an answer: a limit, or a defect of ours."""
        assert self._child.stderr is not None
        said = self._child.stderr.read()[-500:].decode("utf-8", "replace").strip()
        status = self._child.wait()
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return QueryTooCostly("The SQL took more processor time than it may and was ended.", "Ask for less.")
        return QueryTooCostly(
            f"The process that ran the SQL ended with status {status}: {said or 'no message'}",
            f"It may have needed more than its {self._limits.memory >> 20} MB of memory; ask for less.",
        )


def _started() -> subprocess.Popen[bytes]:
    """A Python of our own with nothing of the user's environment: tokens stand there.

    Few arenas, for each takes 64 MB of address space and the limit counts that, used or not.
    """
    root = Path(__file__).resolve().parents[2]
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "analyzer.queryset"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        env={**kept, "PYTHONPATH": os.fspath(root), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        bufsize=0,
        start_new_session=True,
    )


def _distinct(columns: list[Column]) -> tuple[Column, ...]:
    """Names that differ, so that every column has its own in JSON and in a frame: ``n``, ``n_2``."""
    taken: dict[str, int] = {}
    made: list[Column] = []
    for column in columns:
        name = column.name
        while name in taken:
            taken[column.name] += 1
            name = f"{column.name}_{taken[column.name]}"
        taken[name] = 1
        made.append(Column(name, column.type))
    return tuple(made)
