"""What was asked of the simulator: how often, how much, how many at once, and what should never have been."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analyzer.demo.simulator.exchange import Area, Asked, Request, Response, Wait


def _counter() -> Counter[str]:
    return Counter()


@dataclass(slots=True)
class Counts:
    """Counted as it happens. Times are the simulator's own.

    ``requests`` is by document, form of the path and step of git; ``most_in_flight`` by :class:`Area`.
    ``during_wait`` are requests that were sent although an answer had said to wait; ``leaks`` those with an
    Authorization header to git or under another host's name; ``tokens`` all that were ever seen.
    """

    requests: Counter[str] = field(default_factory=_counter)
    points: int = 0
    n_unchanged: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    most_in_flight: Counter[str] = field(default_factory=_counter)
    during_wait: list[str] = field(default_factory=list[str])
    leaks: list[str] = field(default_factory=list[str])
    tokens: set[str] = field(default_factory=set[str], repr=False)
    _in_flight: Counter[str] = field(default_factory=_counter, repr=False)
    _waits: dict[Area, float] = field(default_factory=dict[Area, float], repr=False)

    @property
    def n_api(self) -> int:
        """Requests to GraphQL and REST."""
        return sum(n for name, n in self.requests.items() if not name.startswith("git "))

    def begun(self, request: Request, asked: Asked, host: str, now: float) -> None:
        """A request has come in at ``host``."""
        self.requests[asked.name] += 1
        self.bytes_in += len(request.body)
        self._in_flight[asked.area] += 1
        self.most_in_flight[asked.area] = max(self.most_in_flight[asked.area], self._in_flight[asked.area])
        if now < self._waits.get(asked.area, 0.0) and not asked.is_free:
            self.during_wait.append(asked.name)
        if "authorization" in request.headers:
            self.tokens.add(request.token)
            if asked.area is Area.GIT or request.headers.get("host", host) != host:
                self.leaks.append(f"{request.method} {request.headers.get('host', host)}{request.path}")

    def answered(self, asked: Asked, response: Response, now: float) -> None:
        """The answer is known and is about to be sent."""
        self.points += response.points
        self.n_unchanged += response.status == 304
        self.bytes_out += len(response.body if response.cut_after is None else response.body[: response.cut_after])
        if response.wait is not None:
            self._told(asked, response.wait, now)

    def ended(self, asked: Asked) -> None:
        """The answer was sent, or could not be."""
        self._in_flight[asked.area] -= 1

    def _told(self, asked: Asked, wait: Wait, now: float) -> None:
        for area in (Area.REST, Area.GRAPHQL) if wait.is_for_all else (asked.area,):
            self._waits[area] = max(self._waits.get(area, 0.0), now + wait.seconds)
