"""Calls to other systems, and whether each says how long it is prepared to wait."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.file import File
from signals.views.code import Call

_VERBS = r"(?:get|post|put|delete|patch|head|options|request)"
_PYTHON_CALL = re.compile(rf"(requests)\.(?:api\.)?{_VERBS}|(httpx)\.(?:{_VERBS}|stream)|(urllib)\.request\.urlopen")
_SESSION = re.compile(r"requests\.(?:sessions\.)?[Ss]ession")
_VERB = re.compile(_VERBS)
_CLIENTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"httpx\.(?:Async)?Client"), ("timeout",)),
    (re.compile(r"aiohttp\.(?:client\.)?ClientTimeout"), ("total", "connect", "sock_connect", "sock_read")),
    (re.compile(r"pymongo\.(?:Async)?MongoClient|pymongo\.mongo_client\.MongoClient"), ("serverSelectionTimeoutMS",)),
    (re.compile(r"redis\.(?:asyncio\.)?(?:client\.)?(?:Redis|StrictRedis)(?:\.from_url)?"), ("socket_timeout",)),
    (re.compile(r"botocore\.(?:config|client)\.Config"), ("read_timeout", "connect_timeout")),
    (re.compile(r"(?:elasticsearch|opensearchpy)\.(?:Async)?(?:Elasticsearch|OpenSearch)"), ("request_timeout",)),
    (re.compile(r"tritonclient\.(?:grpc|http)(?:\.aio)?\.InferenceServerClient"), ("network_timeout",)),
    (re.compile(r"openai\.(?:Async)?(?:Azure)?OpenAI|anthropic\.(?:Async)?Anthropic"), ("timeout",)),
)
_NO_LIMIT = frozenset({"None", "False", "0", "math.inf", "httpx.Timeout(None)"})
_STATEMENT = re.compile(
    r"\bstatement_timeout\b\s*(?:=|['\"]\s*:|\bTO\b)\s*['\"]?(?!0\b)(?:[\d{%$]|[A-Za-z_.]+\b)", re.IGNORECASE
)
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|versions)/")
_GO_CLIENT = re.compile(r"\bhttp\.Client\{")
_GO_TIMEOUT = re.compile(r"\bTimeout:\s*[\w.(]")
_JS_TIMEOUT = re.compile(r"(?:^|[{,\s])timeout\s*:\s*(?!0\b|undefined|null)[\w.$(]")
_JS_CLIENT = re.compile(
    rf"axios(?:\.default)?\.create|(?:axios|got|ky)(?:\.default)?(?:\.{_VERBS})?|got\.(?:default\.)?extend"
)
_JAVA_TIMEOUT = frozenset({"connectTimeout", "readTimeout", "callTimeout", "responseTimeout", "setConnectTimeout"})
MAX_LITERAL = 15


@dataclass(frozen=True, slots=True)
class Outbound:
    """A call to another system, or a client for many; ``limited`` says that a waiting time is set."""

    line: int
    limited: bool
    central: bool = False


def outbound(file: File) -> Iterator[Outbound]:
    """The calls and clients of a file of which it can be said whether they wait for ever.

    Calls that a library limits by itself (httpx: five seconds) come only where a limit is set.
    """
    name = file.name.lower()
    if name.endswith(".go"):
        yield from _go(file)
    elif name.endswith(".py") and file.code is not None:
        sessions = frozenset(c.target for c in file.code.calls if c.bound and c.target and _SESSION.fullmatch(c.name))
        for call in file.code.calls:
            yield from _python(call, sessions)
    elif file.code is not None:
        reads = _java if name.endswith(".java") else _rust_or_javascript
        for call in file.code.calls:
            yield from reads(call)
    if name.endswith((".py", ".yml")) and not _MIGRATION.search(file.path):
        yield from (
            Outbound(n, limited=True, central=True)
            for n, line in enumerate(file.lines, 1)
            if _sets_statement_timeout(line)
        )


def _sets_statement_timeout(line: str) -> bool:
    stripped = line.lstrip()
    return "tatement_timeout" in line and not stripped.startswith("#") and _STATEMENT.search(line) is not None


def _limits(call: Call, *names: str) -> bool:
    return any(name in call.keywords and call.keywords[name].text.strip() not in _NO_LIMIT for name in names)


def _python(call: Call, sessions: frozenset[str]) -> Iterator[Outbound]:
    if not call.bound:
        # a session of requests has no limit of its own
        if call.receiver in sessions and _VERB.fullmatch(call.method) and not _is_spread(call):
            yield Outbound(call.line, _limits(call, "timeout"))
    elif (found := _PYTHON_CALL.fullmatch(call.name)) is not None:
        limited = _limits(call, "timeout") or (bool(found[3]) and len(call.args) >= 3)
        if "timeout" in call.keywords or not (found[2] or _is_spread(call)):
            yield Outbound(call.line, limited)
    else:
        names = next((names for pattern, names in _CLIENTS if pattern.fullmatch(call.name)), ())
        if _limits(call, *names):
            yield Outbound(call.line, limited=True, central=True)


def _is_spread(call: Call) -> bool:
    """Whether arguments come from a mapping that may hold a limit."""
    return any(argument.text.startswith("**") for argument in call.args)


def _go(file: File) -> Iterator[Outbound]:
    """Literals of ``http.Client``, which has no limit unless one is set."""
    for number, line in enumerate(file.lines, 1):
        found = _GO_CLIENT.search(line) if "http.Client{" in line else None
        if found is None or line.lstrip().startswith("//"):
            continue
        body = [line[found.end() :]]
        if "}" not in body[0]:
            for below in file.lines[number : number + MAX_LITERAL]:
                body.append(below)
                if below.strip().startswith("}") and len(below) - len(below.lstrip()) <= len(line) - len(line.lstrip()):
                    break
        limited = any(_GO_TIMEOUT.search(text) for text in body)
        yield Outbound(number, limited, central=limited)


def _rust_or_javascript(call: Call) -> Iterator[Outbound]:
    if call.name.startswith(("reqwest::Client", "reqwest::ClientBuilder")):
        if call.method in ("timeout", "read_timeout"):
            yield Outbound(call.line, limited=True, central=True)
    elif call.bound and _JS_CLIENT.fullmatch(call.name):
        limited = any(_JS_TIMEOUT.search(a.text) for a in call.args)
        central = call.method in ("create", "extend")
        # ky gives up after ten seconds by itself; a client without a limit may get one at each call
        if limited or not (central or call.name.startswith("ky")):
            yield Outbound(call.line, limited, central)
    elif call.name == "AbortSignal.timeout" and call.args:
        yield Outbound(call.line, limited=True)


def _java(call: Call) -> Iterator[Outbound]:
    if call.method in _JAVA_TIMEOUT and call.args:
        yield Outbound(call.line, limited=True, central=True)
