"""Git's complaints in words of ours, the same for the same cause, so that what failed alike can be told together."""

from __future__ import annotations

import re

from analyzer.errors import GitFailed

_NAMES_AN_OBJECT = re.compile(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{2}/[0-9a-f]{38}\b")


def cause(failed: GitFailed, otherwise: str) -> str:
    """What git complained of, without the object's name; ``otherwise`` where it said nothing."""
    if _NAMES_AN_OBJECT.search(failed.detail):
        return "an object is missing or damaged"
    return failed.detail.rpartition("fatal: ")[2].removeprefix("error: ") or otherwise
