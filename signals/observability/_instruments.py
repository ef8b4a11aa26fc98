"""Metrics in source code: what defines one, what records a value, what sends one away, and what only switches some on.

A call counts when its name is bound to a metrics library through the file's imports. Unbound calls count only where the
receiver is called like a metrics client, the verb is a metrics verb and the metric's name stands there as a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.views.code import Argument, Call, Code

PROMETHEUS = "Prometheus"
OPENTELEMETRY = "OpenTelemetry"
STATSD = "StatsD"
INFLUXDB = "InfluxDB"
CLOUD = "a cloud's monitoring"
MICROMETER = "Micrometer"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that the code defines or sends, with its own ``name``.

    ``variable`` is where it is kept ("" if nowhere), ``maker`` the method that made it; ``sends`` is True where the
    same call also records a value.
    """

    system: str
    kind: str
    line: int
    name: str = ""
    variable: str = ""
    sends: bool = False
    maker: str = ""


def metrics_in(code: Code) -> tuple[Metric, ...]:
    """The metrics a file defines or sends, by line and name."""
    find = {"python": _python, "go": _go, "java": _java, "rust": _rust}.get(code.language, _javascript)
    found = (metric for call in all_calls(code) for metric in (find(call, code), _client(call, code)) if metric)
    return tuple(sorted(dict.fromkeys(found), key=lambda metric: (metric.line, metric.name)))


def all_calls(code: Code) -> Iterator[Call]:
    """Every call, decorators included."""
    yield from code.calls
    for definition in code.definitions:
        yield from definition.decorators


# --- where values are recorded -----------------------------------------------

_RECORDS = frozenset(
    {"inc", "dec", "observe", "labels", "time", "set", "track_inprogress", "count_exceptions", "add", "record"}
    | {"Inc", "Dec", "Observe", "With", "WithLabelValues", "Set", "Add", "Record", "increment", "startTimer"}
    | {"with_label_values", "inc_by", "start_timer", "state", "info", "set_to_current_time"}
)


def recorded(code: Code) -> Iterator[tuple[str, int]]:
    """The variables on which a recording method is called, with the line."""
    for call in all_calls(code):
        parts = [part.partition("(")[0] for part in re.split(r"::|\.", call.name.rpartition("/")[2])]
        place = next((n for n, part in enumerate(parts) if n and part in _RECORDS), 0)
        if place and len(parts[place - 1]) > 2:
            yield parts[place - 1], call.line


# --- libraries by language ---------------------------------------------------

_PY_PROMETHEUS = re.compile(
    r"(?:prometheus_client(?:\.core|\.metrics|\.metrics_core|\.registry)?|aioprometheus|gds_metrics(?:\.metrics)?)\."
    r"(Counter|Gauge|Histogram|Summary|Info|Enum|CounterMetricFamily|GaugeMetricFamily|HistogramMetricFamily|"
    r"SummaryMetricFamily|InfoMetricFamily)"
)
_PY_OTEL = re.compile(r"create_(?:observable_)?(counter|histogram|gauge|up_down_counter)")
_GO_PROMETHEUS = re.compile(r"New(Counter|Gauge|Histogram|Summary|Untyped)(?:Vec|Func)?")
_GO_OTEL = re.compile(r"(?:Int64|Float64)(?:Observable)?(Counter|Gauge|Histogram|UpDownCounter)")
_JAVA_BUILDER = re.compile(
    r"(?P<library>io\.prometheus|io\.micrometer)\.[\w.]*\.(?P<kind>Counter|Gauge|Histogram|Summary|Timer|Info|"
    r"DistributionSummary|LongTaskTimer|FunctionCounter|TimeGauge)\.(?:build|builder)"
)
_JS_OTEL = re.compile(r"create(?:Observable)?(Counter|Histogram|Gauge|UpDownCounter)")
_RUST_PROMETHEUS = re.compile(
    r"prometheus(?:_client)?::[\w:]*?(?:register_(?:int_)?(?P<macro>counter|gauge|histogram)(?:_vec)?(?:_with_registry)?"
    r"|(?:Int)?(?P<type>Counter|Gauge|Histogram)(?:Vec)?::(?:new|with_opts|with_opts_and_buckets))"
)
_RUST_MACRO = re.compile(r"metrics::(?:increment_|absolute_|register_)?(counter|gauge|histogram)")


def _python(call: Call, code: Code) -> Metric | None:
    prometheus = _PY_PROMETHEUS.fullmatch(call.name) if call.bound else None
    if prometheus is not None:
        kind = prometheus.group(1)
        yields = kind.endswith("MetricFamily")
        return _defined(PROMETHEUS, kind.removesuffix("MetricFamily"), call, sends=yields)
    otel = _PY_OTEL.fullmatch(call.method)
    described = bool(_first_string(call, "name")) and bool({"unit", "description"} & call.keywords.keys())
    if otel is not None and (described or code.imports_any("opentelemetry")):
        return _defined(OPENTELEMETRY, otel.group(1), call, sends="observable" in call.method)
    return _python_push(call, code)


def _python_push(call: Call, code: Code) -> Metric | None:
    """Values sent away without a metric object: InfluxDB and the clouds' own interfaces."""
    method = call.method
    if method == "write_points" and code.imports_any("influxdb"):
        return Metric(INFLUXDB, "measurement", call.line, sends=True)
    if method == "write" and {"bucket", "record"} & call.keywords.keys() and code.imports_any("influxdb_client"):
        return Metric(INFLUXDB, "measurement", call.line, sends=True)
    if method == "put_metric_data" and {"Namespace", "MetricData"} & call.keywords.keys():
        return Metric(CLOUD, "measurement", call.line, sends=True)
    if method == "create_time_series" and code.imports_any("google.cloud"):
        return Metric(CLOUD, "measurement", call.line, sends=True)
    if method in ("add_metric", "put_metric") and code.imports_any("aws_lambda_powertools", "aws_embedded_metrics"):
        return Metric(CLOUD, "measurement", call.line, _first_string(call, "name"), sends=True)
    return None


def _go(call: Call, code: Code) -> Metric | None:
    library = "github.com/prometheus/client_golang/prometheus"
    made = _GO_PROMETHEUS.fullmatch(call.method)
    if made is not None and (call.name.startswith(library) or (not call.bound and code.imports_any(library))):
        return _defined(PROMETHEUS, made.group(1), call)
    if call.method == "NewDesc" and call.name.startswith(library):
        return _defined(PROMETHEUS, "Desc", call, sends=True)
    otel = _GO_OTEL.fullmatch(call.method)
    if otel is not None and code.imports_any("go.opentelemetry.io/otel"):
        return _defined(OPENTELEMETRY, otel.group(1), call, sends="Observable" in call.method)
    return None


def _java(call: Call, code: Code) -> Metric | None:
    builder = _JAVA_BUILDER.fullmatch(call.name) if call.bound else None
    if builder is not None:
        return _java_built(
            call, code, PROMETHEUS if builder["library"] == "io.prometheus" else MICROMETER, builder["kind"]
        )
    if call.name == "io.micrometer.core.annotation.Timed":
        return Metric(MICROMETER, "timer", call.line, _first_string(call, "value"), sends=True)
    asks = call.name.startswith("io.micrometer.core.instrument.Metrics.") or (
        "registry" in call.receiver.lower() and code.imports_any("io.micrometer")
    )
    if asks and call.method in ("counter", "timer", "gauge", "summary") and _first_string(call):
        return Metric(MICROMETER, call.method, call.line, _first_string(call), sends=True)
    otel = call.method in ("counterBuilder", "histogramBuilder", "upDownCounterBuilder", "gaugeBuilder")
    if otel and code.imports_any("io.opentelemetry"):
        return _java_built(call, code, OPENTELEMETRY, call.method.removesuffix("Builder"))
    return None


def _java_built(call: Call, code: Code, system: str, kind: str) -> Metric:
    """A metric put together by a chain of calls, whose name and variable stand somewhere along the chain."""
    chain = [c for c in code.calls if c.line == call.line and c.name.startswith(f"{call.name}()")]
    named = next((_first_string(c) for c in chain if c.method == "name"), "")
    target = next((c.target for c in chain if c.target), call.target)
    return Metric(system, kind.lower(), call.line, named or _first_string(call), _last(target), maker=call.method)


def _javascript(call: Call, code: Code) -> Metric | None:
    if call.bound and re.fullmatch(r"prom-client\.(?:\w+\.)?(?:Counter|Gauge|Histogram|Summary)", call.name):
        return _defined(PROMETHEUS, call.method, call)
    otel = _JS_OTEL.fullmatch(call.method)
    if otel is not None and code.imports_any("@opentelemetry"):
        return _defined(OPENTELEMETRY, otel.group(1), call, sends="Observable" in call.method)
    if call.bound and call.name == "@aws-sdk/client-cloudwatch.PutMetricDataCommand":
        return Metric(CLOUD, "measurement", call.line, sends=True)
    return None


def _rust(call: Call, code: Code) -> Metric | None:
    if not call.bound:
        return None
    macro = _RUST_MACRO.fullmatch(call.name)
    if macro is not None:
        return Metric(PROMETHEUS, macro.group(1), call.line, _first_string(call), sends=True)
    made = _RUST_PROMETHEUS.fullmatch(call.name)
    if made is None:
        return None
    options = next(
        (c for c in code.calls if c.line in (call.line, call.line + 1) and c.method == "new" and c.args), call
    )
    name = _first_string(call) or _first_string(options)
    return Metric(PROMETHEUS, (made["macro"] or made["type"]).lower(), call.line, name, _last(call.target))


# --- clients without metric objects ------------------------------------------

_CLIENT = re.compile(r"_*(?:statsd|dogstatsd|metrics?|statsd_?client|metrics_?client|datadog)", re.IGNORECASE)
_VERBS = frozenset(
    {"increment", "incr", "decrement", "decr", "timing", "histogram", "gauge", "distribution", "timed", "timer"}
    | {"Incr", "Increment", "Timing", "Histogram", "Gauge", "Distribution", "PrecisionTiming"}
)
_NAME = re.compile(r"[A-Za-z][\w.:/-]{2,120}")


def _client(call: Call, code: Code) -> Metric | None:
    """A value sent by name: ``metrics.increment("orders.paid", tags=…)``, with the name as a plain string."""
    if call.method not in _VERBS or not call.args:
        return None
    name = call.args[0].string or ""
    of_library = call.bound and call.name.startswith(("datadog.", "statsd.", "sentry_sdk.metrics.", "ddtrace."))
    called_so = _CLIENT.fullmatch(_last(call.receiver)) is not None
    if code.language == "rust" or call.name.startswith("io.micrometer."):
        return None
    learns = code.imports_any("torchmetrics", "keras", "sklearn", "tensorflow", "wandb", "mlflow")
    if not _NAME.fullmatch(name) or not (of_library or called_so) or (learns and not of_library):
        return None
    return Metric(STATSD, call.method.lower(), call.line, name, sends=True)


# --- switched on, nothing of one's own ---------------------------------------

_READY_MADE = re.compile(
    r"(?:prometheus_fastapi_instrumentator|starlette_exporter|prometheus_flask_exporter|starlette_prometheus"
    r"|prometheus_client\.(?:start_http_server|start_wsgi_server|make_asgi_app|make_wsgi_app|push_to_gateway)"
    r"|gds_metrics\.GDSMetrics|prom-client\.(?:\w+\.)?collectDefaultMetrics|express-prom-bundle"
    r"|github\.com/prometheus/client_golang/prometheus/promhttp\.Handler(?:For)?"
    r"|actix_web_prom|metrics_exporter_prometheus)\b.*"
)


def ready_made(code: Code) -> tuple[int, ...]:
    """The lines that switch a library's own metrics on, or open the door through which they are read."""
    lines = {call.line for call in all_calls(code) if call.bound and _READY_MADE.fullmatch(call.name)}
    return tuple(sorted(lines))


# --- parts -------------------------------------------------------------------


def _defined(system: str, kind: str, call: Call, *, sends: bool = False) -> Metric:
    return Metric(system, kind.lower(), call.line, _name_of(call), _last(call.target), sends, call.method)


def _name_of(call: Call) -> str:
    """The metric's name: the first string, or the options' name with what stands before it."""
    keywords = {key.lower().strip("\"'"): value for key, value in call.keywords.items()}
    parts = [_plain(keywords.get(key)) for key in ("namespace", "subsystem", "name")]
    return "_".join(part for part in parts if part) or _first_string(call)


def _first_string(call: Call, keyword: str = "") -> str:
    named = call.keywords.get(keyword) if keyword else None
    return _plain(named) or (_plain(call.args[0]) if call.args else "")


def _plain(argument: Argument | None) -> str:
    return (argument.string or "") if argument is not None else ""


def _last(dotted: str) -> str:
    """The last part of a dotted name, without what is called on it."""
    return re.split(r"::|\.|->", dotted.partition("(")[0].strip())[-1].strip()
