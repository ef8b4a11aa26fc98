"""Writing from a process of its own, so that DuckDB's 90 MB never stand on top of what a scan needs.

The rows go through a pipe in batches while they are made. The writer commits only when it has read the end mark: when
this process dies, is interrupted or fails half-way, the pipe ends without one and the old rows stand.

This module is both sides: imported, it starts the writer; run with ``python -m``, it is the writer.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from analyzer.errors import StoreBusy, StoreError
from analyzer.model import ActivityRow, ChangeRow, CommitRow, Dossier, RefRow, RepositoryFacts, RunInfo
from analyzer.store import rows

if TYPE_CHECKING:
    from signals.base import Signal

BATCH_ROWS = 2_000
_END = None
_T = TypeVar("_T")


def write_apart(
    path: Path, dossier: Dossier, facts: Iterable[RepositoryFacts], run: RunInfo, signals: Iterable[Signal] = ()
) -> None:
    """Do as ``Store.open(path)``, ``describe(signals)`` and ``write(dossier, facts, run)`` would, in a new process.

    Raises what they raise, and :class:`StoreError` when the writer was killed.
    """
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "analyzer.store.apart", os.fspath(path.absolute())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.fspath(root)},
        start_new_session=True,  # an interrupt is ours to handle; the writer sees the pipe end
    )
    with child:
        assert child.stdin is not None
        with suppress(BrokenPipeError):  # it ended early, and its answer says why
            for part in _parts(dossier, facts, run, list(rows.of_signals(signals))):
                pickle.dump(part, child.stdin, pickle.HIGHEST_PROTOCOL)
            child.stdin.flush()
        said, _ = child.communicate()
    if child.returncode:
        raise _error(path, said, child.returncode)


def _parts(dossier: Dossier, facts: Iterable[RepositoryFacts], run: RunInfo, signals: list[rows.Row]) -> Iterator[Any]:
    """What goes through the pipe: a head, then for each repository its name and four streams in batches."""
    yield dossier, run, signals
    for repository in facts:
        yield repository.full_name
        for stream in (repository.commits, repository.changes, repository.activity, repository.refs):
            source = iter(cast("Iterable[tuple[Any, ...]]", stream))
            while batch := [tuple(row) for row in islice(source, BATCH_ROWS)]:
                yield batch
            yield _END
    yield _END


def _error(path: Path, said: bytes, status: int) -> StoreError:
    if not said:
        reason = f"The writer of the store {path} ended with status {status}."
        return StoreError(reason, "What was stored before is intact; run the command again.")
    answer: dict[str, str] = json.loads(said)
    kind = StoreBusy if answer["kind"] == "StoreBusy" else StoreError
    return kind(answer["message"].replace(os.fspath(path.absolute()), os.fspath(path)), answer["way_out"])


# --- the writer's side -----------------------------------------------------


def _received(pipe: IO[bytes]) -> Iterator[RepositoryFacts]:
    """Each repository with its streams, which the store reads in this order before it asks for the next."""
    while (name := pickle.load(pipe)) is not _END:  # noqa: S301  (our own parent wrote it)
        yield RepositoryFacts(
            full_name=name,
            commits=_stream(pipe, CommitRow._make),
            changes=_stream(pipe, ChangeRow._make),
            activity=_stream(pipe, ActivityRow._make),
            refs=_stream(pipe, RefRow._make),
        )


def _stream(pipe: IO[bytes], make: Callable[[Iterable[Any]], _T]) -> Iterator[_T]:
    while (batch := pickle.load(pipe)) is not _END:  # noqa: S301  (as above)
        yield from map(make, batch)


def _serve(path: Path, pipe: IO[bytes]) -> int:
    from analyzer.store.store import Store  # noqa: PLC0415  (DuckDB, which the other side is to do without)

    try:
        dossier, run, signals = pickle.load(pipe)  # noqa: S301  (as above)
        with Store.open(path) as store:
            store.describe(signals)
            store.write(dossier, _received(pipe), run)
    except StoreError as error:
        answer = {"kind": type(error).__name__, "message": error.message, "way_out": error.way_out}
        sys.stdout.write(json.dumps(answer))
        return 1
    except (EOFError, pickle.UnpicklingError):  # the other side died or gave up
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_serve(Path(sys.argv[1]), sys.stdin.buffer))
