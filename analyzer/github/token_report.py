"""What a token may do and what is left of its hour, for ``doctor``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.github.limits import Headers
from analyzer.github.records import Points

_HARMLESS = frozenset({"user:email", ""})


@dataclass(frozen=True, slots=True)
class TokenReport:
    """The answer to *is this a good token*. ``scopes`` is None for a kind of token that does not tell them.

    ``login`` is empty without a token, and for one that belongs to an app and not to a person. ``expires`` is GitHub's
    own text. ``points`` is by kind of request: ``core``, ``graphql``, ``search``.
    """

    login: str
    scopes: tuple[str, ...] | None
    expires: str
    points: Mapping[str, Points]

    @property
    def can_write(self) -> tuple[str, ...]:
        """The scopes that allow more than to read."""
        return tuple(s for s in self.scopes or () if not s.startswith("read:") and s not in _HARMLESS)


def scopes_in(headers: Headers) -> tuple[str, ...] | None:
    """The scopes of a classic token; an empty header means none, a missing one that GitHub does not tell."""
    header = headers.get("x-oauth-scopes")
    if header is None:
        return None
    return tuple(scope.strip() for scope in header.split(",") if scope.strip())
