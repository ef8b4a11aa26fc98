"""A GitHub for the client's tests: answers by script, in memory, and a clock that only sleeping moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import httpx

from analyzer.github.budget import Budget
from analyzer.github.client import Client
from analyzer.github.clock import Clock
from analyzer.github.token import Token

BEGIN = 1_700_000_000.0
SECRET = "ghp_canary0123456789canary0123456789"

Scripted = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class StageClock(Clock):
    """A clock that stands still unless somebody sleeps. ``skew`` is how wrong its dates are."""

    def __init__(self, skew: float = 0.0) -> None:
        self.passed = 0.0
        self.skew = skew
        self.slept: list[float] = []

    def now(self) -> float:
        return BEGIN + self.passed + self.skew

    def monotonic(self) -> float:
        return 5_000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds


def answer(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """An answer; ``retry_after="5"`` is the header ``retry-after``. A text is sent as it is, the rest as JSON."""
    content = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers={k.replace("_", "-"): v for k, v in headers.items()})


@dataclass
class Stage:
    """Answers from a list, then from ``graphql`` (the body of a question to the body of its answer) for GraphQL.

    ``at`` puts single answers in the place of others, by the number of the request from 0.
    """

    script: Sequence[Scripted] = ()
    graphql: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    clock: StageClock = field(default_factory=StageClock)
    at: Mapping[int, Scripted] = field(default_factory=dict[int, Scripted])
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])
    client_budget: Budget = field(default_factory=Budget)

    def client(self, *, token: Token | None = Token(SECRET), **options: Any) -> Client:  # noqa: B008
        """A client that asks this stage."""
        client = Client(token, clock=self.clock, transport=httpx.MockTransport(self._answer), **options)
        self.client_budget = client.budget
        return client

    @property
    def asked(self) -> list[Mapping[str, Any]]:
        """The variables of every GraphQL question."""
        return [json.loads(request.content)["variables"] for request in self.requests if request.method == "POST"]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        index = len(self.requests) - 1
        scripted = self.script[index] if index < len(self.script) else self.at.get(index)
        if scripted is not None:
            if isinstance(scripted, Exception):
                raise scripted
            response = scripted if isinstance(scripted, httpx.Response) else scripted(request)
        else:
            assert self.graphql is not None, f"nothing scripted for {request.url}"
            response = answer(200, self.graphql(json.loads(request.content)))
        response.headers.setdefault("date", formatdate(BEGIN + self.clock.passed, usegmt=True))
        return response
