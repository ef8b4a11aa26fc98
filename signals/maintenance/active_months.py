"""Coming back: the months in which somebody worked on a project.

What it proves: the person did not ship and leave. Software in production needs somebody who is still there when it has
to change; a publication or a burst before a deadline does not. The count says how often the person returned, not how
much was done, and not for how many years: twelve months say everything, more never say more.

Levels
- declared: 3 different months with work of substance.
- used: 6 months, the first and the last of them at least 180 days apart.
- lived-in: 12 months over at least 365 days.

What does not count: merges, empty commits, commits that touch only prose, data, pictures or lock files, updates of
data that a schedule makes under the person's name ("update data", every night), and rows of green squares: fifty
commits or more that ever touch at most three files, on almost every day.
Months are UTC months of the author time where it lies within 24 hours of the committer time, else of the committer
time, so that rewriting old dates gains nothing.

Sources: CHAOSS, contributor retention; the measurements in the catalogue (§9.1) from which the thresholds come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import median

from signals.base import HistoryRule
from signals.model import Commit, History, Level, Row, Summary
from signals.paths import is_code, is_docs_or_data
from signals.sample import HistorySample, Step

DECLARED_MONTHS = 3
USED = (6, 180)  # months, days
LIVED_IN = (12, 365)
ENOUGH_MONTHS = 12
FARM_COMMITS = 50
FARM_FILES = 3
FARM_GAP_DAYS = 1.5
DAY = 86_400

_BY_SCHEDULE = re.compile(
    r"^(?:\w+: |)(?:auto|automatic|automated|scheduled|hourly|nightly|daily|weekly)[ -](?:data |)"
    r"(?:updates?|refresh|sync|build|commit|run|backup|dump|snapshot)\b"
    r"|^(?:\w+: |)(?:updated?|refresh|sync|fetch|add|latest|new) (?:latest |new |the |)"
    r"(?:data|stats|statistics|content|cache|readme|feed|json|csv)\b",
    re.IGNORECASE,
)


def find(commit: Commit, _history: History) -> Row | None:
    """A row for a commit of substance."""
    if commit.is_merge or not commit.month or _is_trivial(commit):
        return None
    return Row(commit, Level.DECLARED, "A commit of substance.", {"month": commit.month})


def _is_trivial(commit: Commit) -> bool:
    paths = [change.path for change in commit.changes]
    if all(is_docs_or_data(path) for path in paths):
        return True
    return bool(_BY_SCHEDULE.search(commit.subject[:200])) and not any(is_code(path) for path in paths)


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The months, with the newest commit of each of the last twelve as support."""
    newest_first = sorted(rows, key=lambda row: (_at(row.commit), row.commit.sha), reverse=True)
    by_month: dict[str, Row] = {}
    for row in newest_first:
        by_month.setdefault(row.commit.month, row)
    if len(by_month) < DECLARED_MONTHS or _is_farm(newest_first):
        return None
    last, first = _day(newest_first[0].commit), _day(newest_first[-1].commit)
    n_months, span_days = len(by_month), (last - first).days
    facts = {"months": n_months, "span_days": span_days, "first": first.isoformat(), "last": last.isoformat()}
    return Summary(_level(n_months, span_days), _message(n_months, first, last), _latest(by_month), facts)


def _level(n_months: int, span_days: int) -> Level:
    for level, (months, days) in ((Level.LIVED_IN, LIVED_IN), (Level.USED, USED)):
        if n_months >= months and span_days >= days:
            return level
    return Level.DECLARED


def _message(n_months: int, first: date, last: date) -> str:
    count = f"{ENOUGH_MONTHS} months or more" if n_months >= ENOUGH_MONTHS else f"{n_months} different months"
    return f"Worked on this in {count}, between {first:%Y-%m} and {last:%Y-%m}."


def _latest(by_month: dict[str, Row]) -> tuple[Row, ...]:
    return tuple(by_month[month] for month in sorted(by_month, reverse=True)[:ENOUGH_MONTHS])


def _at(commit: Commit) -> int:
    """The time, in seconds, that the commit's month is taken from."""
    authored, committed = commit.authored_at, commit.committed_at
    is_close = authored is not None and (committed is None or abs(authored - committed) <= DAY)
    return (authored if is_close else committed) or 0


def _day(commit: Commit) -> date:
    return datetime.fromtimestamp(_at(commit), UTC).date()


def _is_farm(newest_first: Sequence[Row]) -> bool:
    """Whether the commits look made for the calendar: many, almost daily, ever the same few files."""
    if len(newest_first) < FARM_COMMITS:
        return False
    files = {change.path for row in newest_first for change in row.commit.changes}
    days = sorted({_day(row.commit) for row in newest_first})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return len(files) <= FARM_FILES and bool(gaps) and median(gaps) <= FARM_GAP_DAYS


SIGNAL = HistoryRule(
    title="Coming back month after month",
    proves="The person kept working on this after it was first shipped.",
    claims=("E8", "E7"),
    cost="H",
    find=find,
    summarise=summarise,
)


def _work(day: float, n: int = 0, *, evidence: bool = False, me: bool = True) -> Step:
    return Step(f"Handle case {n}", {"svc/app.py": f"case = {n} # {day}\n"}, day=day, evidence=evidence, me=me)


def _monthly(count: int, every: float) -> tuple[Step, ...]:
    return tuple(_work(10 + n * every, n, evidence=n == count - 1) for n in range(count))


FIRES_ON = (
    # the word daily alone makes no schedule
    HistorySample(
        tuple(
            Step("Raise the daily quota", {"deploy/values.yaml": f"{n}\n"}, n * 31, evidence=n == 2) for n in range(3)
        ),
        Level.DECLARED,
    ),
    HistorySample(_monthly(3, 31), Level.DECLARED),
    HistorySample(_monthly(7, 31), Level.USED),
    HistorySample(_monthly(13, 31), Level.LIVED_IN),
    # twenty months say no more than twelve
    HistorySample(_monthly(20, 31), Level.LIVED_IN),
    # six months within 180 days are a project, not yet a life
    HistorySample(_monthly(6, 31), Level.DECLARED),
    # the newest commit of substance carries the evidence, though prose, data and a merge follow
    HistorySample(
        (
            *(_work(day) for day in (5, 40)),
            _work(75, evidence=True),
            Step("Explain", {"README.md": "text\n"}, day=110),
            Step("Update data", {"data/prices.csv": "1\n"}, day=140),
            Step("Merge branch", day=170, merge=True),
            _work(200, me=False),
        ),
        Level.DECLARED,
    ),
    # one file, many commits, but at the pace of a person
    HistorySample(tuple(_work(n * 3, n, evidence=n == 54) for n in range(55)), Level.DECLARED),
)

SILENT_ON = (
    # two months
    HistorySample((*_monthly(2, 31)[:1], _work(45))),
    # prose and data only
    HistorySample(tuple(Step("Reword", {"README.md": f"{n}\n", "docs/a.md": f"{n}\n"}, day=n * 31) for n in range(13))),
    HistorySample(tuple(Step("Refresh the lock", {"uv.lock": f"{n}\n"}, day=n * 31) for n in range(13))),
    # a schedule that commits under the person's name
    HistorySample(tuple(Step("Update data", {"web/stats.json": f"{n}\n"}, day=n * 31) for n in range(13))),
    HistorySample(tuple(Step("Latest data: Mon", {"fires.json": f"{n}\n"}, day=n * 31) for n in range(13))),
    # green squares: one file, every day
    HistorySample(tuple(_work(n + 0.5, n) for n in range(120))),
    # somebody else's months
    HistorySample(tuple(_work(n * 31, n, me=False) for n in range(13))),
)
