"""Metrics: the code exports numbers about itself that somebody can watch and be alerted on.

What it proves: the person wanted to know how the running program does: how often, how long, how many failed. Such
numbers are the eyes of everybody who operates a service; the SRE book names four that matter most (latency, traffic,
errors, saturation). Metrics of one's own, about one's own work, show more than those a library brings.

Levels
- declared: metrics are defined, but no value is recorded where we can see it; or only ready-made metrics of a library
  are switched on.
- used: values are recorded or sent, in the same file or elsewhere in the repository; or an alert or a dashboard reads
  the metric.
- lived-in: the person changed the set of metrics in at least two further months, within three months of changes over at
  least 90 days; or changed the lines in a linked fix.

What counts: Prometheus clients, OpenTelemetry meters, StatsD and Datadog, InfluxDB, Micrometer, the clouds' metric
interfaces; and metrics written by hand in the text format that Prometheus reads.

What does not count: how well a model does in training (torchmetrics, Keras, scikit-learn, W&B, MLflow, TensorBoard),
``collections.Counter``, wrappers that only pass a name on, libraries that are named but not called.

Sources: Site Reliability Engineering, chapter 6 (the four golden signals); ML Test Score, monitoring; catalogue D1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from signals.base import NOT_EVIDENCE, ContentRule, Wants
from signals.file import File
from signals.match import LinePattern
from signals.model import Evidence, Fact, FactValue, Hit, Level, PathClass, Track, defines, kept_changing, refers
from signals.observability._instruments import Metric, metrics_in, ready_made, recorded
from signals.sample import HistorySample, Sample, Step
from signals.views.code import Code
from signals.wording import counted, listed

MAX_LINES = 60
MAX_NAMES = 10
HAND_WRITTEN = "Prometheus' text format, written by hand"
_TEXT_FORMAT = LinePattern(
    r"[\"'`].*?# (?:TYPE [\w{}$%.:<>]+ (?:counter|gauge|histogram|summary|untyped|[{%])|HELP [\w{}$%.:<>]+ )",
    "# TYPE ",
    "# HELP ",
)
_WRITES = re.compile(r"\\n|[{%$]|print|[Ww]rite|append|push|\+=")
_RUST_TESTS = "#[cfg(test)]"
_ANY_VARIABLE = frozenset({"counter", "gauge", "histogram", "summary", "metric", "metrics", "total", "count", "value"})
_DISTRIBUTIONS = frozenset({"histogram", "summary", "timer", "distributionsummary", "timing", "distribution"})


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for a file with metrics of its own, and which metric variables values are recorded on."""
    code = file.code
    if code is None:
        return
    metrics = _metrics(file, code)
    recordings = dict(recorded(code))
    if metrics:
        yield _hit(metrics, used=any(_is_recorded(metric, recordings) for metric in metrics))
        for metric in metrics:
            yield from _defined(metric)
    elif lines := ready_made(code):
        message = "Switches on the ready-made metrics of a library; none of its own in this file."
        yield Hit(lines[0], Level.DECLARED, message, more=lines[1:MAX_LINES], facts={"n_metrics": 0})
    own = {metric.variable for metric in metrics}
    for variable, line in recordings.items():
        if variable not in own:
            yield refers("metric-variable", variable, line)


def _is_recorded(metric: Metric, recordings: Mapping[str, int]) -> bool:
    return metric.sends or (metric.variable or metric.maker) in recordings


def _metrics(file: File, code: Code) -> list[Metric]:
    """The metrics in the file; those in a Rust file's own tests at its end are left out."""
    by_hand = [n for n in _TEXT_FORMAT.lines(file.lines) if _WRITES.search(file.lines[n - 1])][:MAX_LINES]
    found = [*metrics_in(code), *(Metric(HAND_WRITTEN, "text", line, sends=True) for line in by_hand)]
    if code.language != "rust":
        return found
    end = next((n for n, line in enumerate(file.lines, 1) if line.strip() == _RUST_TESTS), len(file.lines) + 1)
    return [metric for metric in found if metric.line < end]


def _defined(metric: Metric) -> Iterator[Fact]:
    """The variable, and the names under which queries know the metric."""
    if len(metric.variable) > 2 and metric.variable.lower() not in _ANY_VARIABLE:
        yield defines("metric-variable", metric.variable, metric.line)
    base = metric.name.replace(".", "_").replace("-", "_")
    for ending in ("", "_total", "_bucket", "_count", "_sum", "_info") if base else ():
        yield defines("metric", base + ending, metric.line)


def _hit(metrics: Sequence[Metric], *, used: bool) -> Hit:
    first, *rest = dict.fromkeys(metric.line for metric in metrics)
    names = tuple(dict.fromkeys(metric.name for metric in metrics if metric.name))
    systems = tuple(dict.fromkeys(metric.system for metric in metrics))
    facts: dict[str, FactValue] = {
        "n_metrics": len(names) or len(metrics),
        "names": names[:MAX_NAMES],
        "systems": systems,
        "n_distributions": sum(metric.kind in _DISTRIBUTIONS for metric in metrics),
    }
    n = len(names) or len(metrics)
    shown = f": {listed(names)}" if names else ""
    message = f"{counted(n, 'metric')} for {listed(systems)}{shown}."
    return Hit(first, Level.USED if used else Level.DECLARED, message, more=tuple(rest)[:MAX_LINES], facts=facts)


def values(file: File) -> Mapping[str, str]:
    """The set of metric names as one value, so that a metric that came or went is seen."""
    code = file.code
    names = sorted({metric.name for metric in _metrics(file, code) if metric.name}) if code is not None else []
    return {"metrics": ", ".join(names)} if names else {}


def lived_in_when(_evidence: Evidence, track: Track) -> bool:
    """The set of metrics changed in two further months within a file kept up, or a linked fix."""
    months = {datetime.fromtimestamp(change.committed_at, UTC).strftime("%Y-%m") for change in track.changes}
    return bool(track.linked_fixes) or (kept_changing(track) and len(months) >= 2)


SIGNAL = ContentRule(
    title="Metrics of one's own",
    proves="The running program reports numbers about its own work, which can be watched and alerted on.",
    claims=("E4", "E6", "R1"),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.go", "*.java", "*.js", "*.mjs", "*.cjs", "*.ts", "*.mts", "*.tsx", "*.rs"),
        needles=(
            *(b"prometheus", b"prom-client", b"prom_client", b"opentelemetry", b"statsd", b"datadog", b"influxdb"),
            *(b"micrometer", b"gds_metrics", b"metrics::", b"metrics!", b"put_metric_data", b"PutMetricData"),
            *(b"create_time_series", b"add_metric", b"put_metric", b"# TYPE ", b"# HELP ", b".inc(", b".Inc("),
            *(b".observe(", b".Observe(", b".labels(", b"WithLabelValues(", b"with_label_values("),
            *(b"create_counter(", b"create_histogram(", b"createCounter(", b"createHistogram("),
            *(b"metrics.increment(", b"metrics.incr(", b"metrics.timing(", b"metrics.gauge(", b"metrics.timed("),
        ),
        skip=NOT_EVIDENCE | {PathClass.TEST},
    ),
    find=find,
    values=values,
    value="the set of metrics",
    lived_in_when=lived_in_when,
    version=2,
)

_METRICS = """
from prometheus_client import Counter, Histogram as H

REQUESTS = Counter( ⟵
    "scorer_requests",
    "Requests by model",
    ["model"],
)
SECONDS = H("scorer_seconds", "Time to score", buckets=(0.1, 0.5, 2)) ⟵
"""

_IMPORT = "from prometheus_client import Counter\n"
_B = "B = Counter('b_jobs', 'B')\n"

FIRES_ON = (
    # defined here, recorded elsewhere
    Sample(
        "scorer/metrics.py",
        _METRICS,
        Level.USED,
        {"scorer/api.py": "from scorer import metrics\n\ndef score():\n    metrics.REQUESTS.labels('a').inc()\n"},
    ),
    # nothing records a value
    Sample("scorer/metrics.py", _METRICS, Level.DECLARED),
    Sample(
        "scorer/loop.py",
        """
from prometheus_client import Gauge, start_http_server

class Loop:
    def __init__(self):
        self.backlog = Gauge("scorer_backlog", "Waiting items") ⟵

    def run(self):
        self.backlog.set(len(self.queue))
""",
        Level.USED,
    ),
    # OpenTelemetry, with a meter that is handed in; StatsD by name; InfluxDB; a cloud's interface
    Sample(
        "app/otel.py",
        "def init(meter):\n    calls = meter.create_counter('calls', unit='1') ⟵\n    calls.add(1)\n",
        Level.USED,
    ),
    Sample(
        "shop/forms.py",
        """
def validate(request):
    request.metrics.increment( ⟵
        "shop.forms.email",
        tags=["result:bad"],
    )
""",
        Level.USED,
    ),
    Sample(
        "robot/metrics.py",
        """
from influxdb_client import InfluxDBClient

def save(points):
    writer = InfluxDBClient(url=URL).write_api()
    writer.write(bucket="robot", record=points) ⟵
""",
        Level.USED,
    ),
    Sample(
        "lambda/usage.py",
        "import boto3\n\ncw = boto3.client('cloudwatch')\ncw.put_metric_data(Namespace='ip', MetricData=[{}]) ⟵\n",
        Level.USED,
    ),
    # the text format by hand
    Sample(
        "svc/http.py",
        """
def metrics(counts):
    lines = []
    for name, value in counts.items():
        lines.append(f"# TYPE {name} counter") ⟵
        lines.append(f"{name} {value}")
    return "\\n".join(lines)
""",
        Level.USED,
    ),
    # Go, Java, JavaScript, Rust
    Sample(
        "dns/dns.go",
        """
package dns

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

func New(stats prometheus.Registerer) *Client {
	queryTime := promauto.With(stats).NewHistogramVec(prometheus.HistogramOpts{ ⟵
		Name: "dns_query_seconds",
	}, []string{"result"})
	return &Client{queryTime: queryTime}
}

func (c *Client) ask() {
	c.queryTime.With(prometheus.Labels{"result": "ok"}).Observe(1)
}
""",
        Level.USED,
    ),
    Sample(
        "src/main/java/Orders.java",
        """
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

class Orders {
    private final Counter paid;
    Orders(MeterRegistry registry) {
        this.paid = Counter.builder("orders.paid").register(registry); ⟵
    }
    void pay() { paid.increment(); }
}
""",
        Level.USED,
    ),
    Sample(
        "src/metrics.ts",
        """
import { Counter, Registry } from "prom-client";
export const messages = new Counter({ name: "messages_total", help: "Messages" }); ⟵
export function count() { messages.inc(); }
""",
        Level.USED,
    ),
    Sample(
        "src/queue.rs",
        """
async fn next_batch() {
    metrics::gauge!("queue_size").set(3.0); ⟵
}
#[cfg(test)]
mod tests {
    fn counts() { metrics::counter!("test_only").increment(1); }
}
""",
        Level.USED,
    ),
    # only a library's ready-made metrics
    Sample(
        "app/main.py",
        "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app) ⟵\n",
        Level.DECLARED,
    ),
    # the set of metrics changed over months
    HistorySample(
        (
            Step("Count requests", {"m.py": f"{_IMPORT}A = Counter('a_jobs', 'A')\n"}),
            Step("Count failures", {"m.py": f"{_IMPORT}A = Counter('a_jobs', 'A')\n{_B}"}, day=40, evidence=True),
            Step("Count by queue", {"m.py": f"{_IMPORT}{_B}C = Counter('c_jobs', 'C')\n"}, day=100, evidence=True),
        ),
        Level.LIVED_IN,
    ),
)

SILENT_ON = (
    # other counters, and how well a model does in training
    Sample("a.py", "from collections import Counter\nwords = Counter(text.split())  # prometheus\n"),
    Sample(
        "train.py",
        """
import wandb
from torchmetrics import Accuracy  # not prometheus_client
from sklearn import metrics

accuracy = Accuracy()
wandb.log({"acc": accuracy.compute()})
metrics.histogram("loss", 1)
score = metrics.f1_score(a, b)
""",
    ),
    Sample("hist.py", "import matplotlib.pyplot as plt\nax = plt.gca()\nax.labels('x')\nax.observe(data)\n"),
    # a first-party module that shadows the library; a name without a call; a wrapper that passes names on
    Sample("b.py", "from .prometheus_client import Counter\nC = Counter('x', 'y')\n"),
    Sample("c.py", "import prometheus_client  # for later\nREGISTRY = prometheus_client.REGISTRY\n"),
    Sample(
        "wrapper.py",
        "from datadog import DogStatsd\n\n_datadog = DogStatsd()\n\n"
        "def increment(name, tags):\n    _datadog.increment(name, tags=tags)\n",
    ),
    # reads the text format, expects it, or explains it
    Sample("parse.py", "def parse(line):\n    return line.startswith('# TYPE ')\n"),
    Sample("expect.py", "EXPECTED = ['# HELP jobs Jobs done', '# TYPE jobs counter']\n"),
    Sample("explain.go", "package x\n\n// # TYPE jobs counter\nfunc F() {}\n"),
    # tests
    Sample("tests/test_metrics.py", _METRICS.replace(" ⟵", "")),
    Sample("metrics_test.go", 'package x\n\nconst want = "# TYPE jobs counter\\n"\n'),
)
