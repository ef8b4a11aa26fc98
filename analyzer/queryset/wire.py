"""What goes through the pipe between us and the process that runs SQL: a request, then one JSON text a line.

First ``{"columns": [[name, type], ...]}``, then each row as an array, then ``{"done": true}`` or ``{"error": ...}``.
JSON and not pickle, for the other side has run somebody's SQL and is not to be trusted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

MIB = 1 << 20
STALE = "Stale"
"""The answer for a store whose tables or views are older than ours: it has to be brought up to date first."""

Value = object
Row = tuple[Value, ...]


class Column(NamedTuple):
    """A column of a result; ``type`` is DuckDB's name of it, such as ``VARCHAR`` or ``DATE[]``."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a statement may use: ``seconds`` of waiting for it, bytes of address space, rows and bytes of result."""

    seconds: float = 30.0
    memory: int = 1536 * MIB
    rows: int = 100_000
    output: int = 256 * MIB
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Request:
    """What to run. ``path`` is the store's file; None is an empty store in memory."""

    path: str | None
    sql: str
    parameters: Mapping[str, Value]
    limits: Limits


def request_text(request: Request) -> bytes:
    """The request for the other side."""
    limits = request.limits
    fields = {
        "path": request.path,
        "sql": request.sql,
        "parameters": {name: plain(value) for name, value in request.parameters.items()},
        "limits": [limits.seconds, limits.memory, limits.rows, limits.output, limits.threads],
    }
    return json.dumps(fields).encode()


def parse_request(text: bytes) -> Request:
    """The request as this side wrote it."""
    fields = json.loads(text)
    return Request(fields["path"], fields["sql"], fields["parameters"], Limits(*fields["limits"]))


# --- values ----------------------------------------------------------------


def plain(value: Value) -> Value:
    """A value that JSON can hold; :func:`decoders` makes the original of it again, as far as there is one."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in cast("Sequence[Any]", value)]
    return str(value)


def decoders(columns: Sequence[Column]) -> tuple[Callable[[Any], Value] | None, ...]:
    """For every column what to call on a value that is not null, or None where it is right as it is."""
    return tuple(_DECODERS.get(column.type.partition("(")[0]) for column in columns)


def _moment(text: str) -> Value:
    """A datetime, or the text where Python has none, as for the year 99999."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _day(text: str) -> Value:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _span(seconds: float) -> Value:
    return timedelta(seconds=seconds)


_DECODERS: Mapping[str, Callable[[Any], Value]] = {
    "BLOB": bytes.fromhex,
    "DATE": _day,
    "DECIMAL": Decimal,
    "INTERVAL": _span,
    "TIME": time.fromisoformat,
    "TIMESTAMP": _moment,
    "TIMESTAMP WITH TIME ZONE": _moment,
    "TIMESTAMP_MS": _moment,
    "TIMESTAMP_NS": _moment,
    "TIMESTAMP_S": _moment,
}
