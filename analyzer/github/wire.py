"""What goes over the wire and what the answer means: requests, and a verdict on every status and body.

No input and output here. GitHub answers the same trouble in several ways, and different troubles with the same status:
a 403 is a limit, a blocked repository or a missing right, a 200 can hold any of the GraphQL errors, and a 502 can be
HTML. Headers and body decide, never the status alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.errors import AnswerUnusable, EmptyRepository, ServiceError
from analyzer.github import refusals
from analyzer.github.fields import Json, Node
from analyzer.github.limits import Headers, Limit, kind_of, retry_after, wait_for

API_VERSION = "2022-11-28"
"""The newest version that still names a pull request's merge commit. An unknown one is refused with 400."""

ACCEPT = "application/vnd.github+json"

REST = "core"
GRAPHQL = "graphql"
"""GitHub's names for the two hourly limits."""

DEEPEST = 64
"""Levels of nesting in an answer; ours need 12."""

_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_LIMIT_TYPES = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_TOO_MUCH_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})
_LIMIT_WORDS = re.compile(r"\brate limit|abuse detection", re.IGNORECASE)
_TIMED_OUT = re.compile(r"something went wrong while executing your query|^timeout on validation", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``name`` is what it is counted under, ``resource`` the hourly limit; a body makes it a POST."""

    url: str
    name: str
    resource: str
    body: bytes | None = field(default=None, repr=False)
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and the whole body."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


# --- verdicts --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """A GraphQL error beside usable data. ``path`` leads to the field that is null because of it."""

    kind: str
    path: tuple[str | int, ...]
    message: str

    @property
    def is_refusal(self) -> bool:
        """Whether the token may not see the field, rather than that it is not there."""
        return self.kind in refusals.NO_RIGHT_TYPES or refusals.no_right(self.message)


@dataclass(frozen=True, slots=True)
class Usable:
    """An answer to read."""

    data: Json
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """304: what was stored still holds."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The thing has another address; whether that may be asked is for the caller to check."""

    location: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A limit that passes with time."""

    limit: Limit
    seconds: float


@dataclass(frozen=True, slots=True)
class TooMuch:
    """A limit that only asking for less helps against."""

    limit: Limit
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Trouble that may have passed by the next time, after at least so many seconds; ``way_out`` where it has not."""

    reason: str
    seconds: float = 0.0
    way_out: str = "Try again later: what was read is kept."


@dataclass(frozen=True, slots=True)
class Refused:
    """Final: asking again gives the same."""

    error: ServiceError | EmptyRepository


Verdict = Usable | Unchanged | Moved | Wait | TooMuch | Broken | Refused


def judge(answer: Answer, *, now: float, times: int = 0) -> Verdict:
    """The verdict on a REST answer. ``now`` and ``times`` as in :func:`analyzer.github.limits.wait_for`."""
    status = answer.status
    if status in {200, 201}:
        return _read(answer.body)
    if status == 204:
        return Usable(None)
    if status == 304:
        return Unchanged()
    if status in {301, 302, 307, 308}:
        return _moved(answer)
    said = refusals.said_in(_object(answer.body))
    if status == 429 or (status == 403 and not said.block_reason and _is_limit(answer.headers, said.message)):
        return Wait(kind_of(answer.headers, said.message), wait_for(answer.headers, now=now, times=times))
    if status >= 500:
        return Broken(f"GitHub answered with status {status}", retry_after(answer.headers, now) or 0.0)
    return Refused(refusals.refusal(status, said, answer.headers))


def judge_graphql(answer: Answer, *, now: float, times: int = 0) -> Verdict:
    """The verdict on a GraphQL answer, most of which have status 200 whatever happened."""
    if answer.status in {502, 504}:
        return TooMuch(Limit.CLOCK, f"GitHub answered with status {answer.status}")
    if answer.status != 200:
        return judge(answer, now=now, times=times)
    read = _read(answer.body)
    if not isinstance(read, Usable):
        return read
    if not isinstance(read.data, Mapping):
        return Broken("the answer is no object")
    problems = _problems(read.data.get("errors"))
    for problem in problems:
        if problem.kind in _LIMIT_TYPES or _LIMIT_WORDS.search(problem.message):
            limit = kind_of(answer.headers, problem.message)
            return Wait(limit, wait_for(answer.headers, now=now, times=times))
        if problem.kind in _TOO_MUCH_TYPES:
            return TooMuch(Limit.RESOURCE, "the query needs more than GitHub grants to one")
        if _TIMED_OUT.search(problem.message):
            return TooMuch(Limit.CLOCK, "the query took longer than GitHub grants to one")
    return _data(read.data.get("data"), problems)


def _data(data: Json, problems: tuple[Problem, ...]) -> Verdict:
    holds = isinstance(data, Mapping) and any(value is not None for key, value in data.items() if key != "rateLimit")
    if holds:
        return Usable(data, problems)
    if not problems:
        return Broken("the answer holds no data")
    first = problems[0]
    return Refused(refusals.refused_query(first.kind, first.message, is_refusal=first.is_refusal))


def _moved(answer: Answer) -> Verdict:
    location = answer.headers.get("location", "")
    if not location:
        return Refused(AnswerUnusable("GitHub says that the thing has moved, but not where to."))
    return Moved(location)


def _is_limit(headers: Headers, message: str) -> bool:
    if refusals.no_right(message):
        return False
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or bool(_LIMIT_WORDS.search(message))


def _problems(errors: Json) -> tuple[Problem, ...]:
    if not isinstance(errors, list):
        return ()
    found: list[Problem] = []
    for error in errors:
        if isinstance(error, Mapping):
            path = error.get("path")
            steps = path if isinstance(path, list) else []
            kind, message = error.get("type"), error.get("message")
            found.append(
                Problem(
                    kind if isinstance(kind, str) else "",
                    tuple(step for step in steps if isinstance(step, str | int)),
                    message if isinstance(message, str) else "",
                )
            )
    return tuple(found)


# --- bodies ----------------------------------------------------------------


def parse(body: bytes) -> Json:
    """Read JSON of bounded depth. Raises ``ValueError`` for what is none, or what only Python takes for it."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise ValueError(f"nested deeper than {DEEPEST} levels")
        elif first in b"]}":
            depth -= 1
    value: Json = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    return value


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


def _read(body: bytes) -> Usable | Broken:
    try:
        return Usable(parse(body))
    except ValueError:
        return Broken("the answer is no JSON, or was cut")


def _object(body: bytes) -> Node:
    """The body of a refusal; often HTML, and then empty."""
    try:
        value = parse(body)
    except ValueError:
        value = None
    return Node(value if isinstance(value, Mapping) else {}, "answer")


# --- the next page ---------------------------------------------------------

_LINK = re.compile(r"<([^<>\s]{1,2000})>((?:;[^<>,;]{1,200}){1,10})")
_NEXT = re.compile(r';\s*rel="?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:;|$)', re.IGNORECASE)


def next_link(headers: Headers) -> str:
    """The address of the next page as a ``Link`` header gives it, followed as it is, never built; empty at the end."""
    for link in _LINK.finditer(headers.get("link", "")[:10_000]):
        if _NEXT.search(link.group(2)):
            return link.group(1)
    return ""


def question(document: str, variables: Mapping[str, Json]) -> bytes:
    """The body of a GraphQL request; the same bytes for the same question."""
    return json.dumps({"query": document, "variables": variables}, ensure_ascii=True, sort_keys=True).encode("ascii")
