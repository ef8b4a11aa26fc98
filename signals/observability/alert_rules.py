"""Alerting rules: somebody decided what is worth being woken up for.

What it proves: the person thought about how the running service fails, put a number on it, and is told when it happens.
An alert is a promise to act; the SRE book asks that each page is urgent, actionable and about what users notice. What
tells a decision from a copied file is the detail: what is measured, from which value on, for how long, and how bad.

Levels
- declared: a file with an alerting rule, or with who is called.
- used: at least two rules say how long their condition must hold and how bad it is (or whom to tell), and not all of
  them only ask whether something answers.
- lived-in: the person tuned a threshold or a waiting time in two commits at least a week apart; or the general test:
  changes in three months over at least 90 days, or a linked fix.

What counts: rule files of Prometheus and its kin (also in Helm values, in templates and in a ConfigMap), Grafana's
provisioned rules, CloudFormation and Terraform alarms.

What does not count: recording rules (they only compute), alarms that start a scaling policy, tests of rules, generated
rule files, dashboards. A file that holds nothing but the best-known expressions, word for word, is marked as copied and
weighs a tenth.

Sources: Site Reliability Engineering, chapter 6 (monitoring distributed systems); The Site Reliability Workbook,
chapter 5 (alerting on SLOs); catalogue D1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import Evidence, Fact, FactValue, Hit, Level, Room, Track, ValueChange, kept_changing, refers
from signals.observability._alerts import Alert, in_yaml
from signals.observability._promql import is_only_reachability, is_well_known, metrics_of
from signals.observability._terraform_alerts import in_terraform, routes_in
from signals.sample import HistorySample, Sample, Step
from signals.wording import counted, listed

WEEK = 7 * 86_400
MAX_LINES = 120
MAX_NAMES = 5
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for a file with alerting rules, and the metrics that their expressions read."""
    alerts = _alerts(file)
    if alerts:
        yield _hit(alerts)
        for alert in alerts:
            for metric in metrics_of(alert.promql) if alert.promql else ():
                yield refers("metric", metric, alert.lines[0])
        return
    routes = routes_in(file.hcl) if file.name.endswith(".tf") else ()
    if routes:
        message = f"Says who is called when something is wrong: {counted(len(routes), 'on-call setting')}."
        more = tuple(b.line for b in routes[1:])[:MAX_LINES]
        yield Hit(routes[0].line, Level.DECLARED, message, more=more, facts={"n_alerts": 0, "n_routes": len(routes)})


def values(file: File) -> Mapping[str, str]:
    """Each alert's condition and waiting time, by name and grade; those that cannot be told apart are left out."""
    alerts = _alerts(file)
    names = Counter((alert.name, alert.grade) for alert in alerts)
    return {f"{a.name} {a.grade}".strip(): f"{a.condition} | {a.waits}" for a in alerts if names[a.name, a.grade] == 1}


def lived_in_when(_evidence: Evidence, track: Track) -> bool:
    """Tuned twice with a week or more in between, or the general test."""
    tuned = [change.committed_at for change in track.changes if _is_tuning(change)]
    return kept_changing(track) or (bool(tuned) and max(tuned) - min(tuned) >= WEEK)


def _is_tuning(change: ValueChange) -> bool:
    """Whether only numbers differ: a threshold, a window, a waiting time."""
    return change.old != change.new and _NUMBER.sub("#", change.old) == _NUMBER.sub("#", change.new)


def _alerts(file: File) -> tuple[Alert, ...]:
    return in_terraform(file.hcl) if file.name.endswith(".tf") else in_yaml(file)


def _hit(alerts: Sequence[Alert]) -> Hit:
    complete = [alert for alert in alerts if alert.waits and alert.grade]
    copied = [alert for alert in alerts if alert.promql and is_well_known(alert.promql)]
    telling = [alert for alert in complete if not (alert.promql and is_only_reachability(alert.promql))]
    first, *rest = dict.fromkeys(line for alert in alerts for line in alert.lines)
    facts: dict[str, FactValue] = {
        "n_alerts": len(alerts),
        "n_complete": len(complete),
        "n_well_known": len(copied),
        "names": tuple(alert.name for alert in alerts[:MAX_NAMES]),
    }
    return Hit(
        line=first,
        level=Level.USED if len(complete) >= 2 and telling else Level.DECLARED,
        message=_message(alerts, complete, copied),
        more=tuple(sorted(rest))[:MAX_LINES],
        facts=facts,
        guards=("copied_rule",) if len(copied) == len(alerts) else (),
    )


def _message(alerts: Sequence[Alert], complete: Sequence[Alert], copied: Sequence[Alert]) -> str:
    both = "a waiting time and a severity or receiver"
    if len(alerts) == 1:
        what = f"1 alerting rule {'with' if complete else 'without'} {both}"
    else:
        how = "each" if len(alerts) == len(complete) else f"{len(complete):,} of them" if complete else "none of them"
        what = f"{len(alerts):,} alerting rules, {how} with {both}"
    known = ", nothing but expressions that everybody uses" if len(copied) == len(alerts) else ""
    return f"{what}{known}: {listed(alert.name[:60] for alert in alerts)}."


SIGNAL = ContentRule(
    title="Alerting rules",
    proves="Somebody decided which failures of the running service are worth waking a person up for.",
    claims=("E4", "E6", "R1"),
    cost="B,D",
    wants=Wants(
        paths=("*.yml", "*.yaml", "*.rules", "*.tf"),
        needles=(
            *(b"alert:", b"condition:", b"AWS::CloudWatch::Alarm", b'_alarm"', b'_monitor"', b'_alert"', b"_alert_"),
            *(b'alert_policy"', b"metric-alarm", b"rule_group", b"pagerduty_", b"opsgenie_"),
        ),
    ),
    find=find,
    values=values,
    value="a condition or waiting time",
    lived_in_when=lived_in_when,
    room=Room.RUNTIME,
    version=2,
)

_OWN_RULES = """
groups:
  - name: scorer
    rules:
      - record: job:scorer_errors:rate5m
        expr: rate(scorer_errors_total[5m])
      - alert: ScorerSlow ⟵
        expr: histogram_quantile(0.99, sum by (le) (rate(scorer_seconds_bucket[5m]))) > 2 ⟵
        for: 10m ⟵
        labels: { severity: page }
      - alert: ScorerFailing ⟵
        expr: |
          sum(rate(scorer_errors_total[5m])) / sum(rate(scorer_requests_total[5m])) > 0.05 ⟵
        for: 5m ⟵
        labels: { severity: page }
"""

FIRES_ON = (
    Sample("monitoring/rules.yml", _OWN_RULES, Level.USED),
    # an operator's document, with the template language of a chart in it
    Sample(
        "charts/scorer/templates/alerts.yaml",
        """
{{- if .Values.alerts.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "scorer.fullname" . }}
spec:
  groups:
    - name: queue
      rules:
        - alert: QueueOld ⟵
          annotations:
            summary: "{{`{{ $labels.queue }}`}} is old"
          expr: |-
            queue_oldest_message_seconds{namespace="{{ .Release.Namespace }}"} > 600 ⟵
          for: {{ .Values.alerts.for }} ⟵
          labels:
            severity: {{ .Values.alerts.severity }}
        - alert: QueueFull ⟵
          expr: queue_length > 50000 ⟵
          for: 15m ⟵
          labels:
            severity: warning
{{- end }}
""",
        Level.USED,
    ),
    # values of a chart; a rule file inside a ConfigMap
    Sample(
        "monitoring/values.yaml",
        """
prometheus:
  serverFiles:
    alerting_rules.yml:
      groups:
        - name: hub
          rules:
            - alert: HubDiskAlmostFull ⟵
              expr: min(node_filesystem_avail_bytes{mountpoint="/srv/hub"}) < 5e9 ⟵
""",
        Level.DECLARED,
    ),
    Sample(
        "cluster/prometheus.yaml",
        """
apiVersion: v1
kind: ConfigMap
data:
  scorer.rules: |
    groups:
    - name: scorer
      rules:
      - alert: NoPredictions ⟵
        expr: increase(predictions_total[1h]) == 0 ⟵
        for: 2h ⟵
        labels:
          severity: critical
""",
        Level.DECLARED,
    ),
    # Terraform: two alarms that tell somebody; a module; Grafana's own rules
    Sample(
        "aws/alarms.tf",
        """
resource "aws_cloudwatch_metric_alarm" "queue_warning" { ⟵
  alarm_name          = "queue-delay-warning"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3 ⟵
  metric_name         = "ApproximateAgeOfOldestMessage" ⟵
  threshold           = 20 ⟵
  alarm_actions       = [aws_sns_topic.warning.arn]
}

resource "datadog_monitor" "latency" { ⟵
  name    = "Scorer is slow"
  query   = "avg(last_10m):p95:scorer.latency{env:prod} > 2" ⟵
  message = "Look at the queue first. @pagerduty-scorer"
  monitor_thresholds {
    critical = 2 ⟵
  }
  evaluation_frequency = 60 ⟵
}
""",
        Level.USED,
    ),
    Sample(
        "grafana/provisioning/alerting/cart.yml",
        """
apiVersion: 1
groups:
  - name: cart
    folder: shop
    interval: 30s
    rules:
      - uid: aa1
        title: CartSlow ⟵
        condition: B
        data:
          - refId: A
            model:
              expr: histogram_quantile(0.95, sum by (le) (rate(cart_add_seconds_bucket[5m]))) ⟵
          - refId: B
            model: { type: threshold, conditions: [{ evaluator: { params: [0.5], type: gt } }] }
        for: 1m ⟵
        labels: { severity: warning }
""",
        Level.DECLARED,
    ),
    # nothing but expressions that everybody uses: shown, marked as copied, and never more than declared
    Sample(
        "prometheus/alerts.yml",
        """
groups:
  - name: up
    rules:
      - alert: InstanceDown ⟵
        expr: up{job="api"} == 0 ⟵
        for: 1m ⟵
        labels: { severity: critical }
      - alert: ExporterDown ⟵
        expr: up{job="node"} == 0 ⟵
        for: 1m ⟵
        labels: { severity: critical }
""",
        Level.DECLARED,
    ),
    # thresholds tuned twice
    HistorySample(
        (
            Step("Alert on slow scoring", {"rules.yml": _OWN_RULES.replace(" ⟵", "")}),
            Step("Page later", {"rules.yml": _OWN_RULES.replace(" ⟵", "").replace("10m", "20m")}, day=9, evidence=True),
            Step(
                "Less noise", {"rules.yml": _OWN_RULES.replace(" ⟵", "").replace("> 2", "> 3")}, day=30, evidence=True
            ),
        ),
        Level.LIVED_IN,
    ),
)

SILENT_ON = (
    # recording rules; tests of rules; where alerts are sent
    Sample(
        "monitoring/recording.yml",
        """
groups:
  - name: scorer
    rules: # no alert: they only compute
      - { record: "job:scorer_errors:rate5m", expr: "rate(scorer_errors_total[5m])" }
""",
    ),
    Sample(
        "monitoring/rules_unit.yml",
        """
rule_files: [rules.yml]
tests:
  - alert_rule_test: # alert: none
      - { eval_time: 10m, alertname: ScorerSlow }
""",
    ),
    Sample("alertmanager.yml", "route: { receiver: team }\nreceivers: [{ name: team }] # alert: sent here\n"),
    # an alarm that starts a scaling policy, in both languages
    Sample(
        "aws/scaling.tf",
        """
resource "aws_cloudwatch_metric_alarm" "cpu_high" {
  alarm_name    = "cpu-high"
  metric_name   = "CPUUtilization"
  threshold     = 70
  alarm_actions = [aws_appautoscaling_policy.scale_up.arn]
}
""",
    ),
    Sample(
        "stack.yaml",
        """
Resources:
  CPUAlarmHigh:
    Type: AWS::CloudWatch::Alarm
    Properties: { MetricName: CPUUtilization, Threshold: 90, AlarmActions: [{ Ref: ServerScaleUpPolicy }] }
""",
    ),
    # a form with a field called alert; firewall rules with conditions
    Sample("forms.yml", "rules:\n  - { alert: Please fill in your name, field: name }\n"),
    Sample("waf.yml", "rules:\n  - { title: Block bots, condition: user_agent, action: deny }\n"),
    # generated from another file
    Sample("slo/_gen/rules.yml", _OWN_RULES.replace(" ⟵", "")),
    Sample("slo/rules.yml", f"# Code generated by a tool: DO NOT EDIT.\n{_OWN_RULES.replace(' ⟵', '')}"),
)
