"""What messages claim: no more than a file holds, and what a list leaves out is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from signals import wording
from signals.base import active
from tests.signals import replay

RULES = """\
groups:
- name: scorer
  rules:
"""
BY_ID = {signal.id: signal for signal in active()}


def message(signal: str, path: str, text: str) -> str:
    """The message of the only evidence in a file."""
    (evidence,) = replay.scan_texts([BY_ID[signal]], {path: text}).evidence
    return evidence.message


def workflow(*commands: str) -> str:
    steps = "".join(f"      - run: {command}\n" for command in commands)
    return f"on: pull_request\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def alerts(n: int) -> str:
    return RULES + "".join(f"  - alert: Slow{k}\n    expr: p99{{job='{k}'}} > 2\n" for k in range(n))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b", "a"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        ([str(n) for n in range(2_003)], "0, 1, 2 and 2,000 more"),
    ],
)
def test_a_list_says_what_it_leaves_out(names: Sequence[str], told: str) -> None:
    assert wording.listed(names) == told


def test_numbers_have_their_noun_and_a_comma() -> None:
    assert [wording.counted(n, "metric") for n in (1, 2, 1_512)] == ["1 metric", "2 metrics", "1,512 metrics"]
    assert [wording.counted(n, "proxy", "proxies") for n in (1, 2)] == ["1 proxy", "2 proxies"]
    assert wording.spans([3, 11, 12, 13, 15]) == ["3", "11-13", "15"]
    assert [wording.times(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]


@pytest.mark.parametrize(
    ("commands", "runs"),
    [
        (["ruff check ."], "linters"),
        (["mypy src"], "type checks"),
        (["npx tsc --noEmit"], "type checks"),
        (["make lint"], "linters"),
        (["make typecheck"], "type checks"),
        (["pytest"], "tests"),
        (["ruff check .", "pytest"], "tests and linters"),
        (["ruff check . && pyright"], "linters and type checks"),
        (["ruff check .", "mypy .", "pytest"], "tests, linters and type checks"),
    ],
)
def test_checks_are_named_as_the_file_runs_them(commands: Sequence[str], runs: str) -> None:
    said = message("ci-gate", ".github/workflows/ci.yml", workflow(*commands))
    assert said == f"Runs {runs} when a change is proposed."


@pytest.mark.parametrize(
    ("n", "names"),
    [(1, "Slow0"), (3, "Slow0, Slow1 and Slow2"), (4, "Slow0, Slow1, Slow2 and 1 more")],
)
def test_alerts_that_are_not_named_are_counted(n: int, names: str) -> None:
    assert message("alert-rules", "ops/alerts.yml", alerts(n)).endswith(f": {names}.")


def test_metrics_that_are_not_named_are_counted() -> None:
    made = "".join(f'M{n} = Counter("shop_{n}_total", "What happened")\n' for n in range(5))
    said = message("metrics-instrumentation", "shop/metrics.py", f"from prometheus_client import Counter\n\n{made}")
    assert said == "5 metrics for Prometheus: shop_0_total, shop_1_total, shop_2_total and 2 more."


def test_large_numbers_have_a_comma() -> None:
    said = message("alert-rules", "ops/alerts.yml", alerts(1_200))
    assert said.startswith("1,200 alerting rules")
    assert not re.search(r"\d{4}", said)
