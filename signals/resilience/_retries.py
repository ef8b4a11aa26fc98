"""Retries as one shape, whichever library makes them: where, whether they end, whether they pause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from signals.file import File
from signals.views.code import Call

_SLEEP = re.compile(r"\bsleep\(|\.wait\(\s*(?:delay|backoff|\d)")
_LOOP = re.compile(r"^(\s*)for\s+(\w+)\s+in\s+range\(([^#\n]{0,120})\):")
_COUNTS = re.compile(r"attempt|retr(?:y|ies)|tries", re.IGNORECASE)
_NEVER = frozenset({"None", "False", "0", "-1", "stop_never", "tenacity.stop_never", "math.inf", 'float("inf")'})
_NO_PAUSE = frozenset({"None", "0", "0.0", "wait_none()", "tenacity.wait_none()", "tenacity.wait_none", "wait_none"})
MAX_BODY = 60
_MAKES_BACKOFF = re.compile(r"\bNewExponentialBackOff\(|\bWithMaxRetries\(|\bWithMaxTries\(|\bWithMaxElapsedTime\(")
_END = re.compile(r"\bMaxElapsedTime(?:\s*[:=]\s*|\()(0\b|[A-Za-z_]\w*(?=\s*(?:[,)}]|//|$)))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Retry:
    """One place where something is tried again; ``by`` is what does it, in words for people."""

    line: int
    by: str
    ends: bool
    pauses: bool


# --- libraries ---------------------------------------------------------------


def in_code(file: File) -> Iterator[Retry]:
    """The retries that libraries make, by their bound calls, and those of Celery's tasks."""
    code = file.code if _MENTIONED.search(file.text) else None
    for call in code.calls if code is not None else ():
        found = _of_library(call, file) if call.bound else None
        if found is None and file.name.endswith(".py") and call.method in ("task", "shared_task"):
            found = _celery(call)
        if found is not None:
            yield found


def _of_library(call: Call, file: File) -> Retry | None:
    judge = next((judge for pattern, judge in _LIBRARIES if pattern.fullmatch(call.name)), None)
    if judge is None:
        return None
    root = call.name.partition(".")[0]
    is_library = f"{root}/__init__.py" in file.paths or f"src/{root}/__init__.py" in file.paths
    if is_library or (file.name.endswith(".go") and "cenkalti/backoff" in call.name and not _go_ends(file)):
        return None
    return judge(call)


def _go_ends(file: File) -> bool:
    """Whether the file makes the back-off that it uses, and does not take its end away: zero means for ever.

    An end that is a name counts where the file itself gives the name a value.
    """
    return _MAKES_BACKOFF.search(file.text) is not None and all(_lasts(end, file) for end in _END.findall(file.text))


def _lasts(end: str, file: File) -> bool:
    """Whether an end is more than zero, as far as this file says."""
    given = re.search(rf"(?<![\w.]){end}(?:\s+time\.Duration)?(?:\s*:?=\s*(\S+)|\s*[,)])", file.text)
    return end != "0" and given is not None and given[1] != "0"


def _is_set(call: Call, *names: str, unset: frozenset[str] = _NEVER) -> bool:
    return any(name in call.keywords and call.keywords[name].text.strip() not in unset for name in names)


def _tenacity(call: Call) -> Retry:
    return Retry(call.line, "tenacity", _is_set(call, "stop"), _is_set(call, "wait", unset=_NO_PAUSE))


def _backoff(call: Call) -> Retry:
    return Retry(call.line, "backoff", _is_set(call, "max_tries", "max_time"), pauses=True)


def _stamina(call: Call) -> Retry:
    endless = {name for name in ("attempts", "timeout") if name in call.keywords and not _is_set(call, name)}
    return Retry(call.line, "stamina", len(endless) < 2, pauses=True)


def _urllib3(call: Call) -> Retry | None:
    positional = bool(call.args) and call.args[0].text not in _NEVER
    named = ("total", "connect", "read", "status", "other")
    ends = positional or _is_set(call, *named) or not (call.args or set(named) & call.keywords.keys())
    if not call.args and not call.keywords:
        return None
    return Retry(call.line, "urllib3", ends, _is_set(call, "backoff_factor", unset=_NO_PAUSE))


def _retrying(call: Call) -> Retry:
    waits = any(key.startswith("wait_") for key in call.keywords)
    return Retry(call.line, "retrying", _is_set(call, "stop_max_attempt_number", "stop_max_delay"), waits)


def _retry(call: Call) -> Retry:
    return Retry(call.line, "retry", _is_set(call, "tries"), _is_set(call, "delay", unset=_NO_PAUSE))


def _botocore(call: Call) -> Retry | None:
    if "retries" not in call.keywords or "max_attempts" not in call.keywords["retries"].text:
        return None
    return Retry(call.line, "botocore", ends=True, pauses=True)


def _redis(call: Call) -> Retry | None:
    if len(call.args) + len(call.keywords) < 2:
        return None
    ends = len(call.args) < 2 or call.args[1].text not in _NEVER
    return Retry(call.line, "redis", ends, "NoBackoff" not in " ".join(a.text for a in call.args))


def _axios(call: Call) -> Retry:
    return Retry(call.line, "axios-retry", ends=True, pauses=any("retryDelay" in a.text for a in call.args))


def _both(by: str) -> Callable[[Call], Retry]:
    """The judge of a library whose calls end and pause by themselves."""
    return lambda call: Retry(call.line, by, ends=True, pauses=True)


def _javascript(by: str) -> Callable[[Call], Retry]:
    def judge(call: Call) -> Retry:
        endless = any("forever: true" in a.text or "Infinity" in a.text for a in call.args)
        return Retry(call.line, by, not endless, pauses=True)

    return judge


_BY_NAME: Mapping[str, Callable[[Call], Retry | None]] = {
    r"tenacity\.(?:(?:asyncio|_asyncio)\.)?(?:retry|Retrying|AsyncRetrying)": _tenacity,
    r"backoff\.on_(?:exception|predicate)": _backoff,
    r"stamina\.(?:retry|retry_context|RetryingCaller|AsyncRetryingCaller)": _stamina,
    r"(?:requests\.packages\.)?urllib3\.(?:util\.)?(?:retry\.)?Retry|requests\.adapters\.Retry": _urllib3,
    r"retrying\.(?:retry|Retrying)": _retrying,
    r"retry\.(?:api\.)?(?:retry|retry_call)": _retry,
    r"google\.api_core\.retry(?:_async)?\.(?:Async)?Retry": _both("google.api_core"),
    r"botocore\.(?:config|client)\.Config": _botocore,
    r"redis\.(?:asyncio\.)?retry\.Retry": _redis,
    r"github\.com/cenkalti/backoff(?:/v\d)?\.(?:Retry\w*)": _both("backoff"),
    r"github\.com/hashicorp/go-retryablehttp\.NewClient": _both("retryablehttp"),
    r"github\.com/avast/retry-go(?:/v\d)?\.Do\w*": _both("retry-go"),
    r"k8s\.io/client-go/util/retry\.(?:RetryOnConflict|OnError)": _both("client-go"),
    r"k8s\.io/apimachinery/pkg/util/wait\.ExponentialBackoff\w*": _both("apimachinery"),
    r"(?:async-retry|p-retry|exponential-backoff)(?:\.default|\.backOff|\.pRetry)?": _javascript("a retry library"),
    r"axios-retry(?:\.default|\.axiosRetry)?": _axios,
}
_LIBRARIES = tuple((re.compile(pattern), judge) for pattern, judge in _BY_NAME.items())
_MENTIONED = re.compile(
    r"tenacity|backoff|stamina|urllib3|requests\.adapters|retrying|from retry|api_core|botocore|redis\b[\w.]*retry"
    r"|retryablehttp|retry-go|util/retry|util/wait|async-retry|p-retry|axios-retry|max_retries"
)


def _celery(call: Call) -> Retry | None:
    """A task that is tried again by itself with growing pauses, or by hand up to a number with a fixed pause."""
    if "max_retries" in call.keywords and not _is_set(call, "max_retries"):
        return None
    backs_off = _is_set(call, "autoretry_for") and _is_set(call, "retry_backoff")
    if backs_off or ("max_retries" in call.keywords and "default_retry_delay" in call.keywords):
        return Retry(call.line, "Celery", ends=True, pauses=True)
    return None


# --- loops -------------------------------------------------------------------


def in_loops(file: File) -> Iterator[Retry]:
    """Python loops that count attempts, catch an error and sleep after it."""
    if not file.name.endswith(".py") or "in range(" not in file.text:
        return
    for number, line in enumerate(file.lines, 1):
        loop = _LOOP.match(line) if "in range(" in line else None
        if loop is not None and _COUNTS.search(f"{loop[2]} {loop[3]}") and _sleeps_after_error(file, number, loop[1]):
            yield Retry(number, "a loop of its own", ends=True, pauses=True)


def _sleeps_after_error(file: File, number: int, indent: str) -> bool:
    """Whether a sleep stands in an ``except`` of the loop's body or after it; one that only passes is a poll."""
    tries, caught = -1, False
    for line in file.lines[number : number + MAX_BODY]:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        if depth <= len(indent):
            return False
        if stripped.startswith("try:"):
            tries, caught = depth if tries < 0 else tries, False
        elif stripped.startswith("except") and tries >= 0:
            caught = True
        elif stripped == "pass":
            caught = False
        elif caught and _SLEEP.search(stripped):
            return True
    return False
