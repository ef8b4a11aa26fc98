"""The hourly limits, for each token by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

ANONYMOUS: Mapping[str, int] = {"core": 60, "graphql": 0, "search": 10}
WITH_TOKEN: Mapping[str, int] = {"core": 5000, "graphql": 5000, "search": 30}

HOUR = 3600


@dataclass(slots=True)
class Quota:
    """One limit of one token. ``reset`` is in seconds since 1970."""

    limit: int
    reset: int
    used: int = 0

    @property
    def remaining(self) -> int:
        """What is left of the hour."""
        return max(0, self.limit - self.used)

    def counts(self) -> dict[str, int]:
        """As ``/rate_limit`` tells it."""
        return {"limit": self.limit, "remaining": self.remaining, "reset": self.reset, "used": self.used}


class Quotas:
    """The limits of everybody. ``limits`` replaces those of a token."""

    def __init__(self, limits: Mapping[str, int], clock: Callable[[], float]) -> None:
        self._limits = {**WITH_TOKEN, **limits}
        self._clock = clock
        self._known: dict[tuple[str, str], Quota] = {}

    def of(self, token: str, resource: str) -> Quota:
        """The limit as it stands; an hour begins when it is first asked for."""
        now = int(self._clock())
        known = self._known.get((token, resource))
        if known is None or now >= known.reset:
            limit = (self._limits if token else ANONYMOUS)[resource]
            known = self._known[token, resource] = Quota(limit, now + HOUR)
        return known

    def headers(self, token: str, resource: str) -> dict[str, str]:
        """The five headers."""
        quota = self.of(token, resource)
        counts = {f"x-ratelimit-{name}": str(value) for name, value in quota.counts().items()}
        return {**counts, "x-ratelimit-resource": resource}
