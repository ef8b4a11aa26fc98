"""The one table that the benchmarks print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from tests.benchmarks.measure import Ratio

_HEAD = "| what | median | min–max | by CPU | n | goal | |"
_RULE = "|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Goal:
    """Upper bounds, where there are any: ``design`` of the design as a whole, ``now`` of this release."""

    design: float | None
    now: float | None

    def verdict(self, value: float) -> str:
        """``met``, or what was missed."""
        if self.now is None:
            return "start-up dominates"
        if self.design is not None and value <= self.design:
            return "met"
        if value <= self.now:
            return "met" if self.design is None else f"missed, but under {number(self.now)}"
        return "missed"

    def __str__(self) -> str:
        bound = self.now if self.design is None else self.design
        return "" if bound is None else f"≤ {number(bound)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: ``n_theirs`` says how often the other side ran, where that is less often than ours."""

    repository: str
    what: str
    found: Ratio
    goal: Goal
    n_theirs: int = 0


def number(value: float) -> str:
    """Below one half as a fraction, since that is how goals are named."""
    if 0 < value < 0.5:
        return f"1/{1 / value:.0f}" if value < 0.1 else f"1/{1 / value:.1f}"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def render(rows: Sequence[Row]) -> str:
    """Markdown: one part per repository, medians of wall time with the range and the number of runs."""
    lines: list[str] = []
    for repository, its in groupby(rows, key=lambda row: row.repository):
        lines += [f"### {repository}", _HEAD, _RULE]
        lines += map(_line, its)
        lines.append("")
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    values = row.found.values
    n = f"{len(values)}, theirs {row.n_theirs}" if 0 < row.n_theirs < len(values) else str(len(values))
    middle = row.found.middle
    span = f"{number(min(values))} – {number(max(values))}"
    by_cpu = number(median(row.found.cpu)) if row.found.cpu else ""
    return f"| {row.what} | {number(middle)} | {span} | {by_cpu} | {n} | {row.goal} | {row.goal.verdict(middle)} |"
