"""The API's front desk: who asks, whether it may be asked, what it costs; REST or GraphQL then answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate

from analyzer.demo.simulator import graph, rest
from analyzer.demo.simulator.exchange import Area, Asked, Request, Response, Wait, answer, query_in, refused
from analyzer.demo.simulator.quotas import Quotas
from analyzer.demo.simulator.rest import Asker, Desk
from analyzer.demo.simulator.views import Views
from analyzer.demo.simulator.world import Kind, World

VERSIONS = ("2022-11-28", "2026-03-10")

LIMITED = "API rate limit exceeded for user ID 1000."


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for: whose it is, and its scopes (None for a kind of token that has none)."""

    login: str
    scopes: tuple[str, ...] | None = ()


class Api:
    """Answers on any world. Parameters as of :class:`analyzer.demo.simulator.Simulator`."""

    def __init__(
        self, tokens: Mapping[str, Grant] | None, limits: Mapping[str, int], clock: Callable[[], float]
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._quotas = Quotas(limits, clock)

    def answer(
        self, world: World, base: str, request: Request, asked: Asked, withheld: frozenset[str] = frozenset()
    ) -> Response:
        """The right answer. ``base`` is our own address, ``withheld`` are fields that nobody has a right to."""
        if not request.headers.get("user-agent"):
            return refused(403, "Request forbidden by administrative rules. Please make sure it has a User-Agent.")
        if request.headers.get("x-github-api-version", VERSIONS[0]) not in VERSIONS:
            return refused(400, "This API version is not supported.")
        asker = self._asker(world, request)
        if asker is None:
            return refused(401, "Bad credentials")
        if asked.area is Area.GRAPHQL:
            return self._graphql(world, request, asker, withheld)
        return self._rest(world, base, request, asked, asker)

    def headers(self, world: World, request: Request, asked: Asked, number: int) -> dict[str, str]:
        """What stands above every answer, also one that a fault gives."""
        headers = {
            "date": formatdate(self._clock(), usegmt=True),
            "server": "github.com",
            "x-github-request-id": f"{number:04X}:51A9",
            "x-github-api-version-selected": request.headers.get("x-github-api-version", VERSIONS[0]),
        }
        asker = self._asker(world, request)
        if asker is None:
            return headers
        if asker.scopes is not None:
            headers["x-oauth-scopes"] = ", ".join(asker.scopes)
        return headers | self._quotas.headers(asker.token, asked.area)

    def _asker(self, world: World, request: Request) -> Asker | None:
        """Who asks; None for a token that is not accepted."""
        token = request.token
        if not token:
            return Asker()
        if self._tokens is None:
            users = (account.login for account in world.accounts if account.kind is Kind.USER)
            return Asker(token, next(users, ""), ())
        grant = self._tokens.get(token)
        return Asker(token, grant.login, grant.scopes) if grant else None

    def _rest(self, world: World, base: str, request: Request, asked: Asked, asker: Asker) -> Response:
        response = Desk(world, base, self._quotas).answer(request, asker)
        if response.status == 304 or asked.is_free:
            return response
        if not self._pay(asker, Area.REST, 1):
            return replace(refused(403, LIMITED), wait=self._until_reset(asker, Area.REST))
        return response

    def _graphql(self, world: World, request: Request, asker: Asker, withheld: frozenset[str]) -> Response:
        sent = query_in(request.body)
        if not asker.token:
            return refused(401, "This endpoint requires you to be authenticated.")
        if request.method != "POST" or sent is None:
            return refused(400, "Problems parsing JSON")
        question = graph.understood(*sent)
        if not isinstance(question, graph.Question):
            return answer(200, question)
        if not self._pay(asker, Area.GRAPHQL, question.cost.points):
            body = {"errors": [{"type": "RATE_LIMITED", "message": LIMITED}]}
            return replace(answer(200, body), wait=self._until_reset(asker, Area.GRAPHQL))
        root = Views(world, self._clock()).root(self._rate_limit(asker, question))
        return replace(answer(200, graph.executed(question, root, withheld)), points=question.cost.points)

    def _rate_limit(self, asker: Asker, question: graph.Question) -> dict[str, int | str]:
        quota = self._quotas.of(asker.token, Area.GRAPHQL)
        reset = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(quota.reset))
        counted = {"cost": question.cost.points, "nodeCount": question.cost.n_nodes}
        return {**counted, "limit": quota.limit, "remaining": quota.remaining, "used": quota.used, "resetAt": reset}

    def _pay(self, asker: Asker, area: Area, points: int) -> bool:
        """Take points of the hour; False when there are too few."""
        quota = self._quotas.of(asker.token, area)
        is_enough = quota.used + points <= quota.limit
        quota.used = quota.used + points if is_enough else quota.limit
        return is_enough

    def _until_reset(self, asker: Asker, area: Area) -> Wait:
        return Wait(self._quotas.of(asker.token, area).reset - self._clock(), is_for_all=False)


def understood(request: Request) -> Asked:
    """What a request is about, whether or not it makes sense."""
    path = request.path
    if ".git/" in path:
        return Asked(Area.GIT, f"git {path.partition('.git/')[2]}", path, {})
    if path != "/graphql":
        return Asked(Area.REST, rest.route(path)[0], path, request.query)
    sent = query_in(request.body)
    question = graph.understood(*sent) if sent else None
    if not isinstance(question, graph.Question):
        return Asked(Area.GRAPHQL, "refused query", path, {})
    return Asked(Area.GRAPHQL, _snake(question.name), path, question.variables)


def _snake(name: str) -> str:
    """``MergedPullRequests`` as the file of the document is called."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
