"""Alerts that Terraform creates in a cloud's or a vendor's monitoring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.observability._alerts import Alert, is_scaling
from signals.views.hcl import Attribute, Block

# Attributes, of a resource or of blocks in it: what it watches and from which value on; how long it must hold; whom it
# tells or how bad it is.
_CONDITION = frozenset(
    {"metric_name", "namespace", "statistic", "comparison_operator", "threshold", "query", "filter", "comparison"}
    | {
        "threshold_value",
        "critical",
        "warning",
        "operator",
        "aggregation",
        "metric_query",
        "expr",
        "alarm_rule",
        "value",
    }
    | {
        "dimensions",
        "extended_statistic",
        "threshold_metric_id",
        "condition",
        "rql",
        "critical_recovery",
        "program_text",
    }
)
_LIMITS = frozenset(
    {"threshold", "threshold_value", "critical", "warning", "query", "metric_name", "alarm_rule", "model"}
)
_WAITS = frozenset(
    {"evaluation_periods", "datapoints_to_alarm", "period", "duration", "for", "window_size", "threshold_duration"}
    | {"evaluation_frequency", "frequency", "pending_for", "minimum_failing_periods_to_trigger_alert", "time_window"}
)
_TELLS = frozenset(
    {"alarm_actions", "notification_channels", "message", "severity", "priority", "labels", "action", "actions"}
    | {"recipient", "notification_settings", "criteria_severity", "policy_id", "destinations", "ok_actions", "notify"}
)
_RESOURCES: dict[str, str] = {
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_composite_alarm": "alarm_name",
    "azurerm_monitor_activity_log_alert": "name",
    "azurerm_monitor_metric_alert": "name",
    "azurerm_monitor_scheduled_query_rules_alert": "name",
    "azurerm_monitor_scheduled_query_rules_alert_v2": "name",
    "betteruptime_monitor": "url",
    "datadog_monitor": "name",
    "datadog_service_level_objective_alert": "name",
    "google_monitoring_alert_policy": "display_name",
    "grafana_rule_group": "name",
    "honeycombio_trigger": "name",
    "logzio_alert_v2": "title",
    "newrelic_alert_condition": "name",
    "newrelic_nrql_alert_condition": "name",
    "oci_monitoring_alarm": "display_name",
    "sentry_issue_alert": "name",
    "sentry_metric_alert": "name",
    "signalfx_detector": "name",
    "sysdig_monitor_alert_v2_metric": "name",
    "sysdig_monitor_alert_v2_prometheus": "name",
    "yandex_monitoring_alert": "name",
}
ROUTES = frozenset({"pagerduty_escalation_policy", "pagerduty_schedule", "pagerduty_service", "opsgenie_schedule"})


def in_terraform(blocks: Sequence[Block]) -> tuple[Alert, ...]:
    """The alerts among a file's blocks. An alarm that only starts a scaling policy is none."""
    return tuple(alert for block in blocks for alert in _of_block(block))


def routes_in(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The resources that say who is called when something is wrong."""
    return tuple(b for b in blocks if b.type == "resource" and b.labels and b.labels[0] in ROUTES)


def _of_block(block: Block) -> Iterator[Alert]:
    if not block.labels:
        return
    if block.type == "module":
        source = block.string("source")
        if "metric-alarm" in source or "alert" in source.rpartition("/")[2]:
            yield _alert(block, block.labels[0])
        return
    if block.type != "resource" or block.labels[0] not in _RESOURCES or len(block.labels) < 2:
        return
    if block.labels[0] == "grafana_rule_group":
        rules = [b for b in block.blocks if b.type in ("rule", "dynamic")]
        yield from (_alert(rule, rule.string("name") or block.labels[1]) for rule in rules)
        return
    actions = block.attributes.get("alarm_actions")
    if actions is not None and _only_scales(actions):
        return
    yield _alert(block, block.string(_RESOURCES[block.labels[0]]) or block.labels[1])


def _alert(block: Block, name: str) -> Alert:
    found = [(key, attribute) for part in block.walk() for key, attribute in part.attributes.items()]
    condition = [f"{key}={_one_line(a)}" for key, a in found if key in _CONDITION]
    waits = [f"{key}={_one_line(a)}" for key, a in found if key in _WAITS]
    decided = [a.line for key, a in found if key in _LIMITS or key in _WAITS]
    queries = [a.string for key, a in found if key in ("expr", "promql") and a.string]
    return Alert(
        name=name,
        condition=" ".join(condition)[:2000],
        waits=" ".join(waits)[:500],
        grade=_grade(block, found),
        lines=(block.line, *decided),
        promql="\n".join(queries),
    )


def _grade(block: Block, found: Sequence[tuple[str, Attribute]]) -> str:
    """The first attribute, or else the name of the first block, that says how bad it is or whom it tells."""
    told = (_one_line(a) for key, a in found if key in _TELLS and a.text.strip() not in ("[]", "null", '""'))
    return next(told, "") or next((part.type for part in block.walk() if part.type in _TELLS), "")


def _only_scales(actions: Attribute) -> bool:
    targets = [t for t in actions.text.strip(" []\n").split(",") if t.strip()]
    return bool(targets) and all(is_scaling(target) for target in targets)


def _one_line(attribute: Attribute) -> str:
    return " ".join(attribute.text.split())[:500]
