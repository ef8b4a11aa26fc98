"""People on the command line: a login, or the address of a GitHub profile, which stands for its login."""

from __future__ import annotations

from analyzer.people_list import login_in

__all__ = ["login_in", "named"]


def named(text: str) -> str:
    """The login that an argument names; whether it is one, and whether it is stored, is for the command to say."""
    return login_in(text) or text
