"""From evidence and a person's history to findings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer import attribution as att
from analyzer.model import Attribution, Finding, OwnCommit, Role
from signals.base import ContentRule, Signal
from signals.kernel import HistoryEvidence
from signals.model import AtCommit, Evidence, Facts, FactValue, Level, Lines, Track
from signals.wording import spans, times


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
    changed = tuple(dict.fromkeys(change.sha for change in track.changes))
    set_back = {change.sha for change in track.changes if change.seen_before}
    supports = tuple(dict.fromkeys([*reversed(changed), *track.linked_fixes]))
    return Finding(
        evidence=evidence,
        repository=repository,
        attribution=part,
        shown=shown,
        level=level,
        caps=caps,
        last_changed_at=own.last_at if own is not None else None,
        supports=supports if part.share > 0 else (),
        facts={**evidence.facts, **_facts(part, own, len(changed), len(set_back))},
        history=_told(rule.value, len(changed), len(set_back)),
    )


def _facts(part: Attribution, own: OwnPath | None, n_changed: int, n_set_back: int) -> dict[str, FactValue]:
    """What is known of the person here; ``own_lines`` where only some of the evidence lines are the person's."""
    facts: dict[str, FactValue] = {}
    if own is not None:
        facts["changed_in_months"] = len(own.months)
        facts["changed_first"] = own.months[0] if own.months else None
        facts["changed_last"] = own.months[-1] if own.months else None
    if 0 < part.share < 1:
        facts["own_lines"] = tuple(spans(part.lines)[: att.MAX_SPANS_NAMED])
    if n_changed:
        facts["value_changes"] = n_changed
        facts["values_set_back"] = n_set_back
    return facts


def _told(value: str, n_changed: int, n_set_back: int) -> str:
    """How often the person changed a named value, in commits, and how often back to one that had stood there before."""
    if not n_changed:
        return ""
    often = "" if n_set_back == n_changed == 1 else f"{times(n_set_back)} "
    back = f", {often}back to an earlier one" if n_set_back else ""
    return f"This person changed {value} {times(n_changed)}{back}."


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
