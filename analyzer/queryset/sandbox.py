"""The process in which SQL runs: it may read one store, for a limited time, in limited memory, and nothing else.

DuckDB says of itself that SQL is code. So there are two walls. DuckDB's own settings refuse files, network, extensions
and any change of a setting; the system's limits bound memory, processor time and written bytes, which DuckDB does not
(its ``memory_limit`` knows only its buffers). The parent adds a third: it reads no more than it may, waits no longer
than it may, and then kills the process group.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
from pathlib import Path
from typing import IO

import duckdb
from duckdb import DuckDBPyConnection

from analyzer.errors import QueryRefused, ShiptraceError, StoreError
from analyzer.queryset.wire import STALE, Limits, Request, parse_request, plain
from analyzer.store import database, migration

FETCHED_ROWS = 1_000
_MAX_MESSAGE = 1_000
_OPEN_FILES = 64
_IN_MEMORY = Path("the empty store")


def limit(limits: Limits) -> None:
    """Bound this process, where the platform can: address space, processor time, no written byte, no core file."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not on every platform)

    wanted = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: math.ceil(limits.seconds * limits.threads),
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for kind, value in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already, or there is none here
            resource.setrlimit(kind, (value, value))


def serve(pipe: IO[bytes], out: IO[bytes]) -> None:
    """Answer one request."""
    request = parse_request(pipe.read())
    limit(request.limits)
    try:
        _answer(request, out)
    except ShiptraceError as error:
        _refuse(out, type(error).__name__, error.message, error.way_out)
    except (MemoryError, duckdb.OutOfMemoryException, duckdb.InterruptException):
        _refuse(out, "QueryTooCostly", f"The SQL needs more than the {request.limits.memory >> 20} MB it may have.")
    except (duckdb.FatalException, duckdb.SerializationException) as error:
        _refuse(out, "StoreError", f"The store is damaged: {_said(error)}", "Move it away and scan again.")
    except duckdb.Error as error:
        _refuse(out, "QueryRefused", _said(error), _way_out(error))
    out.flush()


def _answer(request: Request, out: IO[bytes]) -> None:
    connection = _opened(request.path)
    if connection is None:
        _refuse(out, STALE, "")
        return
    lock(connection, request.limits)
    if not duckdb.extract_statements(request.sql):
        raise QueryRefused("There is no SQL statement.")
    result = connection.execute(request.sql, dict(request.parameters) or None)
    _line(out, {"columns": [(name, str(kind)) for name, kind, *_ in result.description or ()]})
    while batch := result.fetchmany(FETCHED_ROWS):
        for row in batch:
            _line(out, [plain(value) for value in row])
    _line(out, {"done": True})


def _opened(path: str | None) -> DuckDBPyConnection | None:
    """The store, read-only and of this version; None when it is older."""
    where = Path(path) if path else _IN_MEMORY
    connection = database.connect(where, read_only=True) if path else duckdb.connect()
    try:
        migration.migrate(connection, where)  # writes nothing where everything is up to date
    except duckdb.InvalidInputException as error:
        if "read-only" not in str(error):
            raise StoreError(f"The store {where} cannot be read: {_said(error)}") from error
        return None
    return connection


def lock(connection: DuckDBPyConnection, limits: Limits) -> None:
    """Take from the connection everything but reading its own database. The order is the point: the lock is last."""
    for setting in (
        f"memory_limit = '{limits.memory >> 21}MiB'",  # half of it; the other half is code, threads and results
        f"threads = {limits.threads}",
        "temp_directory = ''",
        "max_temp_directory_size = '0B'",
        "enable_progress_bar = false",
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "allow_extension_repositories = 'forbidden'",
        "allow_persistent_secrets = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def _line(out: IO[bytes], value: object) -> None:
    out.write(json.dumps(value).encode() + b"\n")


def _refuse(out: IO[bytes], kind: str, message: str, way_out: str = "") -> None:
    _line(out, {"error": [kind, message, way_out]})


def _said(error: duckdb.Error) -> str:
    return str(error).strip()[:_MAX_MESSAGE]


def _way_out(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return "`shiptrace schema` lists tables, views and columns."
    if isinstance(error, duckdb.PermissionException) or "read-only" in str(error) or "locked" in str(error):
        return "SQL may read this store here, and nothing else."
    return ""
