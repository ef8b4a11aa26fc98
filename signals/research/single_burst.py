"""A single burst: a project that was written within a few weeks, or came out all at once.

What it shows: work towards a release, such as a paper, a challenge or a demonstration, rather than work that goes on.
It stands beside the production evidence, never against it: a product that was developed elsewhere and then published
looks the same from outside, and so does a project that has only just begun.

It is a burst when the person began the project, and at least 80 % of the lines of code they added came within 14 days,
or their commits of code fall into at most 3 different months.

Levels
- declared: a burst of 100 to 500 added lines of code.
- used: a burst of 500 or more.

What does not count: a visit to somebody else's project, however short; work that went on in 8 or more different
months, whatever its first two weeks brought; fewer than 100 lines; merges; prose, notebooks, data, tests, vendored and
generated files; commits whose lines could not be counted.

Source: the catalogue's measurements (§9.1): papers' repositories come in bursts, and so did 72 % of one product's
lines, which is why this is never counted against anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from signals.base import HistoryRule
from signals.model import Commit, FactValue, History, Level, Row, Summary
from signals.paths import is_code
from signals.sample import HistorySample, Step

SHARE = 0.80
WINDOW_SECONDS = 14 * 86_400
FEW_MONTHS = 3
LONG_LIFE_MONTHS = 8
LEAST_LINES = 100
ENOUGH_LINES = 500
NEAR_ROOT = 20
MAX_SUPPORTS = 12


def find(commit: Commit, history: History) -> Row | None:
    """A row for a commit of code, with its added lines; the person's oldest says whether the project began with it."""
    if commit.is_merge or not commit.month:
        return None
    is_oldest = bool(history.own_commits) and history.own_commits[-1].sha == commit.sha
    added = sum(more for path, (more, _) in history.lines_of(commit.sha).items() if is_code(path))
    began = is_oldest and _is_near_root(commit, history)
    if not began and not any(is_code(change.path) for change in commit.changes):
        return None
    return Row(commit, Level.DECLARED, "A commit of code.", {"added": added, "began": began})


def _is_near_root(commit: Commit, history: History) -> bool:
    """Whether at most a few commits lie between this one and a first commit, along first parents."""
    at: Commit | None = commit
    for _ in range(NEAR_ROOT):
        if at is None:
            return False
        if not at.parents:
            return True
        at = history.load(at.parents[0])
    return False


def summarise(rows: Sequence[Row]) -> Summary | None:
    """The burst, supported by its newest commits, if it is one."""
    newest_first = sorted(rows, key=lambda row: (_at(row), row.commit.sha), reverse=True)
    work = [row for row in newest_first if any(is_code(change.path) for change in row.commit.changes)]
    added = sum(map(_added, work))
    if not any(row.facts["began"] for row in rows) or added < LEAST_LINES:
        return None
    months = len({row.commit.month for row in work})
    share = _densest(work) / added
    if months > FEW_MONTHS and (share < SHARE or months >= LONG_LIFE_MONTHS):
        return None
    facts: dict[str, FactValue] = {
        "months": months,
        "n_commits": len(work),
        "added": added,
        "within_14_days_share": round(share, 6),
    }
    level = Level.USED if added >= ENOUGH_LINES else Level.DECLARED
    return Summary(level, _message(months, share), work[:MAX_SUPPORTS], facts)


def _at(row: Row) -> int:
    return row.commit.committed_at or 0


def _added(row: Row) -> int:
    added = row.facts["added"]
    return added if isinstance(added, int) else 0


def _densest(newest_first: Sequence[Row]) -> int:
    """The most lines that were added within any 14 days."""
    best = lines = first = 0
    oldest_first = newest_first[::-1]
    for row in oldest_first:
        lines += _added(row)
        while _at(row) - _at(oldest_first[first]) > WINDOW_SECONDS:
            lines -= _added(oldest_first[first])
            first += 1
        best = max(best, lines)
    return best


def _message(months: int, share: float) -> str:
    if share >= SHARE:
        return f"{share:.0%} of the lines of code added here came within two weeks."
    return f"All of the work here falls into {months} month{'' if months == 1 else 's'}."


SIGNAL = HistoryRule(
    title="Written in a single burst",
    proves="Most of the project was written within a few weeks, or came out all at once.",
    claims=(),
    cost="D",
    find=find,
    summarise=summarise,
)


def _code(n: int, day: float, *, lines: int = 120, me: bool = True, evidence: bool = False) -> Step:
    text = "".join(f"step_{n}_{line}()\n" for line in range(lines))
    return Step(f"Part {n}", {f"model/part_{n}.py": text}, day=day, me=me, evidence=evidence)


def _over(days: Sequence[float], lines: Sequence[int] | None = None, *, evidence: bool = True) -> tuple[Step, ...]:
    sizes = lines or [120] * len(days)
    last = len(days) - 1
    return tuple(_code(n, day, lines=sizes[n], evidence=evidence and n == last) for n, day in enumerate(days))


_LONG = tuple(10 + 31 * n for n in range(14))

FIRES_ON = (
    HistorySample(_over((1, 2, 4, 6, 9)), Level.USED),
    # four months, nearly all of it in the first week
    HistorySample(_over((1, 2, 3, 4, 40, 70, 100), [150, 150, 150, 150, 5, 5, 5]), Level.USED),
    # three months, evenly
    HistorySample(_over((5, 15, 35, 45, 65, 75)), Level.USED),
    # little code
    HistorySample(_over((1, 2, 3), [40, 40, 40]), Level.DECLARED),
    # all in one commit
    HistorySample(_over((1,), [600]), Level.USED),
    # somebody else opened the repository with a licence
    HistorySample((Step("Initial commit", {"LICENSE": "x\n"}, me=False), *_over((1, 2, 4, 6, 9))), Level.USED),
    # the readme's later corrections do not make it a life
    HistorySample(
        (
            *_over((1, 2, 4, 6, 9)),
            *(Step("Correct a link", {"README.md": f"{n}\n"}, day=40 + 31 * n) for n in range(6)),
        ),
        Level.USED,
    ),
)

SILENT_ON = (
    # work that goes on
    HistorySample(_over(_LONG, evidence=False)),
    HistorySample(_over((1, 40, 80, 120, 160), evidence=False)),
    # a large start, and most of a year of small changes
    HistorySample(_over(_LONG[:9], [2000, *([10] * 8)], evidence=False)),
    # a visit to somebody else's project
    HistorySample((*(_code(n, n, me=False) for n in range(25)), *(_code(30 + n, 30 + n) for n in range(6)))),
    # a few lines are no project, and prose is no code
    HistorySample(_over((1, 2), [40, 40], evidence=False)),
    HistorySample(tuple(Step("Write", {"README.md": f"{n}\n", "data/a.csv": f"{n}\n"}, day=n) for n in range(6))),
    # a colleague's burst
    HistorySample(tuple(_code(n, n, me=False) for n in range(6))),
)
