"""Every sample of every signal is one test; sets of places are compared, so an extra hit fails too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzer import attribution
from signals import kernel
from signals.base import ContentRule, HistoryRule, Signal, active
from signals.model import AtCommit, Commit, Level, Lines
from signals.sample import HistorySample, Sample
from tests.signals import replay


def _cases(kind: str) -> Iterator[object]:
    for signal in active():
        samples = signal.fires_on if kind == "fires" else signal.silent_on
        for n, sample in enumerate(samples):
            label = sample.path if isinstance(sample, Sample) else sample.steps[-1].message.split("\n", 1)[0][:40]
            yield pytest.param(signal, sample, id=f"{signal.id}-{n}-{label}")


@pytest.mark.parametrize(("signal", "sample"), list(_cases("fires")))
def test_fires_on(signal: Signal, sample: Sample | HistorySample) -> None:
    if isinstance(sample, Sample):
        scan, marks = replay.scan_sample(signal, sample)
        assert marks, "a FIRES_ON sample marks at least one line"
        assert not [f for f in scan.failures if f.signal]
        assert replay.places(scan.evidence) == marks
        if sample.level is not None:
            assert {e.level for e in scan.evidence} == {sample.level}
    else:
        assert any(step.evidence for step in sample.steps), "a FIRES_ON history marks at least one step"
        _compare_history(signal, sample)


@pytest.mark.parametrize(("signal", "sample"), list(_cases("silent")))
def test_silent_on(signal: Signal, sample: Sample | HistorySample) -> None:
    if isinstance(sample, Sample):
        scan, marks = replay.scan_sample(signal, sample)
        assert not marks, "a SILENT_ON sample has no mark"
        assert not [f for f in scan.failures if f.signal]
        assert replay.places(scan.evidence) == {}
    else:
        assert not any(step.evidence for step in sample.steps)
        _compare_history(signal, sample)


def _compare_history(signal: Signal, sample: HistorySample) -> None:
    replayed = replay.replay(sample)
    expected = {replay.sha_of(n) for n, step in enumerate(sample.steps) if step.evidence}
    if isinstance(signal.rule, HistoryRule):
        found, levels = _history_places(signal, replayed)
    else:
        found, levels = _value_changes(signal, replayed)
    assert found == expected
    if sample.level is not None and expected:
        assert levels == {sample.level}


def _history_places(signal: Signal, replayed: replay.Replayed) -> tuple[set[str], set[Level]]:
    rows, failures = kernel.look_back(signal, replayed.history.own_commits, replayed.history)
    assert not failures
    found: set[str] = set()
    for row in rows:
        assert isinstance(row.evidence.place, AtCommit)
        found.add(row.evidence.place.sha)
    return found, {row.level for row in rows}


def _value_changes(signal: Signal, replayed: replay.Replayed) -> tuple[set[str], set[Level]]:
    rule = signal.rule
    assert isinstance(rule, ContentRule)
    scan = replay.scan_texts([signal], replayed.texts)
    found: set[str] = set()
    levels: set[Level] = set()
    for evidence in scan.evidence:
        assert isinstance(evidence.place, Lines)
        path = evidence.place.path
        own = [c for c in replayed.commits if c.author == replay.ME and any(ch.path == path for ch in c.changes)]
        assert evidence.path_class is not None
        changes, failures = kernel.value_changes(signal, path, evidence.path_class, _versions(path, replayed))
        assert not failures
        found |= {change.sha for change in changes}
        track = attribution.track_of([c.committed_at or 0 for c in own], [c.month for c in own], changes, ())
        levels.add(attribution.level_for(evidence, track, rule.used_when, rule.lived_in_when))
    return found, levels


def _versions(path: str, replayed: replay.Replayed) -> Iterator[kernel.FileVersion]:
    for commit in replayed.commits:
        for change in commit.changes:
            if change.path == path:
                yield _version(commit, change.old_blob, change.new_blob, replayed)


def _version(commit: Commit, old: str, new: str, replayed: replay.Replayed) -> kernel.FileVersion:
    texts = replayed.blobs
    before, after = texts.get(old), texts.get(new)
    return kernel.FileVersion(
        commit.sha,
        commit.committed_at or 0,
        commit.author == replay.ME,
        before.encode() if before is not None else None,
        after.encode() if after is not None else None,
    )
