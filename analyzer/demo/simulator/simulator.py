"""The simulator: what GitHub would answer to a request, in memory or on a socket of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import Self

from analyzer.demo.simulator import githttp, graph, rest
from analyzer.demo.simulator.counts import Counts
from analyzer.demo.simulator.exchange import Area, Asked, Json, Request, Response, Wait, answer, query_in, refused
from analyzer.demo.simulator.faults import Altered, Cut, Fault, Rule, Said, Script, Shifted, Slow, Unfiltered, Withheld
from analyzer.demo.simulator.quotas import Quotas
from analyzer.demo.simulator.rest import Asker, Desk
from analyzer.demo.simulator.server import Server
from analyzer.demo.simulator.views import Views
from analyzer.demo.simulator.world import Kind, Repository, World

API_VERSIONS = ("2022-11-28", "2026-03-10")

IN_MEMORY = "http://127.0.0.1"
"""The address that a simulator without a socket names in its answers."""

_LIMITED = "API rate limit exceeded for user ID 1000."
_NO_LIMITS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for: whose it is, and its scopes (None for a kind of token that has none)."""

    login: str
    scopes: tuple[str, ...] | None = ()


class Simulator:
    """A GitHub that holds one world. In a ``with`` block it listens on a free port of 127.0.0.1.

    ``rules`` are faults by script. ``tokens`` are those that it accepts; None accepts every one, as the first user's
    without scopes. ``limits`` replaces hourly limits of tokens (``core``, ``graphql``). ``clock`` gives the seconds
    since 1970 that its dates and limits go by.
    """

    def __init__(
        self,
        world: World,
        *,
        rules: Sequence[Rule] = (),
        tokens: Mapping[str, Grant] | None = None,
        limits: Mapping[str, int] = _NO_LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = world
        self.counts = Counts()
        self.script = Script(list(rules))
        self.url = IN_MEMORY
        self._tokens = tokens
        self._clock = clock
        self._quotas = Quotas(limits, clock)
        self._number = 0
        self._lock = Lock()
        self._counting = Lock()  # apart, so that a request that waits for its turn counts as being in flight
        self._server: Server | None = None

    # --- on a socket -------------------------------------------------------

    def __enter__(self) -> Self:
        self._server = Server(self.answering, self.counts)
        self.url = self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.stop()
            self._server, self.url = None, IN_MEMORY

    # --- one exchange ------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """The whole answer at once, without a socket and without any delay."""
        with self.answering(request) as response:
            return response.whole()

    @contextmanager
    def answering(self, request: Request) -> Generator[Response]:
        """The answer while it is being sent: until the end of the block the request is in flight."""
        asked = understood(request)
        with self._counting:
            number, self._number = self._number, self._number + 1
            self.counts.begun(request, asked, self.url.partition("://")[2], self._clock())
        try:
            with self._lock:
                response = self._answered(request, asked, self.script.fault(number, asked), number)
            with self._counting:
                self.counts.answered(asked, response, self._clock())
            try:
                yield response
            finally:
                if response.stream is not None:
                    response.stream.close()
        finally:
            with self._counting:
                self.counts.ended(asked)

    def _answered(self, request: Request, asked: Asked, fault: Fault | None, number: int) -> Response:
        if isinstance(fault, Shifted):
            self.world = fault.change(self.world)
        asker = self._asker(request)
        if isinstance(fault, Said):
            response = _said(fault)
        elif asked.area is Area.GIT:
            return self._git(request, asked, fault)
        else:
            response = self._api(request, asked, asker, fault)
        headers = self._headers(request, asked, asker, number) | dict(response.headers)
        if isinstance(fault, Said) and fault.resets_in is not None:
            headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(self._clock()) + fault.resets_in)}
        return _bent(replace(response, headers=headers), fault)

    def _headers(self, request: Request, asked: Asked, asker: Asker | None, number: int) -> dict[str, str]:
        headers = {
            "date": formatdate(self._clock(), usegmt=True),
            "server": "github.com",
            "x-github-request-id": f"{number:04X}:{0x51A9:X}",
            "x-github-api-version-selected": request.headers.get("x-github-api-version", API_VERSIONS[0]),
        }
        if asker is None or asked.area is Area.GIT:
            return headers
        if asker.scopes is not None:
            headers["x-oauth-scopes"] = ", ".join(asker.scopes)
        return headers | self._quotas.headers(asker.token, asked.area)

    def _asker(self, request: Request) -> Asker | None:
        """Who asks; None for a token that is not accepted."""
        token = request.token
        if not token:
            return Asker()
        if self._tokens is None:
            users = (account.login for account in self.world.accounts if account.kind is Kind.USER)
            return Asker(token, next(users, ""), ())
        grant = self._tokens.get(token)
        return Asker(token, grant.login, grant.scopes) if grant else None

    # --- the API -----------------------------------------------------------

    def _api(self, request: Request, asked: Asked, asker: Asker | None, fault: Fault | None) -> Response:
        if not request.headers.get("user-agent"):
            return refused(403, "Request forbidden by administrative rules. Please make sure it has a User-Agent.")
        if request.headers.get("x-github-api-version", API_VERSIONS[0]) not in API_VERSIONS:
            return refused(400, "This API version is not supported.")
        if asker is None:
            return refused(401, "Bad credentials")
        if asked.area is Area.GRAPHQL:
            return self._graphql(request, asker, fault)
        return self._rest(request, asked, asker)

    def _rest(self, request: Request, asked: Asked, asker: Asker) -> Response:
        response = Desk(self.world, self.url, self._quotas).answer(request, asker)
        if response.status == 304 or asked.is_free:
            return response
        if not self._pay(asker, Area.REST, 1):
            return replace(refused(403, _LIMITED), wait=self._until_reset(asker, Area.REST))
        return response

    def _graphql(self, request: Request, asker: Asker, fault: Fault | None) -> Response:
        sent = query_in(request.body)
        if not asker.token:
            return refused(401, "This endpoint requires you to be authenticated.")
        if request.method != "POST" or sent is None:
            return refused(400, "Problems parsing JSON")
        question = graph.understood(*sent)
        if not isinstance(question, graph.Question):
            return answer(200, question)
        if not self._pay(asker, Area.GRAPHQL, question.cost.points):
            body = {"errors": [{"type": "RATE_LIMITED", "message": _LIMITED}]}
            return replace(answer(200, body), wait=self._until_reset(asker, Area.GRAPHQL))
        withheld = fault.fields if isinstance(fault, Withheld) else frozenset[str]()
        root = Views(self.world, self._clock()).root(self._told_limit(asker, question))
        return replace(answer(200, graph.executed(question, root, withheld)), points=question.cost.points)

    def _told_limit(self, asker: Asker, question: graph.Question) -> dict[str, int | str]:
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

    # --- git ---------------------------------------------------------------

    def _git(self, request: Request, asked: Asked, fault: Fault | None) -> Response:
        full_name, _, step = asked.path.strip("/").partition(".git/")
        found = self.world.found(full_name)
        if step not in githttp.STEPS:
            return refused(403, "Only reading over git's smart protocol is served.")
        if found is None or found.git_dir is None:
            return Response(401, {"www-authenticate": 'Basic realm="GitHub"'}, b"Repository not found.")
        if not _is_named(found, full_name):
            return Response(301, {"location": f"{self.url}/{found.full_name}.git/{_rest_of(request, step)}"})
        with_filter = not isinstance(fault, Unfiltered)
        return _bent(githttp.serve(found.git_dir, step, request, with_filter=with_filter), fault)


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


def _is_named(repository: Repository, full_name: str) -> bool:
    return repository.full_name.lower() == full_name.lower()


def _rest_of(request: Request, step: str) -> str:
    query = request.target.partition("?")[2]
    return f"{step}?{query}" if query else step


def _said(fault: Said) -> Response:
    """The answer that a rule gives instead."""
    retry_after = fault.headers.get("retry-after")
    wait = None
    if fault.resets_in is not None:
        wait = Wait(fault.resets_in, is_for_all=False)
    elif retry_after or fault.waits:
        wait = Wait(float(retry_after or fault.waits or 0), is_for_all=fault.status != 503)
    if isinstance(fault.body, str):
        return Response(fault.status, fault.headers, fault.body.encode(), wait=wait)
    body: Json = fault.body
    return replace(answer(fault.status, body, fault.headers), wait=wait)


def _bent(response: Response, fault: Fault | None) -> Response:
    """The right answer as the line lets it through."""
    match fault:
        case Slow(seconds):
            return replace(response, delay=seconds)
        case Cut(after):
            return replace(response, cut_after=after)
        case Altered(change):
            return replace(response, body=change(response.body))
        case _:
            return response
