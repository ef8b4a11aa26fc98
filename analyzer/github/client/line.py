"""The line to GitHub: one request at a time, to one host, within the limits.

A limit that passes soon is waited for; a long one ends in :class:`RateLimited` with the time when it can go on, and
until then nothing is sent. Trouble of the moment is tried again a few times, with longer pauses. The token is put on
the wire by an object that knows the host, and stands in no header, log or error of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Protocol

import httpx

from analyzer.errors import AnswerUnusable, RateLimited, ServiceFailed
from analyzer.github.budget import Budget
from analyzer.github.client.trouble import as_the_environment_says, told
from analyzer.github.clock import Clock
from analyzer.github.host import Host
from analyzer.github.limits import Limit, quota
from analyzer.github.token import Token
from analyzer.github.wire import (
    ACCEPT,
    API_VERSION,
    GRAPHQL,
    REST,
    Answer,
    Broken,
    Request,
    TooMuch,
    Verdict,
    Wait,
)

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of an unpacked answer; ours have some 100,000."""

RETRIES = 3
"""How often a request is sent again for trouble of the moment."""

LIMITED_IN_A_ROW = 5
"""How often a request may meet a limit before it is given up."""

FAILURES_IN_A_ROW = 12
"""Failures of whatever requests, without any success between them, that mean an outage."""

FREE = "rate_limit"
"""The request that costs no points, so that it may be asked when none are left."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_LONGEST_ANSWER = 120.0


class Judge(Protocol):
    """What an answer means; ``times`` is how often in a row the request met a limit."""

    def __call__(self, answer: Answer, *, now: float, times: int = 0) -> Verdict: ...


class _Bearer(httpx.Auth):
    """Puts the token on requests to the API of one host, and on no other."""

    def __init__(self, token: Token, host: Host) -> None:
        self._token = token
        self._host = host

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._host.allows(str(request.url)):
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Line:
    """Sends requests and gives verdicts. Parameters as of :class:`analyzer.github.client.Client`."""

    def __init__(
        self,
        token: Token | None,
        host: Host,
        budget: Budget,
        *,
        patience: float,
        retries: int = RETRIES,
        on_wait: Callable[[Limit, float], None] | None,
        clock: Clock,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._has_token = token is not None
        self._budget = budget
        self._patience = patience
        self._retries = retries
        self._on_wait = on_wait
        self._clock = clock
        self._gates: dict[str, tuple[float, Limit]] = {}
        self._failures = 0
        self._lock = Lock()
        with as_the_environment_says():
            self._http = httpx.Client(
                auth=None if token is None else _Bearer(token, host),
                timeout=_TIMEOUT,
                follow_redirects=False,
                trust_env=not host.is_loopback,  # a proxy has no business between us and this machine
                limits=httpx.Limits(max_connections=1),
                transport=transport,
            )
        self._http.headers = httpx.Headers(
            {
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip",
                "User-Agent": f"shiptrace/{_version()}",
                "X-GitHub-Api-Version": API_VERSION,
            }
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def count_points(self, points: int) -> None:
        """Add what GitHub says that a question cost."""
        with self._lock:
            self._budget.points += points

    def settled(self, request: Request, judged: Judge, *, may_shrink: bool = False) -> tuple[Answer, Verdict]:
        """Ask until waiting and trying again are of no more use; never gives :class:`Wait` or :class:`Broken`.

        ``may_shrink`` says that the caller can ask for less, which then comes before asking the same again.
        """
        limited = failed = 0
        with self._lock:
            while True:
                self._pass_gate(request)
                answer, verdict = self._asked(request, judged, limited)
                match verdict:
                    case Wait():
                        limited += 1
                        self._close_gate(request, verdict, for_good=limited > LIMITED_IN_A_ROW)
                    case TooMuch(limit, reason):
                        self._count_failure(reason)
                        if may_shrink or limit is Limit.RESOURCE or failed >= self._retries:
                            return answer, verdict
                        self._clock.sleep(2.0**failed)
                        failed += 1
                    case Broken(reason, seconds, way_out):
                        self._count_failure(reason)
                        if failed >= self._retries or seconds > self._patience:
                            if seconds:  # whoever asks next has to wait for it
                                self._close_gate(request, Wait(Limit.SECONDARY, seconds))
                            how_often = f", {failed + 1} times" if failed else ""
                            raise ServiceFailed(f"{reason[:1].upper()}{reason[1:]}{how_often}.", way_out)
                        self._clock.sleep(max(seconds, 2.0**failed))
                        failed += 1
                    case _:
                        self._failures = 0
                        self._note_quota(answer, request.resource)
                        return answer, verdict

    def _asked(self, request: Request, judged: Judge, limited: int) -> tuple[Answer, Verdict]:
        self._budget.requests[request.name] += 1
        answer = self._send(request)
        if isinstance(answer, Broken):
            return Answer(0, {}, b""), answer
        return answer, judged(answer, now=self._clock.now(), times=limited)

    # --- limits ------------------------------------------------------------

    def _pass_gate(self, request: Request) -> None:
        until, limit = self._gates.get(request.resource, (0.0, Limit.PRIMARY))
        seconds = until - self._clock.monotonic()
        if seconds <= 0 or (limit is Limit.PRIMARY and request.name == FREE):
            return
        if seconds > self._patience:
            raise self._rate_limited(limit, seconds)
        if self._on_wait:
            self._on_wait(limit, seconds)
        self._budget.waits.append((limit, seconds))
        self._clock.sleep(seconds)

    def _close_gate(self, request: Request, wait: Wait, *, for_good: bool = False) -> None:
        """Let nothing pass before its time: nothing of this kind, or nothing at all for a secondary limit."""
        until = self._clock.monotonic() + wait.seconds
        for resource in (request.resource,) if wait.limit is Limit.PRIMARY else (REST, GRAPHQL):
            if until > self._gates.get(resource, (0.0, wait.limit))[0]:
                self._gates[resource] = (until, wait.limit)
        if for_good:
            raise self._rate_limited(wait.limit, wait.seconds)

    def _note_quota(self, answer: Answer, resource: str) -> None:
        seen = quota(answer.headers, self._clock.now())
        self._budget.quotas[resource] = seen
        if seen.remaining == 0 and seen.resets_in is not None:
            self._gates[resource] = (self._clock.monotonic() + seen.resets_in, Limit.PRIMARY)

    def _rate_limited(self, limit: Limit, seconds: float) -> RateLimited:
        minutes = max(1, round(seconds / 60))
        return RateLimited(
            f"GitHub's {limit} limit is reached; it can go on in about {minutes} min.",
            "Run the same command again then: it goes on where it stopped."
            if self._has_token
            else "With a token the limit is much higher: give one in GH_TOKEN.",
            self._clock.now() + seconds,
        )

    def _count_failure(self, reason: str) -> None:
        self._failures += 1
        self._budget.n_failures += 1
        if self._failures > FAILURES_IN_A_ROW:
            raise ServiceFailed(
                f"GitHub failed {self._failures} times in a row, lastly: {reason}.", Broken(reason).way_out
            )

    # --- one exchange ------------------------------------------------------

    def _send(self, request: Request) -> Answer | Broken:
        headers = {"If-None-Match": request.etag} if request.etag else {}
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        method = "GET" if request.body is None else "POST"
        try:
            with self._http.stream(method, request.url, content=request.body, headers=headers) as response:
                body = self._body(response)
                if isinstance(body, Broken):
                    return body
                return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
        except httpx.RequestError as error:  # a verdict, not an error of ours that would carry this one along
            return told(error)

    def _body(self, response: httpx.Response) -> bytes | Broken:
        if response.headers.get("content-encoding", "identity") not in {"identity", "gzip"}:
            raise AnswerUnusable("GitHub's answer is packed in a way that we did not ask for.")
        started_at = self._clock.monotonic()
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise AnswerUnusable(f"GitHub's answer has more than {LARGEST_BODY:,} bytes.")
            if self._clock.monotonic() - started_at > _LONGEST_ANSWER:
                return Broken("the answer did not come to its end in time")
        self._budget.bytes_read += response.num_bytes_downloaded
        return bytes(body)


def _version() -> str:
    try:
        return version("shiptrace")
    except PackageNotFoundError:
        return "0"
