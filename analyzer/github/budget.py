"""What the requests of a run have cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analyzer.github.limits import Limit, Quota


def _counter() -> Counter[str]:
    return Counter()


@dataclass(slots=True)
class Budget:
    """Counts of one client. Points are GitHub's for GraphQL; REST requests count one each unless nothing changed.

    ``quotas`` holds what the newest answer told of each hourly limit, ``bytes_read`` what came over the wire.
    """

    requests: Counter[str] = field(default_factory=_counter)
    points: int = 0
    n_unchanged: int = 0
    n_failures: int = 0
    bytes_read: int = 0
    waits: list[tuple[Limit, float]] = field(default_factory=list[tuple[Limit, float]])
    quotas: dict[str, Quota] = field(default_factory=dict[str, Quota])

    @property
    def n_requests(self) -> int:
        """All requests that were sent."""
        return self.requests.total()

    @property
    def seconds_waited(self) -> float:
        """All time that GitHub's limits cost."""
        return sum(seconds for _, seconds in self.waits)

    def remaining(self, resource: str = "graphql") -> int | None:
        """Points left in this hour; None before the first answer, and where the server has no limits."""
        found = self.quotas.get(resource)
        return found.remaining if found else None
