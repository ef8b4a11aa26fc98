"""What one signal's samples cannot say: an alert that reads a metric shows that the metric is used."""

from __future__ import annotations

from signals.base import active
from signals.model import Evidence, Level
from tests.signals.replay import scan_texts

METRICS = 'from prometheus_client import Counter\n\nFAILED = Counter("scorer_failed", "Failed")\n'
ALERTS = """
groups:
  - name: scorer
    rules:
      - alert: ScorerFailing
        expr: sum(rate({metric}[5m])) > 1
"""


def metric_evidence(alerts: str, path: str = "monitoring/rules.yml") -> Evidence:
    signals = [s for s in active() if s.id in ("metrics-instrumentation", "alert-rules")]
    scan = scan_texts(signals, {"scorer/metrics.py": METRICS, path: alerts})
    return next(e for e in scan.evidence if e.signal == "metrics-instrumentation")


def test_an_alert_on_the_exported_name_is_use() -> None:
    found = metric_evidence(ALERTS.format(metric="scorer_failed_total"))
    assert found.level is Level.USED
    assert found.facts["used_by"] == ("monitoring/rules.yml",)


def test_an_alert_on_another_metric_is_none() -> None:
    assert metric_evidence(ALERTS.format(metric="http_requests_total")).level is Level.DECLARED


def test_an_alert_in_a_test_is_none() -> None:
    alerts = ALERTS.format(metric="scorer_failed_total")
    assert metric_evidence(alerts, "tests/rules.yml").level is Level.DECLARED
