"""Which of GitHub's limits was met and how long it wants us to wait.

The order is GitHub's: ``retry-after``; else ``x-ratelimit-reset`` where nothing remains, counted from the date of the
answer itself, so that a wrong clock here does no harm; else a minute, and twice as long each further time. Nothing that
an answer says makes us wait longer than :data:`LONGEST_WAIT`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

Headers = Mapping[str, str]
"""Names in lower case."""

LONGEST_WAIT = 3_700.0
"""Seconds. Limits are by the hour; more is a wrong date somewhere."""

_WITHOUT_A_WORD = 60.0
_MARGIN = 1.0


class Limit(StrEnum):
    """Four limits. Waiting helps against the first two, asking for less against the others."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    RESOURCE = "resource"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer's headers tell of the hourly limit. ``resets_in`` is in seconds from the answer's date."""

    resource: str
    limit: int | None
    remaining: int | None
    used: int | None
    resets_in: float | None


def quota(headers: Headers, now: float) -> Quota:
    """Read the ``x-ratelimit`` headers; an enterprise's server may send none. ``now`` stands in for a missing date."""
    reset = _number(headers.get("x-ratelimit-reset"))
    return Quota(
        resource=headers.get("x-ratelimit-resource", ""),
        limit=_whole(headers.get("x-ratelimit-limit")),
        remaining=_whole(headers.get("x-ratelimit-remaining")),
        used=_whole(headers.get("x-ratelimit-used")),
        resets_in=None if reset is None else _bounded(reset - answered_at(headers, now) + _MARGIN),
    )


def kind_of(headers: Headers, message: str) -> Limit:
    """Primary when the hour's points are used up, secondary for everything that is not told before."""
    if "secondary" in message.lower() or "abuse" in message.lower():
        return Limit.SECONDARY
    return Limit.PRIMARY if _whole(headers.get("x-ratelimit-remaining")) == 0 else Limit.SECONDARY


def wait_for(headers: Headers, *, now: float, times: int = 0) -> float:
    """Seconds to wait. ``times`` is how often in a row the limit was met before."""
    asked = retry_after(headers, now)
    if asked is not None:
        return asked
    seen = quota(headers, now)
    if seen.remaining == 0 and seen.resets_in is not None:
        return seen.resets_in
    return _bounded(_WITHOUT_A_WORD * 2.0 ** min(times, 10))


def answered_at(headers: Headers, now: float) -> float:
    """When the server answered by its own clock, in seconds since 1970; ``now`` where it does not say."""
    return _date(headers.get("date", "")) or now


def retry_after(headers: Headers, now: float) -> float | None:
    """Seconds that the server asks us to wait, by number or by date; None when it does not."""
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is not None:
        return _bounded(seconds)
    date = _date(text)
    return None if date is None else _bounded(date - answered_at(headers, now))


def _date(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None


def _number(text: str | None) -> float | None:
    whole = _whole(text)
    return None if whole is None else float(whole)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 15 else None


def _bounded(seconds: float) -> float:
    return min(max(seconds, _MARGIN), LONGEST_WAIT) if math.isfinite(seconds) else LONGEST_WAIT
