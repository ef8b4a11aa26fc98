"""The simulator: what GitHub would answer to a request, in memory or on a socket of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import Self

from analyzer.demo.simulator import githttp
from analyzer.demo.simulator.api import Api, Grant, understood
from analyzer.demo.simulator.counts import Counts
from analyzer.demo.simulator.exchange import Area, Asked, Request, Response, Wait, answer
from analyzer.demo.simulator.faults import Altered, Cut, Fault, Rule, Said, Script, Shifted, Slow, Unfiltered, Withheld
from analyzer.demo.simulator.server import Server
from analyzer.demo.simulator.world import World

IN_MEMORY = "http://127.0.0.1"
"""The address that a simulator without a socket names in its answers."""

_USUAL_LIMITS: Mapping[str, int] = MappingProxyType({})


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
        limits: Mapping[str, int] = _USUAL_LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = world
        self.counts = Counts()
        self.script = Script(list(rules))
        self.url = IN_MEMORY
        self._api = Api(tokens, limits, clock)
        self._clock = clock
        self._number = 0
        self._turn = Lock()
        self._counting = Lock()  # apart, so that a request that waits for its turn counts as being in flight
        self._server: Server | None = None

    # --- on a socket -------------------------------------------------------

    def __enter__(self) -> Self:
        githttp.check()
        self._server = Server(self.answering)
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
            with self._turn:
                response = self._answered(request, asked, number)
            with self._counting:
                self.counts.answered(asked, response, self._clock())
            with self._measured(response) as sent:
                yield sent
        finally:
            with self._counting:
                self.counts.ended(asked)

    @contextmanager
    def _measured(self, response: Response) -> Generator[Response]:
        """The same answer, its stream counted while it is read and closed at the end."""
        stream = response.stream
        if stream is None:
            yield response
            return

        def counted() -> Generator[bytes]:
            for chunk in stream:
                with self._counting:
                    self.counts.bytes_out += len(chunk)
                yield chunk

        try:
            yield replace(response, stream=counted())
        finally:
            stream.close()

    def _answered(self, request: Request, asked: Asked, number: int) -> Response:
        fault = self.script.fault(number, asked)
        if isinstance(fault, Shifted):
            self.world = fault.change(self.world)
        if isinstance(fault, Said):
            response = _said(fault, self._clock())
        elif asked.area is Area.GIT:
            response = self._git(request, asked, with_filter=not isinstance(fault, Unfiltered))
        else:
            withheld = fault.fields if isinstance(fault, Withheld) else frozenset[str]()
            response = self._api.answer(self.world, self.url, request, asked, withheld)
        if asked.area is not Area.GIT:
            above = self._api.headers(self.world, request, asked, number)
            response = replace(response, headers={**above, **response.headers})
        return _bent(response, fault)

    def _git(self, request: Request, asked: Asked, *, with_filter: bool) -> Response:
        """One step of reading a repository; a renamed one has moved, and for others git is asked for a password."""
        full_name, _, step = asked.path.strip("/").partition(".git/")
        found = self.world.found(full_name)
        if step not in githttp.STEPS:
            return Response(403, {}, b"Only reading over git's smart protocol is served.")
        if found is None or found.git_dir is None:
            return Response(401, {"www-authenticate": 'Basic realm="GitHub"'}, b"Repository not found.")
        if found.full_name.lower() != full_name.lower():
            return Response(
                301, {"location": f"{self.url}/{found.full_name}.git/{request.target.partition('.git/')[2]}"}
            )
        return githttp.serve(found.git_dir, step, request, with_filter=with_filter)


def _said(fault: Said, now: float) -> Response:
    """The answer that a rule gives instead."""
    headers = dict(fault.headers)
    retry_after = float(headers.get("retry-after", fault.waits or 0))
    wait = Wait(retry_after, is_for_all=fault.status != 503) if retry_after else None
    if fault.resets_in is not None:
        headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(now) + fault.resets_in)}
        wait = Wait(fault.resets_in, is_for_all=False)
    if isinstance(fault.body, str):
        return Response(fault.status, headers, fault.body.encode(), wait=wait)
    return replace(answer(fault.status, fault.body, headers), wait=wait)


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
