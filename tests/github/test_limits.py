"""How long to wait: GitHub's order, its own clock, and never more than about an hour."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from analyzer.github.limits import LONGEST_WAIT, Limit, kind_of, quota, wait_for
from tests.github.stage import BEGIN

DATE = formatdate(BEGIN, usegmt=True)
RESET = str(int(BEGIN) + 900)
USED_UP = {"date": DATE, "x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}


@pytest.mark.parametrize(
    ("headers", "times", "seconds"),
    [
        ({"retry-after": "30"}, 0, 30),
        ({**USED_UP, "retry-after": "30"}, 0, 30),
        ({"date": DATE, "retry-after": formatdate(BEGIN + 90, usegmt=True)}, 0, 90),
        (USED_UP, 0, 901),
        (USED_UP, 3, 901),
        ({**USED_UP, "x-ratelimit-remaining": "5"}, 0, 60),
        ({}, 0, 60),
        ({}, 1, 120),
        ({}, 5, 1920),
        ({}, 6, LONGEST_WAIT),
        ({}, 10_000, LONGEST_WAIT),
        ({"retry-after": "0"}, 0, 1),
        ({"retry-after": "-5"}, 0, 60),
        ({"retry-after": "soon"}, 0, 60),
        ({"retry-after": "999999"}, 0, LONGEST_WAIT),
        ({"retry-after": "9" * 400}, 0, 60),
        ({"retry-after": "٣"}, 0, 60),
        ({**USED_UP, "x-ratelimit-reset": f"{RESET}000"}, 0, LONGEST_WAIT),  # milliseconds, as recordings have them
        ({**USED_UP, "x-ratelimit-reset": "1"}, 0, 1),
        ({**USED_UP, "x-ratelimit-reset": "nan"}, 0, 60),
    ],
)
def test_waits(headers: dict[str, str], times: int, seconds: float) -> None:
    assert wait_for(headers, now=BEGIN, times=times) == seconds


@pytest.mark.parametrize("skew", [-86_400, -3_600, 0, 3_600, 86_400])
def test_a_wrong_clock_here_does_no_harm(skew: float) -> None:
    assert wait_for(USED_UP, now=BEGIN + skew) == 901


def test_without_a_date_our_own_clock_has_to_do() -> None:
    assert wait_for({**USED_UP, "date": "yesterday"}, now=BEGIN + 300) == 601
    assert wait_for({**USED_UP, "date": "Tue, 14 Nov 2023 22:13:20 -0000"}, now=0) == 901


@pytest.mark.parametrize(
    ("headers", "message", "limit"),
    [
        (USED_UP, "API rate limit exceeded for user ID 1.", Limit.PRIMARY),
        ({"x-ratelimit-remaining": "4990"}, "You have exceeded a secondary rate limit.", Limit.SECONDARY),
        (USED_UP, "You have exceeded a secondary rate limit.", Limit.SECONDARY),
        ({}, "You have triggered an abuse detection mechanism.", Limit.SECONDARY),
        ({}, "", Limit.SECONDARY),
    ],
)
def test_which_limit(headers: dict[str, str], message: str, limit: Limit) -> None:
    assert kind_of(headers, message) is limit


def test_a_server_without_limits_tells_nothing() -> None:
    seen = quota({}, BEGIN)
    assert (seen.limit, seen.remaining, seen.used, seen.resets_in) == (None, None, None, None)
