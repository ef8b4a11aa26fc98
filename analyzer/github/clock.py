"""Time as the client sees it, so that tests need not wait."""

from __future__ import annotations

import time


class Clock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since 1970. May jump; used for dates that people see, and where an answer has none."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment. Never jumps; waits are measured with it."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
