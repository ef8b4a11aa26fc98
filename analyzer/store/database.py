"""Opening the DuckDB file: bounded memory, no extensions, and an error that says what to do.

A DuckDB file has one writing process, and readers wait for it as well. So we wait a little, then name the holder.
DuckDB checks every block it reads, so damage shows as an error and never as a wrong row.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from analyzer.errors import StoreBusy, StoreError
from analyzer.store.place import WAIT_SECONDS

MEMORY_LIMIT = "32MB"
"""Of DuckDB's buffers; beyond, it spills to a folder beside the file. Replacing 1.5 million rows at once fits.
A scan's process is to stay under 128 MB in all, and DuckDB's code alone takes 46 of them."""

FRESH = ".fresh"
"""Ending of the file that ``forget`` writes before it takes the place of the store."""

_WAIT_STEP_SECONDS = 0.1
_MAGIC = slice(8, 12)
_NOT_OPENED = re.compile(r'Cannot open file "[^"\n]*": ([^.:\n]+)')
_HOLDER = re.compile(r"\(PID (\d+)\)")


def connect(
    path: Path, *, read_only: bool = False, wait_seconds: float = WAIT_SECONDS, create: bool = True
) -> DuckDBPyConnection:
    """Open the file, or make it when it is not there, may be written and ``create``.

    Raises :class:`StoreBusy` when another process holds it for longer than ``wait_seconds``, and :class:`StoreError`
    when it is no DuckDB file, is damaged or cannot be reached.
    """
    is_new = not _first_bytes(path)
    if is_new and (read_only or not create):
        raise StoreError(f"There is no store at {path}.", "Scan or collect first, or name its file with --db.")
    if is_new:
        _make_way(path)
    give_up_at = time.monotonic() + wait_seconds
    while True:
        before = _inode(path)
        try:
            connection = _connect(path, read_only=read_only)
        except StoreBusy:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(_WAIT_STEP_SECONDS)
            continue
        if before is None or before == _inode(path):
            if is_new:
                path.chmod(0o600)  # it will hold personal data
            return connection
        connection.close()  # a file that `forget` has just put another in the place of


def _inode(path: Path) -> int | None:
    return path.stat().st_ino if path.exists() else None


def _connect(path: Path, *, read_only: bool) -> DuckDBPyConnection:
    """The file itself, not a link to it: what DuckDB keeps beside is named after the path it is given."""
    with failures(path):
        return duckdb.connect(
            str(path.resolve()),
            read_only=read_only,
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "memory_limit": MEMORY_LIMIT,
                "threads": 1,
            },
        )


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Generator[None]:
    """Commit on leaving, or undo everything when anything was raised, also by the source of the rows."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def failures(path: Path) -> Generator[None]:
    """Turn whatever DuckDB raises into a :class:`StoreError` that names the file and the way out."""
    try:
        yield
    except duckdb.Error as error:
        raise _explained(path, error) from error


def beside(path: Path, ending: str) -> Path:
    """The name of a file that belongs to the store, such as its ``.wal``."""
    place = path.resolve()
    return place.with_name(place.name + ending)


def sweep(path: Path) -> None:
    """Remove what a killed process left beside the file. Only for whoever holds the file for writing.

    That is what DuckDB spilled, which it removes only when it ends well, and what ``forget`` was about to put in place.
    """
    spilled = beside(path, ".tmp")
    try:
        if spilled.is_dir() and not spilled.is_symlink():
            for file in spilled.glob("duckdb_temp_*"):
                file.unlink()
            with suppress(OSError):  # somebody else's files are in it
                spilled.rmdir()
        for ending in (FRESH, f"{FRESH}.wal"):
            beside(path, ending).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{error.filename} was left by a killed run and cannot be removed.", "Remove it.") from error


def _first_bytes(path: Path) -> bytes:
    """Look at the file ourselves: of one of another kind DuckDB would say that an extension is missing.

    Nothing where there is no file or an empty one. Whatever is no file, such as a device, is not even opened.
    """
    with _reachable(path):
        if not path.exists():
            return b""
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "no file"
            raise StoreError(f"The store {path} cannot be opened: it is {kind}.", "Choose another file with --db.")
        with path.open("rb") as file:
            head = file.read(12)
    if head and head[_MAGIC] != b"DUCK":
        raise StoreError(f"{path} is no DuckDB file.", "Choose another file with --db; this one was left as it is.")
    return head


def _make_way(path: Path) -> None:
    """Make the folder; an empty file (a temporary name, or a start that was killed) gives way to a new one."""
    with _reachable(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size == 0:
            path.unlink()


@contextmanager
def _reachable(path: Path) -> Generator[None]:
    """Say it in our words when the system does not let us to the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be opened: {error.strerror or error}.", "Choose another file with --db."
        ) from error


def _explained(path: Path, error: duckdb.Error) -> StoreError:
    said = str(error).replace(str(path.resolve()), str(path)).strip()
    first = said.split("\n", 1)[0][:200].rstrip(".") + "."
    holder = _HOLDER.search(said)
    if "lock on file" in said:
        who = f"process {holder[1]}" if holder else "another process"
        return StoreBusy(
            f"The store {path} is in use by {who}.", "Wait until it is done, or name another file with --db."
        )
    if refused := _NOT_OPENED.search(said):
        return StoreError(f"The store {path} cannot be opened: {refused[1]}.", "Choose another file with --db.")
    if "No space left" in said or "File too large" in said or isinstance(error, duckdb.OutOfMemoryException):
        return StoreError(
            f"The store {path} could not be written: {first}", "What was stored before is intact; make room."
        )
    if (
        isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException)
        or "orrupt" in said
    ):
        return StoreError(
            f"The store {path} is damaged or unreadable: {first}", "Move it away and collect or scan again."
        )
    return StoreError(f"The store {path} refused: {first}", "What was stored before is intact.")
