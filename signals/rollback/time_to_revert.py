"""Going back quickly: how long a change that did not behave stayed in place.

What it proves: when something breaks, the person restores the former state in hours, and has done so often enough for
a number to mean something. It is as near as a git history comes to DORA's failed deployment recovery time. Fast is
good, and taking back one's own change is good: nothing here counts against anybody.

The time runs from the change to the revert, both by the committer's clock: a change is dated to its merge where the
revert names the merge or the proposal's title, or where it was squashed or rebased; a single commit of a branch is
dated earlier, so that the lag is rather too long. What was tried and undone on a branch that was then merged commit by
commit cannot be told from what had gone out.

Levels
- declared: 5 or more changes taken back, each one found and dated; their median lag is known.
- used: half of them or more within 24 hours, by somebody who also changes operations files here. Where nothing runs, as
  in a library, a change is missed in days, not in hours, and the lag says little.
- lived-in: so over two years or more: the older and the newer half both have a median of at most 24 hours.

What does not count: fewer than 5; what is no revert or is not linked to its change (see ``revert-commit``); the planned
end of something temporary; documents, examples, tests and build checks; a second revert of the same change. Changes
taken back in one sitting, less than an hour apart, are one event, with the longest lag among them.

Sources: DORA, failed deployment recovery time; Site Reliability Engineering, chapter 8; the catalogue's measurement
that services revert in hours (median 21.5) and libraries in days (§0.4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from statistics import median

from signals.base import HistoryRule
from signals.model import Commit, FactValue, History, Level, Row, Summary
from signals.paths import is_ops
from signals.rollback import revert_commit
from signals.sample import HistorySample, Step

ENOUGH = 5
QUICK_HOURS = 24.0
STABLE_SECONDS = 2 * 365 * 86_400
ONE_SITTING = 3_600
MAX_SUPPORTS = 12
MAX_SUBJECT = 500

_PLANNED = re.compile(
    r"\btemporar\w*|\b(?:temp|tmp)\b|\brevert ?me\b|\buntil (?:further|the|we|it)\b|\bdebug\w*|\bsurvey\b",
    re.IGNORECASE,
)


def find(commit: Commit, history: History) -> Row | None:
    """A row for a dated revert, and one that only says that the person changes operations files here."""
    revert = revert_commit.find(commit, history)
    if revert is not None and revert.level is Level.USED and not _is_planned(revert):
        hours = revert.facts["hours"]
        if isinstance(hours, float):
            facts = {"hours": hours, "target": revert.facts["target"]}
            return Row(commit, Level.DECLARED, revert.message, facts, revert.supports[:1])
    if not commit.is_merge and any(_runs(change.path) for change in commit.changes):
        return Row(commit, Level.DECLARED, "Changes operations files.", {"hours": None})
    return None


def _is_planned(revert: Row) -> bool:
    return bool(revert.facts["undoes_temporary"]) or _PLANNED.search(revert.commit.subject[:MAX_SUBJECT]) is not None


def _runs(path: str) -> bool:
    return is_ops(path) and not path.startswith(".github/")


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The lags of the person's reverts, placed at the newest."""
    events = _events(rows)
    if len(events) < ENOUGH:
        return None
    lags = [_lag(row) for row in events]
    operates = any(row.facts["hours"] is None or any(_runs(c.path) for c in row.commit.changes) for row in rows)
    facts: dict[str, FactValue] = {
        "n_reverts": len(lags),
        "median_hours": round(median(lags), 1),
        "within_1_h_share": round(sum(lag <= 1 for lag in lags) / len(lags), 6),
        "within_24_h_share": round(sum(lag <= QUICK_HOURS for lag in lags) / len(lags), 6),
        "changes_operations_files": operates,
    }
    level = _level(events) if operates else Level.DECLARED
    return Summary(level, _message(lags), events[:MAX_SUPPORTS], facts)


def _events(rows: Sequence[Row]) -> list[Row]:
    """One row for each event, newest first: each change once, and one for all that were taken back in one sitting."""
    dated = [row for row in rows if row.facts["hours"] is not None]
    oldest_first = sorted(dated, key=lambda row: (_at(row), row.commit.sha))
    first_of: dict[FactValue, Row] = {}
    for row in oldest_first:
        first_of.setdefault(row.facts["target"], row)
    events: list[Row] = []
    last_at = -ONE_SITTING
    for row in first_of.values():
        if _at(row) - last_at >= ONE_SITTING:
            events.append(row)
        elif _lag(row) > _lag(events[-1]):
            events[-1] = row
        last_at = _at(row)
    return events[::-1]


def _at(row: Row) -> int:
    return row.commit.committed_at or 0


def _lag(row: Row) -> float:
    hours = row.facts["hours"]
    assert isinstance(hours, float)
    return hours


def _level(events: Sequence[Row]) -> Level:
    lags = [_lag(row) for row in events]
    if median(lags) > QUICK_HOURS:
        return Level.DECLARED
    half = len(lags) // 2
    stable = max(median(lags[:half]), median(lags[half:])) <= QUICK_HOURS
    is_long = _at(events[0]) - _at(events[-1]) >= STABLE_SECONDS
    return Level.LIVED_IN if stable and is_long else Level.USED


def _message(lags: Sequence[float]) -> str:
    middle = median(lags)
    lag = "an hour" if middle < 1.5 else f"{ceil(middle)} hours" if middle < 48 else f"{middle / 24:,.0f} days"
    n_hour, n_day = sum(x <= 1 for x in lags), sum(x <= QUICK_HOURS for x in lags)
    quick = f"{n_hour:,} within the hour, {n_day:,} within a day"
    return f"Took back {len(lags):,} changes, half of them within {lag}; {quick}."


SIGNAL = HistoryRule(
    title="Going back quickly",
    proves="When a change did not behave, the person restored the former state, and how fast is known.",
    claims=("E3",),
    cost="H",
    find=find,
    summarise=summarise,
    version=2,
)


def _pair(n: int, day: float, hours: float, *, path: str = "svc/app.py", evidence: bool = False) -> tuple[Step, Step]:
    subject, revert = f"Raise limit {n}", f'Revert "Raise limit {n}"'
    before, after = {path: "LIMIT = 0\n"}, {path: f"LIMIT = {n + 1}\n"}
    return Step(subject, after, day=day), Step(revert, before, day=day + hours / 24, evidence=evidence)


def _reverts(count: int, hours: float, every: float = 7, path: str = "svc/app.py") -> tuple[Step, ...]:
    pairs = (_pair(n, 1 + n * every, hours, path=path, evidence=n == count - 1) for n in range(count))
    return (Step("Start", {path: "LIMIT = 0\n"}), *(step for pair in pairs for step in pair))


def _unmarked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(Step(s.message, s.files, s.day, s.me, s.revert_of) for s in steps)


_DEPLOY = Step("Two workers", {"deploy/values.yaml": "workers: 2\n"})

FIRES_ON = (
    HistorySample((_DEPLOY, *_reverts(5, 3)), Level.USED),
    HistorySample((_DEPLOY, *_reverts(9, 20, every=95)), Level.LIVED_IN),
    # the operations files are what is taken back
    HistorySample(_reverts(5, 0.5, path="deploy/values.yaml"), Level.USED),
    # nothing runs here: the lag is stated, and says little
    HistorySample(_reverts(6, 2), Level.DECLARED),
    # days, not hours
    HistorySample((_DEPLOY, *_reverts(6, 90, every=9)), Level.DECLARED),
    # quick once, slow later: not stable
    HistorySample(
        (
            _DEPLOY,
            *_unmarked(_reverts(5, 2, every=7)),
            *(s for n in range(4) for s in _pair(9 + n, 800 + n * 9, 90, evidence=n == 3)),
        ),
        Level.USED,
    ),
)

SILENT_ON = (
    # four are too few
    HistorySample((_DEPLOY, *_unmarked(_reverts(4, 3)))),
    # one sitting: five changes of a branch taken back one after the other
    HistorySample(
        (
            _DEPLOY,
            *(Step(f"Part {n}", {f"svc/p{n}.py": "x = 1\n"}, day=1 + n / 100) for n in range(6)),
            *(Step(f'Revert "Part {n}"', {f"svc/p{n}.py": None}, day=2 + n / 1000) for n in range(6)),
        )
    ),
    # five times the same change
    HistorySample(
        (
            _DEPLOY,
            Step("Raise limit", {"svc/app.py": "LIMIT = 2\n"}, day=1),
            *(
                Step("Revert\n\nThis reverts commit {sha}.", {"svc/app.py": f"LIMIT = 1  # {n}\n"}, 2.0 + n, True, 1)
                for n in range(5)
            ),
        )
    ),
    # planned ends, and prose
    HistorySample(
        tuple(
            step
            for n in range(6)
            for step in (
                Step(f"Temporarily stop job {n}", {"svc/jobs.py": f"stopped = {n}\n"}, day=n),
                Step(f'Revert "Temporarily stop job {n}"', {"svc/jobs.py": "stopped = 0 \n"}, day=n + 0.5),
            )
        )
    ),
    HistorySample(
        tuple(
            step
            for n in range(6)
            for step in (
                Step(f"orders: add temporary logs {n}", {"svc/orders.py": f"log = {n}\n"}, day=n),
                Step(f'Revert "orders: add temporary logs {n}"', {"svc/orders.py": "log = None\n"}, day=n + 0.5),
            )
        )
    ),
    HistorySample((_DEPLOY, *_unmarked(_reverts(6, 2, path="docs/guide.md")))),
    # unlinked
    HistorySample(tuple(Step("revert the limit", {"svc/app.py": f"LIMIT = {n}\n"}, day=n) for n in range(8))),
)
