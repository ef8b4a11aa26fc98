"""Load test: somebody asked how much the service can take before its users did.

What it proves: the person wanted to know the limits, and wrote down what a realistic load is: which requests, with
which data, how many at once, and from which answer time on it is a failure. Repeated, it tells what a change costs.

Levels
- declared: a script as the tool's introduction has it: one request for the start page, or a tool run against a host.
- used: requests to endpoints of the service's own, more than one or with data; or limits on answer times or errors
  that fail the run and are not the introduction's.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: Locust, k6, JMeter plans, and shell scripts that run wrk, vegeta, hey, ghz, oha, ab, Triton's
perf_analyzer or genai-perf.

What does not count: benchmarks of a function or of a model's quality, tools that are only installed, a class of one's
own called HttpUser, notebooks; the tools' own repositories.

Sources: Site Reliability Engineering, chapter 17 (testing for reliability); catalogue D6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.file import File
from signals.match import LinePattern
from signals.model import FactValue, Hit, Level, PathClass
from signals.sample import Sample
from signals.views.code import Call
from signals.wording import counted

MAX_LINES = 40
_USERS = frozenset(
    {
        "locust.HttpUser",
        "locust.FastHttpUser",
        "locust.contrib.fasthttp.FastHttpUser",
        "locust.User",
        "locust.HttpLocust",
    }
    | {"locust.TaskSet", "locust.SequentialTaskSet", "locust.task.TaskSet", "locust.user.HttpUser"}
)
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "del", "request", "asyncRequest", "batch", "invoke"})
_STOCK_PATHS = frozenset({"", "/", "/hello", "/world", "/index.html"})
_STOCK_HOSTS = re.compile(r"test\.k6\.io|test-api\.k6\.io|quickpizza|httpbin|example\.com|loadimpact")
_LIMIT = re.compile(r"[\"'`](?:p\(\d|avg|med|max|rate|count)[^\"'`]{0,60}[<>=]")
_STOCK_LIMIT = re.compile(r"[\"'`]p\(95\)\s*<\s*500[\"'`]")
_OPTIONS = re.compile(r"\b(?:scenarios|stages|thresholds)\s*[:=]")
_TOOL = LinePattern(
    r"(?:^|[\s;&|(\"'/])(?P<tool>wrk2?\s+-|vegeta\s+attack\b|hey\s+-|ghz\s+-|oha\s+-|ab\s+-[nck]|perf_analyzer\s+-"
    r"|genai-perf\s+|k6\s+run\b|locust\s+-|jmeter\s+-n)",
    *("wrk", "vegeta", "hey", "ghz", "oha", "ab ", "perf_analyzer", "genai-perf", "k6", "locust", "jmeter"),
)
_SAMPLED = re.compile(r"\"HTTPSampler\.path\">/?[\w$]")
_COMMENT = re.compile(r"^\s*(?:#|//|echo\b)")
_URL_PATH = re.compile(r"https?://[^/\s\"']+(/[\w./{}$-]{2,})|-m\s+\S|--call\s+\S|-s\s+\S+\.lua")


def find(file: File) -> Iterator[Hit]:
    """A hit for a file that puts load on a service."""
    name = file.name.lower()
    if name.endswith(".py"):
        hit = _locust(file)
    elif name.endswith((".js", ".ts", ".mjs")):
        hit = _k6(file)
    elif name.endswith(".jmx"):
        hit = _jmeter(file)
    else:
        hit = _shell(file)
    if hit is not None:
        yield hit


def _locust(file: File) -> Hit | None:
    code = file.code
    if code is None or "locust/__init__.py" in file.paths or not code.imports_any("locust"):
        return None
    users = [d for d in code.definitions if d.kind == "class" and _USERS & set(d.bases)]
    requests = [
        c for c in code.calls if c.method in _VERBS and c.receiver.endswith("client") and (c.args or c.keywords)
    ]
    if not users:
        return None
    own = _own_paths(requests)
    with_data = any(c.keywords.keys() & {"json", "data", "params"} or len(c.args) >= 2 for c in requests)
    return _hit("Locust", [d.line for d in users], requests, len(own) >= 2 or (bool(own) and with_data))


def _own_paths(requests: Sequence[Call]) -> set[str]:
    """What is asked, as written; the start page and the introduction's paths left out."""
    found = {(c.args[0].string if c.args[0].string is not None else c.args[0].text) for c in requests if c.args}
    return {text for text in found if text.strip("\"'`") not in _STOCK_PATHS and not _STOCK_HOSTS.search(text)}


def _k6(file: File) -> Hit | None:
    code = file.code
    if code is None or not any(
        name in code.imports or code.imports_any(name) for name in ("k6/http", "k6", "k6/net/grpc")
    ):
        return None
    requests = [c for c in code.calls if c.bound and c.name.startswith("k6/http") and c.method in _VERBS]
    limits = [n for n, line in enumerate(file.lines, 1) if _LIMIT.search(line) and not _COMMENT.match(line)]
    own_limits = [n for n in limits if not _STOCK_LIMIT.search(file.lines[n - 1])]
    own = _own_paths(requests)
    with_data = any(c.method in ("post", "put", "patch") and len(c.args) >= 2 for c in requests)
    shaped = [n for n, line in enumerate(file.lines, 1) if _OPTIONS.search(line) and not _COMMENT.match(line)]
    if not requests and not shaped:
        return None
    used = bool(own) and (len(own) >= 2 or with_data or bool(own_limits))
    lines = [c.line for c in requests] or shaped
    return _hit("k6", [*lines[:1], *shaped, *limits], requests, used, len(own_limits))


def _jmeter(file: File) -> Hit | None:
    """A JMeter plan; used when it asks for at least two paths."""
    if "<jmeterTestPlan" not in file.text[:2000]:
        return None
    lines = [n for n, line in enumerate(file.lines, 1) if _SAMPLED.search(line)]
    return _hit("JMeter", lines, (), len(lines) >= 2) if lines else None


def _shell(file: File) -> Hit | None:
    found = [n for n in _TOOL.lines(file.lines) if not _COMMENT.match(file.lines[n - 1])]
    if not found:
        return None
    text = "\n".join(line for n in found for line in file.lines[n - 1 : n + 6])
    own = _URL_PATH.search(text) is not None and _STOCK_HOSTS.search(text) is None
    tool = _TOOL.search(file.lines[found[0] - 1])
    return _hit(tool["tool"].split()[0] if tool else "", found, (), own)


def _hit(tool: str, lines: Sequence[int], requests: Sequence[Call], used: bool, n_limits: int = 0) -> Hit:
    first, *rest = dict.fromkeys([*lines, *(call.line for call in requests)])
    facts: dict[str, FactValue] = {
        "tool": tool,
        "n_requests": len(requests),
        "n_limits": n_limits,
    }
    what = f": {len(requests):,} kinds of request" if len(requests) > 1 else ""
    what = f"{what} of its own" if what and used else ", at an endpoint of its own" if used else what
    how = f", and {counted(n_limits, 'limit')} on the run" if n_limits else ""
    return Hit(
        line=first,
        level=Level.USED if used else Level.DECLARED,
        message=f"Puts load on a service with {tool}{what}{how}.",
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
    )


SIGNAL = ContentRule(
    title="Load test",
    proves="Somebody measured how much the service can take, with requests like those of its users.",
    claims=("E1",),
    cost="B,D",
    whole_in=frozenset({PathClass.TEST}),
    wants=Wants(
        paths=("*.py", "*.js", "*.ts", "*.mjs", "*.sh", "*.bash", "makefile", "*.jmx"),
        needles=(
            *(b"locust", b"k6", b"wrk", b"vegeta", b"hey -", b"ghz -", b"oha -", b"ab -", b"perf_analyzer"),
            *(b"genai-perf", b"jmeter"),
        ),
    ),
    find=find,
)

FIRES_ON = (
    Sample(
        "test/locust/locustfile.py",
        """
from locust import FastHttpUser, between, task

class Reader(FastHttpUser): ⟵
    wait_time = between(1, 3)

    @task(3)
    def score(self):
        self.client.post("/v1/models/ripeness:predict", json=choice(LEAVES)) ⟵

    @task
    def history(self):
        self.client.get(f"/v1/history?leaf={choice(IDS)}") ⟵
""",
        Level.USED,
    ),
    Sample(
        "load/score.js",
        """
import http from "k6/http";
import { check } from "k6";

export const options = {
  stages: [{ duration: "2m", target: 200 }], ⟵
  thresholds: { ⟵
    http_req_duration: ["p(99)<800"], ⟵
  },
};

export default function () {
  http.post(`${__ENV.HOST}/v1/score`, JSON.stringify(leaf())); ⟵
}
""",
        Level.USED,
    ),
    Sample("bench/run.sh", "set -e\nwrk -t4 -c64 -d60s -s score.lua http://scorer:8080/v1/score ⟵\n", Level.USED),
    # as the introductions have it
    Sample(
        "locustfile.py",
        """
from locust import HttpUser, task

class HelloWorldUser(HttpUser): ⟵
    @task
    def hello(self):
        self.client.get("/hello") ⟵
        self.client.get("/world") ⟵
""",
        Level.DECLARED,
    ),
    Sample(
        "script.js",
        'import http from "k6/http";\n\nexport default () => http.get("https://test.k6.io"); ⟵\n',
        Level.DECLARED,
    ),
    Sample("load.sh", "hey -n 1000 -c 50 http://localhost:8080/ ⟵\n", Level.DECLARED),
)

SILENT_ON = (
    # classes of one's own; the tool only installed or talked about
    Sample("users.py", "from app.locust import HttpUser\n\nclass Reader(HttpUser):\n    pass\n"),
    Sample("setup.sh", "pip install locust\nbrew install k6 wrk\n# hey -n 10 http://localhost\necho 'k6 run x.js'\n"),
    # benchmarks of functions and of quality
    Sample("benchmark.py", "import timeit\n\n# locust\nprint(timeit.timeit(score, number=1000))\n"),
    Sample("bench.js", 'import { bench } from "vitest";\n\nbench("k6", () => parse(text));\n'),
    # words that look alike
    Sample("a.sh", "grep -c wrk log.txt\ntab -n 3\nlab -c x\n"),
    # the tool itself
    Sample(
        "locust/demo.py",
        "from locust import HttpUser\n\nclass X(HttpUser):\n    pass\n",
        others={"locust/__init__.py": ""},
    ),
)
