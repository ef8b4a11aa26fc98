"""The writer, ``python -m analyzer.store PATH SECONDS``, started by ``apart.py``: rows in, errors out as JSON."""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

from analyzer.errors import StoreError
from analyzer.model import ActivityRow, ChangeRow, CommitRow, RefRow, RepositoryFacts
from analyzer.store.apart import END
from analyzer.store.store import Store

_T = TypeVar("_T")


def serve(path: Path, wait_seconds: float, pipe: IO[bytes]) -> int:
    """Write what comes through the pipe, if it comes whole; gives the exit status."""
    try:
        dossier, run, signals, weights, hosted = pickle.load(pipe)  # noqa: S301  (our own parent wrote it)
        with Store.open(path, wait_seconds=wait_seconds) as store:
            if signals:
                store.describe(signals, dossier.rules.rubric, weights)
            store.write(dossier, _repositories(pipe), run, hosted)
    except StoreError as error:
        answer = {"kind": type(error).__name__, "message": error.message, "way_out": error.way_out}
        sys.stdout.write(json.dumps(answer))
        return 1
    except (EOFError, pickle.UnpicklingError):  # the other side died or gave up
        return 1
    return 0


def _repositories(pipe: IO[bytes]) -> Iterator[RepositoryFacts]:
    """Each repository with its streams, which the store reads in this order before it asks for the next."""
    while (name := pickle.load(pipe)) is not END:  # noqa: S301  (as above)
        yield RepositoryFacts(
            full_name=name,
            commits=_stream(pipe, CommitRow._make),
            changes=_stream(pipe, ChangeRow._make),
            activity=_stream(pipe, ActivityRow._make),
            refs=_stream(pipe, RefRow._make),
        )


def _stream(pipe: IO[bytes], make: Callable[[Iterable[Any]], _T]) -> Iterator[_T]:
    while (batch := pickle.load(pipe)) is not END:  # noqa: S301  (as above)
        yield from map(make, batch)


if __name__ == "__main__":
    os.umask(0o077)  # DuckDB's files beside the store hold personal data too
    sys.exit(serve(Path(sys.argv[1]), float(sys.argv[2]), sys.stdin.buffer))
