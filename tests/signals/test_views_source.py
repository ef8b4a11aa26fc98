"""Source code: names through imports, arguments, targets, functions, decorators, in all languages."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from signals.file import File
from signals.model import PathClass
from signals.views.code import Call, Code, Language
from signals.views.source import language_of, parse


def _calls(text: str, language: Language) -> dict[str, Call]:
    return {call.name: call for call in parse(text, language).calls}


PYTHON = """
try:
    import a.b as c, requests, os.path
    from prometheus_client import (
        Counter,  # comment
        Histogram as H,
    )
    from ..metrics import hits
    from . import local
    from star import *
except ImportError, ValueError:
    pass

REQUESTS = Counter(
    "requests_total",
    f"not {plain}",
    labelnames=["a"],
)


@app.get("/health")
@c.traced
class Service(c.Base, Generic[T], metaclass=M):
    @property
    async def run(self, x=1):
        self.latency = H(r"a\\b" "c", buckets=(1, 2))
        REQUESTS.labels(a="1").inc()
        await requests.get(url, timeout=3)
        hits.inc()
        Counter("x").labels(k=1).inc()
        return (await local.f(os.path.join(*parts, **more)))
"""


def test_python_names() -> None:
    code = parse(PYTHON, "python")
    assert not code.broken
    assert dict(code.imports) == {
        "a.b": 3,
        "requests": 3,
        "os.path": 3,
        "prometheus_client.Counter": 5,
        "prometheus_client.Histogram": 6,
        "..metrics.hits": 8,
        ".local": 9,
        "star.*": 10,
    }
    bound = {call.name for call in code.calls if call.bound}
    assert bound == {
        "prometheus_client.Counter",
        "prometheus_client.Histogram",
        "prometheus_client.Counter().labels",
        "prometheus_client.Counter().labels().inc",
        "requests.get",
        "..metrics.hits.inc",
        ".local.f",
        "os.path.join",
    }
    assert code.imports_any("prometheus_client")
    assert not code.imports_any("metrics", "prom")


def test_python_calls() -> None:
    code = parse(PYTHON, "python")
    counter = code.calls[0]
    assert (counter.line, counter.end, counter.target, counter.function) == (14, 18, "REQUESTS", "")
    assert [(argument.string, argument.line) for argument in counter.args] == [("requests_total", 15), (None, 16)]
    assert counter.keywords["labelnames"].text == '["a"]'
    calls = {call.name: call for call in code.calls}
    histogram = calls["prometheus_client.Histogram"]
    assert (histogram.target, histogram.args[0].string, histogram.function) == ("self.latency", "a\\bc", "run")
    assert calls["requests.get"].keywords["timeout"].text == "3"
    assert (calls["REQUESTS.labels().inc"].receiver, calls["REQUESTS.labels().inc"].method) == (
        'REQUESTS.labels(a="1")',
        "inc",
    )
    assert [argument.text for argument in calls["os.path.join"].args] == ["*parts", "**more"]


def test_python_definitions() -> None:
    service, run = parse(PYTHON, "python").definitions
    assert (service.kind, service.name, service.bases) == ("class", "Service", ("a.b.Base", "Generic"))
    assert [(call.name, call.bound) for call in service.decorators] == [("app.get", False), ("a.b.traced", True)]
    assert service.decorators[0].args[0].string == "/health"
    assert (run.kind, run.name, run.decorators[0].name) == ("function", "run", "property")


def test_a_module_of_ones_own_is_told_by_its_name() -> None:
    calls = _calls("from polar.posthog import posthog\nposthog.feature_enabled('x')\n", "python")
    assert calls["polar.posthog.posthog.feature_enabled"].bound


def test_a_broken_file_still_gives_the_rest() -> None:
    code = parse("import requests\nrequests.get('u')\nclass :\n    pass\n", "python")
    assert code.broken
    assert "requests.get" in {call.name for call in code.calls}
    file = File("a.py", b"def f(:\n", PathClass.CODE)
    assert file.code is not None
    assert file.unparsed == {"code"}


GO = """package a

import (
	"net/http"
	. "dotted"
	_ "blank"
	prom "github.com/prometheus/client_golang/prometheus"
	"github.com/cenkalti/backoff/v4"
	"github.com/hashicorp/go-retryablehttp"
	"gopkg.in/yaml.v3"
)

var hits = prom.NewCounterVec(prom.CounterOpts{Name: "hits_total", Help: `h`}, []string{"l"})

var client = &http.Client{Timeout: 5 * time.Second}

type K struct {
	prom.Collector
	n int
}

func (k *K) Run() error {
	m := metrics{errors: prom.NewGauge(opts)}
	x, err := backoff.Retry(func() error { return nil }, b)
	k.hits.WithLabelValues("a").Inc()
	c := retryablehttp.NewClient()
	return yaml.Unmarshal(x)
}
"""


def test_go() -> None:
    code = parse(GO, "go")
    assert not code.broken
    calls = {call.name: call for call in code.calls}
    counter = calls["github.com/prometheus/client_golang/prometheus.NewCounterVec"]
    assert (counter.bound, counter.target, counter.line, counter.receiver) == (True, "hits", 13, "prom")
    assert (counter.keywords["Name"].string, counter.keywords["Help"].string) == ("hits_total", "h")
    assert calls["github.com/prometheus/client_golang/prometheus.NewGauge"].target == "errors"
    assert calls["net/http.Client"].keywords["Timeout"].text == "5 * time.Second"
    assert calls["github.com/cenkalti/backoff/v4.Retry"].function == "Run"
    assert calls["github.com/hashicorp/go-retryablehttp.NewClient"].target == "c"
    assert calls["gopkg.in/yaml.v3.Unmarshal"].bound
    assert not calls["k.hits.WithLabelValues().Inc"].bound
    assert {"dotted", "blank"} <= set(code.imports)
    assert [(d.kind, d.name, d.bases) for d in code.definitions] == [
        ("class", "K", ("github.com/prometheus/client_golang/prometheus.Collector",)),
        ("function", "Run", ()),
    ]


TYPESCRIPT = """import fallback, { Counter as C, register } from "prom-client";
import * as Sentry from '@sentry/node';
import "side-effect";
import old = require("old");
const { get, post: send } = require("client"), Gauge = require("prom-client").Gauge;

const hits = new C({ name: "hits", help: `h`, labelNames });
@Injectable()
export class App extends Sentry.Base<T> implements Other {
  private gauge = new Gauge({ "name": "g" });
  @Get("/health") check(): void { this.gauge.inc(); }
}
const start = async (x) => { await Sentry.init?.({ dsn: process.env.DSN }); get(`a${x}`); send("u"); old.f(); };
"""


@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_typescript(language: Language) -> None:
    code = parse(TYPESCRIPT, language)
    assert not code.broken
    calls = {call.name: call for call in code.calls}
    counter = calls["prom-client.Counter"]
    assert (counter.bound, counter.target, counter.line) == (True, "hits", 7)
    assert (counter.keywords["name"].string, counter.keywords["help"].string) == ("hits", "h")
    assert (calls["prom-client.Gauge"].target, calls["prom-client.Gauge"].keywords["name"].string) == ("gauge", "g")
    assert calls["@sentry/node.init"].function == "start"
    assert calls["client.get"].args[0].string is None
    assert calls["client.post"].args[0].string == "u"
    assert calls["old.f"].bound
    app = next(d for d in code.definitions if d.kind == "class")
    assert (app.bases, [call.name for call in app.decorators]) == (("@sentry/node.Base", "Other"), ["Injectable"])
    check = next(d for d in code.definitions if d.name == "check")
    assert check.decorators[0].args[0].string == "/health"
    assert code.imports_any("side-effect")


def test_javascript() -> None:
    code = parse(
        'const http = require("k6/http");\nimport check from "k6";\n'
        "module.exports = { f: http.get('u') };\nclass A extends http.B { x = check(1); }\nfunction f() { g(); }\n",
        "javascript",
    )
    calls = {call.name: call for call in code.calls}
    assert (calls["k6/http.get"].target, calls["k6/http.get"].line) == ("f", 3)
    assert (calls["k6"].target, calls["g"].function) == ("x", "f")
    assert code.definitions[0].bases == ("k6/http.B",)


JAVA = """package a;
import io.micrometer.core.instrument.Counter;
import static x.Y.z;
import q.*;

@Service
@Timed(value = "a", percentiles = 1)
class K extends Counter<T> implements Runnable {
  private final Counter hits = Counter.builder("hits").register(registry);
  @Override
  public void run(int a) {
    this.other = new Counter("x" + a);
    z(1, () -> hits.increment());
  }
}
"""


def test_java() -> None:
    code = parse(JAVA, "java")
    assert not code.broken
    calls = {call.name: call for call in code.calls}
    builder = calls["io.micrometer.core.instrument.Counter.builder"]
    assert (builder.bound, builder.args[0].string, builder.receiver) == (True, "hits", "Counter")
    register = calls["io.micrometer.core.instrument.Counter.builder().register"]
    assert (register.target, register.bound) == ("hits", True)
    created = calls["io.micrometer.core.instrument.Counter"]
    assert (created.target, created.args[0].string, created.function) == ("this.other", None, "run")
    assert calls["x.Y.z"].bound
    assert not calls["hits.increment"].bound
    kind = code.definitions[0]
    assert (kind.name, kind.bases) == ("K", ("io.micrometer.core.instrument.Counter", "Runnable"))
    assert [(call.name, list(call.keywords)) for call in kind.decorators] == [
        ("Service", []),
        ("Timed", ["value", "percentiles"]),
    ]
    assert "q.*" in code.imports


RUST = """use metrics::{counter, gauge as g, self, nested::{y, z}};
use std::io::*;
mod own;

#[tokio::main(flavor = "x")]
#[instrument]
async fn run() {
    counter!("hits_total", "k" => v);
    let c = prometheus::register_counter!("a", r#"raw"#).unwrap();
    own::start(1);
    self.z = g::<U>(y(2)?).await;
}
impl Handler for State { fn handle(&self) { self.c.inc() } }
"""


def test_rust() -> None:
    code = parse(RUST, "rust")
    assert not code.broken
    calls = {call.name: call for call in code.calls}
    hits = calls["metrics::counter"]
    assert ([argument.string for argument in hits.args], hits.bound, hits.method) == (
        ["hits_total", None],
        True,
        "counter",
    )
    register = calls["prometheus::register_counter"]
    assert (register.bound, register.target, register.args[1].string) == (True, "c", "raw")
    assert not calls["own::start"].bound
    assert calls["metrics::gauge"].target == "self.z"
    assert calls["metrics::nested::y"].bound
    assert calls["self.c.inc"].function == "handle"
    assert {"metrics", "metrics::nested::z", "std::io::*"} <= set(code.imports)
    run, state, _ = code.definitions
    assert [call.name for call in run.decorators] == ["tokio::main", "instrument"]
    assert (state.name, state.bases) == ("State", ("Handler",))


def test_languages_by_path() -> None:
    assert [language_of(path) for path in ("a.py", "A.GO", "b/c.tsx", "Makefile", "a.md", ".ts")] == [
        "python",
        "go",
        "tsx",
        None,
        None,
        "typescript",
    ]
    assert File("a.md", b"", PathClass.DOCS).code is None


LANGUAGES: list[Language] = ["python", "go", "java", "javascript", "typescript", "tsx", "rust"]
HOSTILE = {
    "brackets": "(" * 200_000,
    "braces": "{" * 200_000,
    "operators": "-->*+!" * 20_000,
    "less": "a<" * 50_000,
    "arrows": "a=>" * 50_000,
    "chain": "a" + ".b()" * 50_000,
    "nested calls": "f(" * 50_000 + ")" * 50_000,
    "quotes": '"' * 100_000,
    "nul": "\0" * 100_000,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_soon(language: Language, name: str) -> None:
    start = time.process_time()
    code: Code | None = None
    with suppress(ValueError):
        code = parse(HOSTILE[name], language)
    assert code is None or all(len(call.name) < 1000 for call in code.calls)
    assert time.process_time() - start < 10
