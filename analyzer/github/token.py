"""The token: checked before it is used, and shown nowhere."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NoReturn

from analyzer.errors import AuthenticationFailed

_PRINTABLE = re.compile(r"[!-~]{1,1024}")


class Token:
    """A token that does not show itself in ``repr``, in a log, in a traceback with locals or in a pickle.

    ``place`` is where it was found, in words for people.
    """

    __slots__ = ("_secret", "place")

    def __init__(self, text: str, place: str = "") -> None:
        """Take the text without the white space around it. The error for an unusable one does not show it."""
        stripped = text.strip()
        if not _PRINTABLE.fullmatch(stripped):
            del text, stripped
            raise AuthenticationFailed(
                f"The token{f' from {place}' if place else ''} holds white space or characters that no token has.",
                "Make a new one without any scope at https://github.com/settings/tokens and give it in GH_TOKEN.",
            )
        self._secret = stripped
        self.place = place

    def reveal(self) -> str:
        """The token itself, for the one place that puts it on the wire."""
        return self._secret

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell tokens apart and do not lead back."""
        return sha256(b"shiptrace:" + self._secret.encode("ascii")).hexdigest()[:16]

    def __repr__(self) -> str:
        return "Token(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token does not leave its process")
