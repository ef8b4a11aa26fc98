"""Health checks as one shape: what asks, what it asks, how often, and whether the question says anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.file import File
from signals.views.code import Call, Code
from signals.views.node import Node

_KUBERNETES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOW = ("httpGet", "exec", "tcpSocket", "grpc")
_TIMINGS = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold")
_COMPOSE_TIMINGS = ("interval", "timeout", "retries", "start_period", "start_interval")
# The checks that every introduction to a database, a cache or a queue shows.
_STOCK = re.compile(
    r"pg_isready|redis-cli|valkey-cli|mysqladmin|mariadb-admin|healthcheck\.sh|rabbitmq-diagnostics|mongosh?\b|mongo\s"
    r"|_cluster/health|cub\s+(?:zk|kafka)-ready|kafka-topics|kafka-broker|minio/health|mc\s+ready|nc\s+-z|clickhouse"
    r"|:9200\b|_localstack|cqlsh|nodetool|:3100/ready|/-/(?:healthy|ready)\b|:3000/api/health|clamdcheck"
    r"|minio/|zookeeper|ruok|etcdctl|localstack|:8123\b|/ping\s|curl\s+-f\s+http://localhost/?[\"']?$"
)
_PASSING = re.compile(r"dev|test|local|ci\b|debug|override|shared|example")
HEALTH_PATH = re.compile(
    r"/?(?>[\w.-]+/){0,3}(?:_{0,2}(?:healthz?|lbheartbeat|heartbeat|livez|readyz|liveness|readiness)_{0,2}"
    r"|health[-_]?check|health/(?:live|ready|liveness|readiness)|ready|live|alive|ping|_status)/?"
)
_ROUTE = frozenset({"get", "head", "route", "api_route"})
_ADDS_ROUTE = frozenset(
    {"add_url_rule", "add_api_route", "add_route", "path", "re_path", "HandleFunc", "Handle", "GET", "Get", "route"}
)
_SERVER = re.compile(r"(?:^|\.)(?:\w*(?:[aA]pp|[rR]outer|[sS]erver|[mM]ux|fastify|engine)|r|e|http)$")
_ASKS = re.compile(
    r"SELECT\s+1|(?:^|[._])(?:ping|is_ready|is_alive|is_connected|is_server_ready|is_server_live|is_model_ready|ready"
    r"|server_ready|is_healthy|connected|check_\w+|\w+_check|check|heartbeat|select_one|healthcheck)$",
    re.IGNORECASE,
)


MAX_ASKING = 100


@dataclass(frozen=True, slots=True)
class Probe:
    """One health check.

    ``kind`` is what it belongs to, ``line`` where it begins, ``path`` the route it asks ("" if none), ``timings`` its
    numbers. ``telling`` says that it looks further than a port, a constant or a well-known command.
    """

    kind: str
    line: int
    path: str = ""
    timings: str = ""
    telling: bool = False
    name: str = ""


# --- those who ask -------------------------------------------------------------


def in_yaml(file: File) -> Iterator[Probe]:
    """The probes of Kubernetes' containers and of charts' values, and the health checks of Compose's services."""
    for document in file.yaml:
        if document.str("kind") in ("PrometheusRule", "ClusterPolicy", "Policy", "ConstraintTemplate"):
            continue
        services = document.get("services") if "compose" in file.name.lower() else None
        for key, service in services.pairs if services is not None else ():
            yield from _compose(key.text, service, _PASSING.search(file.name.lower()) is None)
        for node in document.walk():
            probes = [(key, value) for key, value in node.pairs if key.text in _KUBERNETES]
            container = node.str("name") if probes else ""
            for key, value in probes:
                yield from _kubernetes(key, value, container)


def _kubernetes(key: Node, probe: Node, container: str) -> Iterator[Probe]:
    how = next((found for name in _HOW if (found := probe.get(name)) is not None), None)
    if how is None:
        return
    path = how.str("path")
    timings = _numbers(probe, _TIMINGS)
    command = " ".join(leaf.text for leaf in how.walk() if leaf.kind == "scalar") if how.get("command") else ""
    asks = path.strip("/\"'") not in ("", "index.html") if path else bool(command and not _STOCK.search(command))
    grpc = probe.get("grpc") is not None
    yield Probe("Kubernetes", key.line, path, timings, asks or grpc, f"{container} {key.text}".strip())


def _numbers(node: Node, names: tuple[str, ...]) -> str:
    return " ".join(f"{name}={node.str(name)}" for name in names if node.str(name))


def _compose(name: str, service: Node, lasts: bool) -> Iterator[Probe]:
    key, check = next(((k, v) for k, v in service.pairs if k.text == "healthcheck"), (service, service))
    test = check.get("test")
    if test is None:
        return
    command = " ".join(leaf.text for leaf in test.walk() if leaf.kind == "scalar")
    if command and "NONE" not in command:
        image = service.str("image")
        is_own = service.get("build") is not None or "/" in image or "$" in image
        telling = lasts and is_own and _STOCK.search(f"{command} ") is None
        yield Probe("Compose", key.line, _asked(command), _numbers(check, _COMPOSE_TIMINGS), telling, name)


def in_dockerfile(file: File) -> Iterator[Probe]:
    """The last ``HEALTHCHECK`` of a Dockerfile, which is the one that counts."""
    checks = [i for i in file.dockerfile if i.name == "HEALTHCHECK"]
    if checks and checks[-1].text.upper() != "NONE":
        last = checks[-1]
        timings = " ".join(f"{name}={value}" for name, value in last.flags)
        yield Probe(
            "Docker", last.line, _asked(last.text), timings, _STOCK.search(f"{last.text} ") is None, "HEALTHCHECK"
        )


_URL_PATH = re.compile(r"https?://[^/\s\"']+(/[\w./-]+)")


def _asked(command: str) -> str:
    found = _URL_PATH.search(command)
    return found[1] if found is not None else ""


# --- what answers ----------------------------------------------------------------


def in_code(file: File) -> Iterator[Probe]:
    """Routes that answer health checks, and the health service of gRPC."""
    code = file.code
    if code is None:
        return
    asking = _asking(code)
    for definition in code.definitions:
        for decorator in definition.decorators:
            path = _route(decorator)
            if path:
                telling = any(definition.line <= line <= definition.end for line in asking.get(definition.name, ()))
                yield Probe("route", decorator.line, path, telling=telling, name=definition.name)
    for call in code.calls:
        if call.name in _GRPC or call.method == "add_HealthServicer_to_server":
            yield Probe("gRPC", call.line, telling=True)
        elif call.method == "add_check" and code.imports_any("healthcheck"):
            yield Probe("route", call.line, telling=True)
        elif path := _added(call, file.name):
            yield Probe("route", call.line, path)


_GRPC = frozenset({"google.golang.org/grpc/health.NewServer"})


def _route(decorator: Call) -> str:
    path = decorator.args[0].string if decorator.args else None
    if decorator.method not in _ROUTE or path is None or HEALTH_PATH.fullmatch(path) is None:
        return ""
    return f"/{path.strip('/')}"


def _added(call: Call, name: str) -> str:
    """The path of a health route that a call adds to a server, "" for other calls."""
    if len(call.args) < 2:
        return ""
    path, handler = call.args[0].string, call.args[1].text.lstrip()
    if path is None or HEALTH_PATH.fullmatch(path) is None:
        return ""
    if name.endswith((".js", ".mjs", ".ts")):
        adds = call.method in ("get", "use", "all") and not handler.startswith("{")
        return f"/{path.strip('/')}" if adds and _SERVER.search(call.receiver) else ""
    return f"/{path.strip('/')}" if call.method in _ADDS_ROUTE else ""


def _asking(code: Code) -> dict[str, list[int]]:
    """By function: the lines of calls that look at something that may be down."""
    found: dict[str, list[int]] = {}
    for call in code.calls:
        if _ASKS.search(call.name) or any("SELECT 1" in argument.text.upper() for argument in call.args):
            lines = found.setdefault(call.function, [])
            if len(lines) < MAX_ASKING:
                lines.append(call.line)
    return found
