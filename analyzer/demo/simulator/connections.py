"""Lists as GitHub gives them: a page at a time, with cursors that say nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from analyzer.demo.simulator.cost import Refusal

T = TypeVar("T")
Asked = Mapping[str, Any]
"""The arguments of a field."""

Value = None | bool | int | str | Mapping[str, "Value"] | Callable[[Asked], object]

View = Mapping[str, Value]
"""A GraphQL object: values by field, or functions that are given the arguments of the field."""


def connection(
    items: Sequence[T], view: Callable[[T], View], asked: Asked, key: Callable[[T], Any] | None = None
) -> View:
    """The page of a list that the arguments ask for; only its entries are made into views.

    With ``key`` the list is put into the order that is asked for. The schema knows one field for each list, so that
    only the direction counts.
    """
    if key is not None:
        order: Mapping[str, str] = asked.get("orderBy") or {}
        items = sorted(items, key=key, reverse=order.get("direction") == "DESC")
    begin, end = (_place(asked["after"]) if asked.get("after") else 0), len(items)
    if asked.get("first") is not None:
        end = min(end, begin + asked["first"])
    elif asked.get("last") is not None:
        begin = max(begin, end - asked["last"])
    page = items[begin:end]
    return {
        "totalCount": len(items),
        "pageInfo": {"hasNextPage": end < len(items), "endCursor": _cursor(end) if page else None},
        "nodes": lambda _: [view(item) for item in page],
    }


def _cursor(place: int) -> str:
    return base64.b64encode(b"cursor:v2:\x91\xce" + place.to_bytes(4, "big")).decode()


def _place(cursor: str) -> int:
    try:
        raw = base64.b64decode(cursor, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 16 or not raw.startswith(b"cursor:v2:"):
        raise Refusal("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.")
    return int.from_bytes(raw[-4:], "big")
