"""Alerts as one shape, whatever the format: Prometheus and its kin, Grafana, CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signals.file import File
from signals.views import yaml_
from signals.views.node import Node

_GRADES = ("severity", "priority", "level", "tier", "urgency", "page", "criticality")
_SCALING = ("autoscaling", "scalingpolicy", "scaleup", "scaledown", "scaleout", "scalein")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule.

    ``condition`` is what it watches with its threshold, ``promql`` that as a query where there is one. ``waits`` is how
    long it must hold, ``grade`` how bad it is or whom it tells ("" if not said). ``lines`` are the lines that decide:
    its name, its condition, its waiting time.
    """

    name: str
    condition: str
    waits: str
    grade: str
    lines: tuple[int, ...]
    promql: str = ""


def in_yaml(file: File) -> tuple[Alert, ...]:
    """The alerts of a YAML file, those in a block of text (a ConfigMap's rule file) included."""
    found: list[Alert] = []
    for document in file.yaml:
        found += _in_document(document, file.lines)
        for text, line in _embedded(document, file.lines):
            found += _in_text(text, line, file.lines)
    return tuple(found)


def _in_document(document: Node, lines: Sequence[str]) -> Iterator[Alert]:
    for node in document.walk():
        if node.kind != "map":
            continue
        if node.str("Type") == "AWS::CloudWatch::Alarm":
            yield from _cloudformation(node)
        for rule in node.list("rules"):
            alert = _prometheus(rule, lines) or _grafana(rule)
            if alert is not None:
                yield alert


def _embedded(document: Node, lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Literal blocks (``key: |``) that hold rule files, with the line before their first one."""
    for node in document.walk():
        if node.kind != "scalar" or not all(word in node.text for word in ("groups:", "alert:", "expr:")):
            continue
        if lines[node.line - 1].rstrip().rstrip("+-0123456789").endswith("|"):
            yield node.text, node.line


def _in_text(text: str, line: int, lines: Sequence[str]) -> list[Alert]:
    try:
        documents = yaml_.documents(text)
    except ValueError:
        return []
    inner = text.split("\n")
    return [
        Alert(
            a.name, a.condition, a.waits, a.grade, tuple(line + n for n in a.lines if line + n <= len(lines)), a.promql
        )
        for document in documents
        for a in _in_document(document, inner)
    ]


def _prometheus(rule: Node, lines: Sequence[str]) -> Alert | None:
    name, expr, waits = rule.get("alert"), rule.get("expr"), rule.get("for")
    if name is None or expr is None or name.kind != "scalar" or expr.kind != "scalar" or not expr.text.strip():
        return None
    labels = rule.get("labels")
    decided = [name.line, _first_line(expr, lines), *([waits.line] if waits is not None else [])]
    return Alert(
        name=name.text,
        condition=_one_line(expr.text),
        waits=waits.text if waits is not None else "",
        grade=_grade(labels),
        lines=tuple(decided),
        promql=expr.text,
    )


def _grafana(rule: Node) -> Alert | None:
    """A provisioned Grafana rule: ``data`` are queries, ``condition`` names the one that decides."""
    title, data = rule.get("title"), rule.get("data")
    if title is None or data is None or rule.get("condition") is None or data.kind != "list":
        return None
    queries = [q.get("model", "expr") for q in data.items]
    exprs = [q for q in queries if q is not None and q.kind == "scalar" and q.text]
    limits = [n.text for q in data.items for n in q.walk() if n.kind == "scalar" and _is_number(n.text)]
    waits = rule.get("for")
    decided = [title.line, *(q.line for q in exprs[:1]), *([waits.line] if waits is not None else [])]
    return Alert(
        name=title.text,
        condition=_one_line(" ".join([*(q.text for q in exprs), *limits])),
        waits=waits.text if waits is not None else "",
        grade=_grade(rule.get("labels")) or rule.str("notification_settings", "receiver"),
        lines=tuple(decided),
        promql="\n".join(q.text for q in exprs),
    )


def _cloudformation(resource: Node) -> Iterator[Alert]:
    """A CloudWatch alarm that tells somebody. One that only starts a scaling policy is no alert."""
    properties = resource.get("Properties")
    if properties is None:
        return
    actions = properties.get("AlarmActions")
    told = _leaves(actions)
    if told and all(is_scaling(target) for target in told):
        return
    parts = [properties.str(key) for key in ("MetricName", "Statistic", "ComparisonOperator", "Threshold", "Period")]
    named = [properties.get(key) for key in ("MetricName", "Threshold", "EvaluationPeriods")]
    yield Alert(
        name=properties.str("AlarmName") or properties.str("AlarmDescription") or f"line {resource.line}",
        condition=" ".join(part for part in parts if part),
        waits=properties.str("EvaluationPeriods"),
        grade=" ".join(told[:3]),
        lines=(resource.line, *(n.line for n in named if n is not None)),
    )


def is_scaling(target: str) -> bool:
    """Whether an alarm's action is a scaling policy, by its name."""
    plain = target.lower().replace("_", "").replace("-", "")
    return any(word in plain for word in _SCALING)


def _leaves(node: Node | None) -> list[str]:
    return [n.text for n in node.walk() if n.kind == "scalar"] if node is not None else []


def _grade(labels: Node | None) -> str:
    pairs = labels.pairs if labels is not None else ()
    return next((value.text or "set" for key, value in pairs if key.text.lower() in _GRADES), "")


def _first_line(expr: Node, lines: Sequence[str]) -> int:
    """Where the expression's text begins: below its key if it is a block of text."""
    head = lines[expr.line - 1].rstrip() if expr.line <= len(lines) else ""
    block = head.rstrip("+-0123456789").endswith(("|", ">")) and expr.end > expr.line
    return expr.line + 1 if block else expr.line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
