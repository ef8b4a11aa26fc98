"""People on the command line: a login, or the address of a GitHub profile, which stands for its login."""

from __future__ import annotations

import re

_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([^/?#]+)/?", re.IGNORECASE)


def login_in(text: str) -> str | None:
    """The login in the address of a profile; None for any other text."""
    profile = _PROFILE.fullmatch(text)
    return profile[1] if profile else None


def named(text: str) -> str:
    """The login that an argument names; whether it is one, and whether it is stored, is for the command to say."""
    return login_in(text) or text
