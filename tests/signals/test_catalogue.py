"""What holds for every signal of the catalogue, whatever it looks for."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from signals import base
from signals.base import ContentRule, HistoryRule, Signal
from signals.match import LinePattern, nested_quantifier
from signals.model import Dimension
from signals.sample import MARK, HistorySample, Sample

CATALOGUE: dict[Dimension, str] = {
    Dimension.OBSERVABILITY: """
        metrics-instrumentation latency-histogram structured-logging error-tracking distributed-tracing alert-rules
        dashboards-as-code slo-definition health-probes
    """,
    Dimension.ML_MONITORING: """
        drift-detection performance-estimation-without-labels data-quality-profiles input-schema-at-serving
        prediction-logging online-experiment evaluation-gate retraining-loop
    """,
    Dimension.DEPLOYMENT: """
        container-image orchestrator-manifest infrastructure-as-code inference-server-config serving-api
        batch-inference-job environment-separation secrets-by-reference edge-or-gpu-resources
    """,
    Dimension.ROLLBACK: """
        revert-commit time-to-revert migration-down-steps expand-contract-migration model-registry-promotion
        model-version-pin-swap progressive-delivery automated-rollback rollback-tooling feature-flag kill-switch-config
    """,
    Dimension.RESILIENCE: """
        bounded-retry outbound-timeouts circuit-breaker graceful-degradation idempotency rate-limit-backpressure
        graceful-shutdown incident-driven-fix
    """,
    Dimension.PERFORMANCE: """
        load-test benchmark-tracking performance-fix profiling inference-optimization request-batching caching-layer
        autoscaling cost-accounting
    """,
    Dimension.DELIVERY: """
        ci-gate runtime-deploy-workflow deployment-records release-cadence rapid-patch hotfix-flow change-failure-proxy
        trunk-flow version-traceability
    """,
    Dimension.MAINTENANCE: """
        active-months ops-files-lived-in fix-after-release dependency-upkeep-by-human maintenance-share
        security-response deprecation-path changelog-kept issue-response inherited-code-work
    """,
    Dimension.OWNERSHIP: "postmortem runbook on-call-record code-ownership adr deployment-doc",
    Dimension.TESTING: """
        regression-test-with-fix integration-tests model-behaviour-tests pinned-environment data-model-versioning
        experiment-to-code-path
    """,
    Dimension.SIMPLICITY: "net-deletion dependency-thrift service-removal complexity-trend",
    Dimension.RESEARCH: """
        notebook-share paper-artifact checkpoint-release training-only-code single-burst script-style-io
        leaderboard-vocabulary
    """,
}
"""The ids that signals may have, by dimension. Most are not written yet."""

CLAIMS = {*(f"E{n}" for n in range(1, 9)), *(f"R{n}" for n in range(1, 4))}
COSTS = set("PBHDA")
PAGE = ("What it", "Levels", "- used:", "What does not count:", "Source")
"""What every page holds: what is proved, the levels, the look-alikes, and the standard or measurement it rests on."""

SIGNALS = base.active()
each_signal = pytest.mark.parametrize("signal", SIGNALS, ids=[signal.id for signal in SIGNALS])


def _module(signal: Signal) -> ModuleType:
    return importlib.import_module(f"signals.{signal.dimension.value}.{signal.id.replace('-', '_')}")


def test_every_signal_file_is_found() -> None:
    root = Path(base.__file__).parent
    files = {
        path.stem.replace("_", "-")
        for dimension in Dimension
        for path in (root / dimension.value).glob("*.py")
        if not path.name.startswith("_")
    }
    assert [signal.id for signal in SIGNALS] == sorted(files)


@each_signal
def test_the_id_stands_in_the_catalogue(signal: Signal) -> None:
    assert signal.id in CATALOGUE[signal.dimension].split()


def test_catalogue_ids_are_unique() -> None:
    ids = " ".join(CATALOGUE.values()).split()
    assert len(ids) == len(set(ids)) == 96


@each_signal
def test_the_page_says_everything(signal: Signal) -> None:
    missing = [part for part in PAGE if part not in signal.page]
    assert not missing
    assert "- lived-in:" in signal.page or signal.dimension is Dimension.RESEARCH
    assert signal.page.partition("\n")[0].endswith("."), "the first line is a sentence"


@each_signal
def test_the_rule_is_described(signal: Signal) -> None:
    rule = signal.rule
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.proves
    assert set(rule.claims) <= CLAIMS
    assert rule.claims or signal.dimension is Dimension.RESEARCH
    assert set(re.split(r"[, ]+", rule.cost)) <= COSTS
    assert rule.version >= 1


@each_signal
def test_samples_show_hits_and_a_look_alike(signal: Signal) -> None:
    assert signal.silent_on
    assert len(signal.fires_on) >= 2 or len(signal.silent_on) >= 2
    for sample in signal.fires_on:
        assert _marked(sample), "a sample in FIRES_ON has a mark"
    for sample in signal.silent_on:
        assert not _marked(sample), "a sample in SILENT_ON has no mark"


def _marked(sample: Sample | HistorySample) -> bool:
    if isinstance(sample, HistorySample):
        return any(step.evidence for step in sample.steps)
    return any(line.rstrip().endswith(MARK) for text in sample.files().values() for line in text.split("\n"))


@each_signal
def test_wants_are_narrow(signal: Signal) -> None:
    if isinstance(signal.rule, ContentRule):
        wants = signal.rule.wants
        assert wants.paths
        assert all(path == path.lower() for path in wants.paths)
        assert not {"*", "**", "**/*"} & set(wants.paths) or wants.needles, "every file, and no needle"


# --- patterns --------------------------------------------------------------


def _patterns(value: object, depth: int = 0) -> Iterator[str]:
    """Every compiled pattern in a value, in containers too."""
    if isinstance(value, LinePattern):
        yield value.regex.pattern
    elif isinstance(value, re.Pattern):
        pattern = cast("re.Pattern[str] | re.Pattern[bytes]", value).pattern
        yield pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    elif isinstance(value, Mapping) and depth < 4:
        for item in cast("Mapping[object, object]", value).values():
            yield from _patterns(item, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset) and depth < 4:
        for item in cast("Iterable[object]", value):
            yield from _patterns(item, depth + 1)


def _all_modules() -> list[ModuleType]:
    for signal in SIGNALS:
        _module(signal)
    return [sys.modules[name] for name in sorted(sys.modules) if name.partition(".")[0] == "signals"]


@pytest.mark.parametrize("module", _all_modules(), ids=lambda module: module.__name__)
def test_no_pattern_repeats_a_repetition(module: ModuleType) -> None:
    values = cast("Mapping[str, object]", vars(module))
    nested = {name: p for name, value in values.items() for p in _patterns(value) if nested_quantifier(p)}
    assert not nested


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:x*y?)*z", r"(\w+\s*)+:", r"((a|b)+c?)*"])
def test_a_nested_repetition_is_refused(pattern: str) -> None:
    assert nested_quantifier(pattern)
    with pytest.raises(ValueError, match="repet"):
        LinePattern(pattern)


# --- discovery -------------------------------------------------------------

NEW_SIGNAL = '''
"""Looking twice: a made-up signal of the tests.

What it proves: nothing.
"""
from signals.base import ContentRule, Wants
from signals.model import Hit, Level
from signals.sample import Sample

SIGNAL = ContentRule(
    title="Looks twice", proves="nothing", claims=("E6",), cost="B", wants=Wants(paths=("twice.txt",)),
    find=lambda file: [Hit(1, Level.DECLARED, "Twice.")],
)
FIRES_ON = (Sample("twice.txt", "twice ⟵"),)
SILENT_ON = (Sample("once.txt", "once"),)
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package like ``signals`` with one empty dimension."""
    folder = tmp_path / "other_signals"
    (folder / "testing").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "testing" / "__init__.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "other_signals"]:
        del sys.modules[name]


def test_adding_a_signal_touches_one_file(package: Path) -> None:
    (package / "testing" / "looks_twice.py").write_text(NEW_SIGNAL, "utf-8")
    (signal,) = base.discover(importlib.import_module("other_signals"))
    assert signal.id == "looks-twice"
    assert signal.dimension is Dimension.TESTING
    assert signal.page.startswith("Looking twice: a made-up signal of the tests.")
    assert isinstance(signal.rule, ContentRule)


def test_a_module_beginning_with_an_underscore_is_no_signal(package: Path) -> None:
    (package / "testing" / "_shared.py").write_text("")
    assert base.discover(importlib.import_module("other_signals")) == ()


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('"""Page."""', "has no SIGNAL"),
        (NEW_SIGNAL.replace('"""Looking', 'text = """Looking'), "has no docstring"),
        (NEW_SIGNAL.replace("SILENT_ON", "QUIET_ON"), "has no samples in SILENT_ON"),
        (NEW_SIGNAL.replace('(Sample("once.txt", "once"),)', '("once",)'), "holds something that is no sample"),
    ],
)
def test_a_malformed_signal_is_named(package: Path, source: str, complaint: str) -> None:
    (package / "testing" / "looks_twice.py").write_text(source, "utf-8")
    with pytest.raises(base.BadSignal, match=complaint):
        base.discover(importlib.import_module("other_signals"))


def test_an_id_used_twice_is_refused(package: Path) -> None:
    (package / "rollback").mkdir()
    (package / "rollback" / "__init__.py").write_text("")
    for folder in ("rollback", "testing"):
        (package / folder / "looks_twice.py").write_text(NEW_SIGNAL, "utf-8")
    with pytest.raises(base.BadSignal, match="two signals have the id 'looks-twice'"):
        base.discover(importlib.import_module("other_signals"))


def test_there_are_content_and_history_signals() -> None:
    assert {type(signal.rule) for signal in SIGNALS} == {ContentRule, HistoryRule}
