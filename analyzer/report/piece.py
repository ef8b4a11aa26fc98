"""A piece of evidence in words, with its place and link; and which pieces are worth showing first. Pure.

Texts are ``printable`` and otherwise raw, as in ``story``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from analyzer.model import DossierEvidence
from analyzer.opening import telling
from analyzer.report import words
from analyzer.report.clean import printable
from signals.base import HistoryRule, active
from signals.model import Level

SHOWN_PER_SIGNAL = 2
_REVERTS = frozenset({"revert-commit", "time-to-revert"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence with its place. ``level`` is None and ``standing`` has no level where none may be shown.

    ``snippet`` is what stands at the place, ``whose`` why it counts as this person's, ``beside`` what belongs beside it
    (a revert), ``url`` is http(s).
    """

    id: str
    message: str
    snippet: str
    level: Level | None
    standing: str
    place: str
    whose: str
    beside: str
    url: str | None


def piece(e: DossierEvidence, *, has_levels: bool = True) -> Piece:
    """One piece of evidence in words; without its level where none may be shown."""
    about = words.DIMENSION[e.dimension].lower()
    aside = words.ASIDE.get(e.path_class) if e.path_class else None
    if aside and e.factors.path_class < 1:
        about += f"; {aside}, so it weighs less"
    return Piece(
        id=e.id,
        message=printable(e.message),
        snippet="" if _is_summary(e) else printable(e.snippet).strip(),
        level=e.level if has_levels else None,
        standing=f"{e.level.value}; {about}" if has_levels else about,
        place=_place(e),
        whose=f"{printable(e.attribution.reason)} ({words.CONFIDENCE[e.attribution.confidence]})",
        beside=_beside(e),
        url=web_link(e.url),
    )


def _place(e: DossierEvidence) -> str:
    name = printable(e.repository)
    if e.path is not None and e.sha is not None:
        lines = f"lines {e.line_start} to {e.line_end}" if e.line_end != e.line_start else f"line {e.line_start}"
        return f"{name}: {printable(e.path)}, {lines}, at {e.sha[:12]}"
    if e.commit is not None:
        newest = ", the newest of several" if _is_summary(e) and e.supports else ""
        return f"{name}: commit {e.commit[:12]}{newest}"
    return f"{name}: {printable(e.api.kind)} {printable(e.api.id)}" if e.api else name


def web_link(url: str | None) -> str | None:
    """The address if a browser may open it: http(s) only, whatever a repository calls its origin."""
    return printable(url) if url is not None and url.startswith(("https://", "http://")) else None


def _is_summary(e: DossierEvidence) -> bool:
    """Whether many commits stand behind the piece, so that the words of the newest would mislead."""
    return e.signal in _summaries()


@cache
def _summaries() -> frozenset[str]:
    return frozenset(s.id for s in active() if isinstance(s.rule, HistoryRule) and s.rule.summarise is not None)


def is_revert(e: DossierEvidence) -> bool:
    """A change taken back: a commit that says so, or a value of a file set back to what it had been."""
    return e.signal in _REVERTS or bool(e.facts.get("values_set_back"))


def _beside(e: DossierEvidence) -> str:
    """What stands beside a revert; a file's own message does not say that it is one."""
    if not is_revert(e):
        return ""
    return words.REVERT if e.signal in _REVERTS else f"{words.SET_BACK} {words.REVERT}"


def strongest(rows: Iterable[DossierEvidence], told: DossierEvidence | None) -> list[DossierEvidence]:
    """By level, the first of each signal before the second, how much it tells, weight; at most two of a signal.

    So one busy signal does not hide the others. What the opening told counts as its signal's first.
    """
    n_of = Counter([told.signal] if told else [])
    ranked: list[tuple[int, int, DossierEvidence]] = []
    for e in sorted(rows, key=lambda e: (-e.level.rank, -telling(e), -e.weight, e.id)):
        if n_of[e.signal] < SHOWN_PER_SIGNAL:
            ranked.append((-e.level.rank, n_of[e.signal], e))
        n_of[e.signal] += 1
    return [e for _, _, e in sorted(ranked, key=lambda entry: entry[:2])]
