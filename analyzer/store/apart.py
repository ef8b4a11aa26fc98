"""Writing from a process of its own, so that DuckDB's 90 MB never stand on top of what a scan needs.

The rows go through a pipe in batches while they are made. The writer commits only when it has read the end mark: when
this process dies, is interrupted or fails half-way, the pipe ends without one and the old rows stand.

This is the scan's side; ``__main__.py`` is the writer.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from analyzer.errors import StoreBusy, StoreError
from analyzer.hosted import NOTHING, Hosted
from analyzer.model import Dossier, RepositoryFacts, RunInfo
from analyzer.store import rows
from analyzer.store.place import WAIT_SECONDS

if TYPE_CHECKING:
    from signals.base import Signal

BATCH_ROWS = 2_000
END = None
"""Stands after a stream and after the last repository."""


class Writer:
    """A writer process, started on entering so that it loads DuckDB while the caller still mines.

    Left without :meth:`write`, it ends and touches nothing.
    """

    def __init__(self, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parents[2]
        where = os.fspath(self._path.absolute())
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "analyzer.store", where, str(self._wait_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.fspath(root)},
            start_new_session=True,  # an interrupt is ours to handle; the writer sees the pipe end
        )
        return self

    def write(
        self,
        dossier: Dossier,
        facts: Iterable[RepositoryFacts],
        run: RunInfo,
        signals: Iterable[Signal] = (),
        weights: Mapping[tuple[str, str], float] | None = None,
        hosted: Hosted = NOTHING,
    ) -> None:
        """Do as ``Store.open(path)``, ``describe`` and ``write(dossier, facts, run, hosted)`` would; once.

        ``weights`` are those of the dossier's rubric, from ``scoring.weights``; without signals nothing is described.
        Raises what they raise, and :class:`StoreError` when the writer was killed.
        """
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):  # it ended early, and its answer says why
            head = (dossier, run, list(rows.of_signals(signals)), dict(weights or {}), hosted)
            for part in _parts(head, facts):
                pickle.dump(part, self._child.stdin, pickle.HIGHEST_PROTOCOL)
            self._child.stdin.flush()
        said, _ = self._child.communicate()
        if self._child.returncode:
            raise _error(self._path, said, self._child.returncode)

    def __exit__(self, *_: object) -> None:
        self._child.__exit__(None, None, None)


def _parts(head: tuple[Any, ...], facts: Iterable[RepositoryFacts]) -> Iterator[Any]:
    """What goes through the pipe: a head, then for each repository its name and four streams in batches."""
    yield head
    for repository in facts:
        yield repository.full_name
        for stream in (repository.commits, repository.changes, repository.activity, repository.refs):
            source = iter(cast("Iterable[tuple[Any, ...]]", stream))
            while batch := [tuple(row) for row in islice(source, BATCH_ROWS)]:
                yield batch
            yield END
    yield END


def _error(path: Path, said: bytes, status: int) -> StoreError:
    if not said:
        reason = f"The writer of the store {path} ended with status {status}."
        return StoreError(reason, "What was stored before is intact; run the command again.")
    answer: dict[str, str] = json.loads(said)
    kind = StoreBusy if answer["kind"] == "StoreBusy" else StoreError
    return kind(answer["message"].replace(os.fspath(path.absolute()), os.fspath(path)), answer["way_out"])
