"""From evidence and a person's history to findings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer import attribution as att
from analyzer.model import Attribution, Finding, OwnCommit, Role
from signals.base import ContentRule, Signal
from signals.kernel import HistoryEvidence
from signals.model import AtCommit, Evidence, Facts, FactValue, Level, Lines, Track


@dataclass(frozen=True, slots=True)
class OwnPath:
    """The candidate's changes of one path: months and committer times of the first and last one."""

    months: tuple[str, ...]
    first_at: int
    last_at: int


def of_content(
    signal: Signal, repository: str, evidence: Evidence, part: Attribution, own: OwnPath | None, track: Track
) -> Finding:
    """Attribute evidence at HEAD and raise its level by the person's own history."""
    rule = signal.rule
    assert isinstance(rule, ContentRule)
    assert isinstance(evidence.place, Lines)
    shown = att.shown_level(evidence, track, rule.used_when) if part.share > 0 else evidence.level
    level, caps = shown, ()
    if own is not None and att.level_for(evidence, track, rule.used_when, rule.lived_in_when) is Level.LIVED_IN:
        caps = att.caps_on_life(evidence, part, rule.whole_in)
        level = shown if caps else Level.LIVED_IN
    facts: dict[str, FactValue] = dict(evidence.facts)
    if own is not None:
        facts["changed_in_months"] = len(own.months)
        facts["changed_first"] = own.months[0] if own.months else None
        facts["changed_last"] = own.months[-1] if own.months else None
    if track.changes:
        facts["value_changes"] = len(track.changes)
        facts["values_set_back"] = sum(change.seen_before for change in track.changes)
    supports = tuple(dict.fromkeys([*(c.sha for c in reversed(track.changes)), *track.linked_fixes]))
    return Finding(
        evidence=evidence,
        repository=repository,
        attribution=part,
        shown=shown,
        level=level,
        caps=caps,
        last_changed_at=own.last_at if own is not None else None,
        supports=supports if part.share > 0 else (),
        facts=facts,
    )


def of_history(
    repository: str, found: HistoryEvidence, own: Mapping[str, OwnCommit], more: Facts | None = None
) -> Finding:
    """Attribute a row or a summary of a history signal; its commits are the person's by construction."""
    commits = [own[row.commit.sha] for row in found.rows]
    part = att.by_commit(commits[0]) if len(commits) == 1 else att.by_commits(commits)
    assert isinstance(found.evidence.place, AtCommit)
    level, caps = found.level, ()
    if level is Level.LIVED_IN:
        caps = att.caps_on_life(found.evidence, part)
        level = found.evidence.level if caps else level
    return Finding(
        evidence=found.evidence,
        repository=repository,
        attribution=part,
        shown=found.evidence.level,
        level=level,
        caps=caps,
        last_changed_at=max((c.commit.committed_at or 0 for c in commits), default=None),
        supports=found.evidence.supports,
        facts={**found.evidence.facts, **(more or {})},
    )


def countable(own: Sequence[OwnCommit]) -> tuple[OwnCommit, ...]:
    """The commits whose content is the person's: as author or co-author, not as committer of somebody else's work."""
    return tuple(c for c in own if c.role in (Role.AUTHOR, Role.CO_AUTHOR))
