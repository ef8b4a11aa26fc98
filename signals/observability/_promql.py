"""Just enough PromQL: the metrics an expression reads, and whether it is one that everybody copies.

No grammar: strings, label matchers, ranges and label lists are cut out, what is left and is no function is a metric.
"""

from __future__ import annotations

import re

MAX_EXPRESSION = 5_000
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_CUT = re.compile(
    r"#[^\n]*|\{[^{}]*\}|\[[^\[\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*+(?!\s*\()")
_WORDS = frozenset(
    {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf"}
    | {"nan", "start", "end", "atan2", "sum", "min", "max", "avg", "count", "stddev", "stdvar", "topk", "bottomk"}
    | {"quantile", "count_values", "group"}
)
_MATCHERS = re.compile(r"\{[^{}]*\}")
_UNREACHABLE = re.compile(
    r"(?:(?:sum|avg|min|max|count|absent)(?:(?:by|without)\([^()]*\))?\(?)?\(?"
    r"(?:up|probe_success|[a-z0-9]+_up)\)?(?:(?:==|<=?)[01])?\)?"
)


def metrics_of(expression: str) -> tuple[str, ...]:
    """The metric names an expression reads, in order, without recording rules (which hold a colon)."""
    text = _STRING.sub('""', _TEMPLATE.sub(" ", expression[:MAX_EXPRESSION]))
    names = _NAME.findall(_CUT.sub(" ", text))
    return tuple(dict.fromkeys(n for n in names if n.lower() not in _WORDS and ":" not in n and len(n) > 1))


def plain(expression: str) -> str:
    """The expression without blanks, label matchers and outer brackets, in lower case: what copies share."""
    text = _MATCHERS.sub("", _STRING.sub('""', expression[:MAX_EXPRESSION]))
    text = "".join(text.split()).lower()
    while text.startswith("(") and text.endswith(")") and _closes_last(text):
        text = text[1:-1]
    return text


def _closes_last(text: str) -> bool:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def is_only_reachability(expression: str) -> bool:
    """Whether the expression only asks if a target answers, as ``up == 0`` does: right for everybody, about nothing."""
    return _UNREACHABLE.fullmatch(plain(expression)) is not None


def is_well_known(expression: str) -> bool:
    """Whether the expression equals one that monitoring tools and rule collections publish word for word."""
    return plain(expression) in _WELL_KNOWN


_PUBLISHED = """
up == 0
vector(1)
absent(up{job="prometheus"})
count(up == 0) by (job) / count(up) by (job) > 0.1
100 * (count(up == 0) BY (job, namespace, service) / count(up) BY (job, namespace, service)) > 10
node_load1 > 0.8
node_load1 > 1.5
node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < .10
node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes * 100 < 10
(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100 > 80
(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100 > 85
(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100 > 90
100 - (avg by(instance) (rate(node_cpu_seconds_total{mode="idle"}[2m])) * 100) > 80
100 - (avg by(instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80
100 - (avg by(instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80
100 - (avg by(instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 90
1 - (avg without (cpu) (rate(node_cpu_seconds_total{mode="idle"}[5m]))) > .80
sum by (instance) (avg by (mode, instance) (rate(node_cpu_seconds_total{mode!="idle"}[2m]))) > 0.8
(node_filesystem_avail_bytes * 100) / node_filesystem_size_bytes < 10
(node_filesystem_avail_bytes / node_filesystem_size_bytes) * 100 < 10
(node_filesystem_avail_bytes / node_filesystem_size_bytes) * 100 < 15
(node_filesystem_avail_bytes / node_filesystem_size_bytes) * 100 < 20
node_filesystem_files_free / node_filesystem_files * 100 < 10
rate(node_vmstat_pgmajfault[1m]) > 1000
rate(node_disk_io_time_seconds_total[5m]) > 0.8
increase(node_vmstat_oom_kill[1m]) > 0
time() - container_last_seen > 60
(sum(rate(container_cpu_usage_seconds_total{name!=""}[3m])) BY (instance, name) * 100) > 80
kube_pod_status_phase{phase=~"Pending|Unknown|Failed"} > 0
sum by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown|Failed"}) > 0
increase(kube_pod_container_status_restarts_total[1m]) > 3
rate(kube_pod_container_status_restarts_total[15m]) * 60 * 5 > 0
rate(kube_pod_container_status_restarts_total[5m]) * 60 * 5 > 0
kube_deployment_spec_replicas != kube_deployment_status_replicas_available
kube_node_status_condition{condition="Ready",status="true"} == 0
kube_persistentvolumeclaim_status_phase{phase="Pending"} == 1
kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes * 100 < 10
prometheus_config_last_reload_successful != 1
alertmanager_config_last_reload_successful != 1
increase(prometheus_rule_evaluation_failures_total[3m]) > 0
prometheus_notifications_alertmanagers_discovered < 1
probe_success == 0
probe_http_status_code <= 199 OR probe_http_status_code >= 400
probe_ssl_earliest_cert_expiry - time() < 86400 * 30
redis_up == 0
pg_up == 0
mysql_up == 0
"""
_WELL_KNOWN = frozenset(plain(line) for line in _PUBLISHED.strip().splitlines())
