"""Requests and answers as plain data, whether they come over a socket or not."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

Json = Mapping[str, Any]

NOTHING: Mapping[str, str] = MappingProxyType({})


class Area(StrEnum):
    """What a request belongs to. The first two have an hourly limit of that name."""

    REST = "core"
    GRAPHQL = "graphql"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: path and query as sent, header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """What stands after the question mark."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def token(self) -> str:
        """The token that was sent along, empty without one."""
        return self.headers.get("authorization", "").rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is about. ``name`` is the document, the form of the path or the step of git's protocol."""

    area: Area
    name: str
    path: str
    variables: Json

    @property
    def is_free(self) -> bool:
        """Whether it may be asked when no points are left."""
        return self.name == "/rate_limit"


@dataclass(frozen=True, slots=True)
class Wait:
    """What an answer tells a client to wait, in seconds; ``is_for_all`` kinds of requests, or only for this one."""

    seconds: float
    is_for_all: bool


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``stream`` comes after the body and must be closed.

    ``delay`` is in seconds, before anything is sent. After ``cut_after`` bytes of the body the connection is cut.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    stream: Generator[bytes] | None = None
    delay: float = 0.0
    cut_after: int | None = None
    wait: Wait | None = None
    points: int = 0

    def whole(self) -> Response:
        """The same with the stream read into the body."""
        return replace(self, body=self.body + b"".join(self.stream or ()), stream=None)

    def data(self) -> Any:  # noqa: ANN401  # whatever JSON holds
        """The body as JSON."""
        return json.loads(self.body)


def answer(status: int, body: object, headers: Mapping[str, str] = NOTHING) -> Response:
    """An answer in JSON."""
    packed = json.dumps(body, separators=(",", ":")).encode()
    return Response(status, {"content-type": "application/json; charset=utf-8", **headers}, packed)


def refused(status: int, message: str) -> Response:
    """REST's way to say no."""
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return answer(status, body)


def query_in(body: bytes) -> tuple[str, Json] | None:
    """Query and variables of a GraphQL request; None for what is none."""
    try:
        sent: object = json.loads(body)
    except ValueError:
        return None
    if not isinstance(sent, dict):
        return None
    fields = cast("dict[str, Any]", sent)
    variables: object = fields.get("variables") or {}
    if not isinstance(fields.get("query"), str) or not isinstance(variables, dict):
        return None
    return fields["query"], cast("Json", variables)
