"""One finding of ``shiptrace doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["bad", "warn", "ok"]

BAD: State = "bad"
WARN: State = "warn"
OK: State = "ok"
ORDER = (BAD, WARN, OK)
"""What blocks comes first."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and found, in words. ``advice`` says what to do where it is not ok.

    ``bad`` is what something needs and is not there; ``warn`` is worth to know and blocks nothing.
    """

    name: str
    state: State
    found: str
    advice: str = ""
