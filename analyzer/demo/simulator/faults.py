"""Faults by script: which request meets what. The wording is GitHub's, from public reports.

``FAULTS`` has the documented ones by name; :func:`page_over` and :func:`window_over` say for which questions a fault
holds, so that smaller ones pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from analyzer.demo.simulator.exchange import Asked
from analyzer.demo.simulator.world import World


@dataclass(frozen=True, slots=True)
class Said:
    """Another answer instead: JSON, or a text as it is.

    With ``resets_in`` (seconds) it says that no points are left until then. ``waits`` is how long the client has to
    wait although nothing but the message says so; a ``retry-after`` header counts as such by itself.
    """

    status: int
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    resets_in: int | None = None
    waits: int | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """The right answer, but so many seconds later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The right answer, of which the connection lets only so many bytes pass."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class Altered:
    """The right answer with another body."""

    change: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Withheld:
    """GraphQL fields that the token has no right to."""

    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shifted:
    """The world is another one from here on."""

    change: Callable[[World], World]


@dataclass(frozen=True, slots=True)
class Unfiltered:
    """Git's server knows no filters: a partial clone becomes a whole one."""


Fault = Said | Slow | Cut | Altered | Withheld | Shifted | Unfiltered


def _always(asked: Asked) -> bool:
    del asked
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault and where it strikes: every condition must hold.

    ``at`` is the number of the request from 0, whatever it asks. ``on`` is a document, the form of a path
    (``/users/{login}``), a step of git (``git info/refs``) or a path, with ``*`` for anything. ``when`` looks at the
    variables. ``times`` is how often at most.
    """

    fault: Fault
    at: int | None = None
    on: str = "*"
    when: Callable[[Asked], bool] = _always
    times: int | None = None

    def strikes(self, number: int, asked: Asked) -> bool:
        """Whether it holds for the request, however often it has struck."""
        is_named = fnmatchcase(asked.name, self.on) or fnmatchcase(asked.path, self.on)
        return self.at in {None, number} and is_named and self.when(asked)


@dataclass(slots=True)
class Script:
    """Rules in order; the first that holds strikes. ``struck`` counts them by their place in the list."""

    rules: list[Rule]
    struck: dict[int, int] = field(default_factory=dict[int, int])

    def fault(self, number: int, asked: Asked) -> Fault | None:
        """What happens to a request."""
        for place, rule in enumerate(self.rules):
            before = self.struck.get(place, 0)
            if (rule.times is None or before < rule.times) and rule.strikes(number, asked):
                self.struck[place] = before + 1
                return rule.fault
        return None


# --- for which questions ---------------------------------------------------


def page_over(size: int) -> Callable[[Asked], bool]:
    """Questions for more entries at once than that: pages of a list, or repositories by their ids."""
    return lambda asked: max(int(asked.variables.get("pageSize", 0)), len(asked.variables.get("ids", ()))) > size


def window_over(months: int) -> Callable[[Asked], bool]:
    """Questions for contributions of more time than that."""

    def is_longer(asked: Asked) -> bool:
        begin, end = asked.variables.get("from"), asked.variables.get("to")
        if not begin or not end:
            return False
        return datetime.fromisoformat(end) - datetime.fromisoformat(begin) > timedelta(days=31 * months)

    return is_longer


# --- what happens ----------------------------------------------------------


def total_off_by(difference: int) -> Altered:
    """Every ``totalCount`` is wrong by so many."""

    def changed(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "totalCount": fields["totalCount"] + difference} if "totalCount" in fields else fields

    return Altered(lambda body: json.dumps(json.loads(body, object_hook=changed)).encode())


def login_becomes(old: str, new: str) -> Shifted:
    """An account takes another login."""
    return Shifted(lambda world: world.with_login(old, new))


def name_becomes(old: str, new: str) -> Shifted:
    """A repository takes another full name."""
    return Shifted(lambda world: world.with_name(old, new))


def _problem(message: str, kind: str = "", path: tuple[str, ...] = ()) -> dict[str, Any]:
    told: dict[str, Any] = {"message": message}
    return {**({"type": kind} if kind else {}), **({"path": path} if path else {}), **told}


_LIMITED = "API rate limit exceeded for user ID 1000."
_SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
_BROKEN = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub "
    "bug. Please include `0000:0001` when reporting this issue."
)
_HTML = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


def _blocked(reason: str) -> dict[str, Any]:
    block = {"reason": reason, "created_at": "2021-04-22T17:53:56Z", "html_url": f"https://github.com/{reason}"}
    return {"message": "Repository access blocked", "block": block}


FAULTS: Mapping[str, Fault] = {
    "bad_credentials": Said(401, {"message": "Bad credentials", "status": "401"}),
    "rest_primary_limit": Said(403, {"message": _LIMITED}, resets_in=600),
    "rest_primary_limit_429": Said(429, {"message": _LIMITED}, resets_in=600),
    "rest_secondary_limit_retry_after": Said(403, {"message": _SECONDARY}, {"retry-after": "60"}),
    "rest_secondary_limit_no_header": Said(403, {"message": _SECONDARY}, waits=60),
    "graphql_rate_limited": Said(200, {"errors": [_problem(_LIMITED, "RATE_LIMITED")]}, resets_in=600),
    "graphql_rate_limit_variant": Said(200, {"errors": [_problem(_LIMITED, "RATE_LIMIT")]}, resets_in=600),
    "graphql_resource_limits": Said(
        200,
        {
            "data": {"user": None},
            "errors": [_problem("Resource limits for this query exceeded.", "RESOURCE_LIMITS_EXCEEDED", ("user",))],
        },
    ),
    "graphql_timeout_200": Said(200, {"data": None, "errors": [_problem(_BROKEN)]}),
    "graphql_timeout_json": Said(502, {"data": None, "errors": [_problem(_BROKEN)]}),
    "graphql_timeout_json_504": Said(504, {"data": None, "errors": [_problem(_BROKEN)]}),
    "server_timeout_html": Said(502, _HTML, {"content-type": "text/html"}),
    "server_error": Said(500, {"message": "Server Error"}),
    "unavailable": Said(503, "", {"retry-after": "5", "content-type": "text/html"}, waits=5),
    "not_found": Said(404, {"message": "Not Found", "status": "404"}),
    "graphql_not_found": Said(
        200,
        {
            "data": {"user": None},
            "errors": [_problem("Could not resolve to a User with the login of 'gone'.", "NOT_FOUND", ("user",))],
        },
    ),
    "empty_repository_commits": Said(409, {"message": "Git Repository is empty."}),
    "repository_blocked_dmca": Said(451, _blocked("dmca")),
    "repository_blocked_tos": Said(403, _blocked("tos")),
    "stats_not_ready": Said(202, {}),
    "cut_at_once": Cut(),
    "cut_midway": Cut(40),
    "invalid_json": Altered(lambda body: body[: len(body) // 2]),
    "hangs": Slow(3600.0),
    "no_right_to_deployments": Withheld(frozenset({"deployments", "environments"})),
    "no_filter": Unfiltered(),
}
"""The documented faults and those of the line, by name."""
