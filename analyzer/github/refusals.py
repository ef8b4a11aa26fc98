"""Final answers as errors: what GitHub said, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.errors import (
    AccessRefused,
    AnswerUnusable,
    AuthenticationFailed,
    Blocked,
    EmptyRepository,
    NotReady,
    NotVisible,
    RequestInvalid,
    ServiceError,
    ServiceFailed,
)
from analyzer.github.fields import Node
from analyzer.github.limits import Headers

NO_RIGHT_TYPES = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED"})
"""GraphQL's names for a missing right."""

NEW_TOKEN = "Make one without any scope at https://github.com/settings/tokens and give it in GH_TOKEN or --token-file."  # noqa: S105

_NO_RIGHT = re.compile(r"not accessible by|must have|saml|\bsso\b|required scopes|admin rights", re.IGNORECASE)
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What the body of a refusal says."""

    message: str
    block_reason: str


def said_in(body: Node) -> Said:
    """Read message and block reason; a body that is something else says nothing."""
    try:
        block = body.child("block")
        return Said(body.text("message"), (block.text("reason") or "unknown") if block else "")
    except AnswerUnusable:
        return Said("", "")


def no_right(message: str) -> bool:
    """Whether a message is about a missing right, whatever the headers look like."""
    return bool(_NO_RIGHT.search(message))


def refusal(status: int, said: Said, headers: Headers) -> ServiceError | EmptyRepository:
    """The error for a status that asking again does not change."""
    if said.block_reason or status == 451:
        return Blocked(f"GitHub blocked access to this repository ({said.block_reason or 'legal reasons'}).")
    if status == 401:
        return AuthenticationFailed("GitHub does not accept the token.", NEW_TOKEN)
    if status == 403:
        return _no_access(said.message, headers)
    if status in {404, 410}:
        return NotVisible("GitHub shows nothing there: unknown, private, deleted or suspended.")
    if status == 409:
        return EmptyRepository("The repository has no commit yet.")
    if status == 202:
        return NotReady("GitHub still computes this.", "Ask again in some minutes.")
    if status in {400, 405, 406, 415, 422}:
        return RequestInvalid(f"GitHub does not understand the request (status {status}): {_shown(said.message)}")
    return ServiceFailed(f"GitHub answered with status {status}, which means nothing to us.")


def refused_query(kind: str, message: str, *, is_refusal: bool) -> ServiceError:
    """The error for a GraphQL answer without data."""
    if kind == "NOT_FOUND":
        return NotVisible("GitHub shows nobody and nothing of that name: unknown, private, deleted or suspended.")
    if is_refusal:
        return AccessRefused(f"The token may not see this: {_shown(message)}")
    return RequestInvalid(f"GitHub does not understand the query: {_shown(message)}")


def _no_access(message: str, headers: Headers) -> AccessRefused:
    if "x-github-sso" in headers:
        return AccessRefused("The organisation wants the token approved for its single sign-on.", "Use another token.")
    return AccessRefused(f"The token may not see this: {_shown(message)}")


def _shown(message: str) -> str:
    plain = " ".join(message.split())
    return (plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…") or "no message"
