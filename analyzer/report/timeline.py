"""When a person changed what, as bars on the life of a repository. Pure.

Only what the dossier holds: the first and last month in which the person changed a file, and the repository's first and
last commit. Single commits have no date there, and none is made up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.model import Dossier, DossierEvidence, DossierRepository

WIDTH = 1_000
MAX_TICKS = 12
_FACTS = (("changed_first", "first"), ("changed_last", "last"))
"""What files call their first and last month, and what active months do."""

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time as a share of the axis: ``start`` and ``width`` in thousandths."""

    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Track:
    """The bars of one signal, and the same in words: months as YYYY-MM."""

    signal: str
    first: str
    last: str
    n_pieces: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A repository's axis from ``first`` to ``last`` (YYYY-MM) and its tracks by start; a tick every ``years``."""

    first: str
    last: str
    years: int
    ticks: tuple[int, ...]
    tracks: tuple[Track, ...]


def of(dossier: Dossier, repository: DossierRepository) -> Timeline | None:
    """The timeline of the person's part in a repository; None where no evidence says when."""
    spans = _spans(e for e in dossier.evidence if e.repository == repository.full_name and e.attribution.share > 0)
    if not spans:
        return None
    known = [span for of_signal in spans.values() for span in of_signal]
    days = [_month(day) for day in (repository.first_commit, repository.last_commit)]
    months = [month for month in days if month is not None]
    axis = _Axis(min(months + [first for first, _ in known]), max(months + [last for _, last in known]))
    tracks = [_track(signal, sorted(of_signal), axis) for signal, of_signal in spans.items()]
    tracks.sort(key=lambda track: (track.first, track.last, track.signal))
    return Timeline(_words(axis.first), _words(axis.last), axis.years, axis.ticks, tuple(tracks))


@dataclass(frozen=True, slots=True)
class _Axis:
    """Months from ``first`` to ``last``, both in it, counted from year 0."""

    first: int
    last: int

    def at(self, month: int) -> int:
        """Where the month begins, in thousandths of the axis."""
        return WIDTH * (month - self.first) // (self.last + 1 - self.first)

    @property
    def years(self) -> int:
        """How many years lie between two ticks."""
        return 1 + (self.last // 12 - self.first // 12) // MAX_TICKS

    @property
    def ticks(self) -> tuple[int, ...]:
        """Where years begin."""
        return tuple(self.at(year * 12) for year in range(self.first // 12 + 1, self.last // 12 + 1, self.years))


def _spans(rows: Iterable[DossierEvidence]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """First and last month of every piece that has them, by signal."""
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        first, last = (_month(row.facts.get(a) or row.facts.get(b)) for a, b in _FACTS)
        if first is not None and last is not None and first <= last:
            spans[row.signal].append((first, last))
    return spans


def _track(signal: str, spans: Sequence[tuple[int, int]], axis: _Axis) -> Track:
    bars = (Bar(axis.at(first), axis.at(last + 1) - axis.at(first)) for first, last in dict.fromkeys(spans))
    latest = max(last for _, last in spans)
    return Track(signal, _words(spans[0][0]), _words(latest), len(spans), tuple(bars))


def _month(day: object) -> int | None:
    """Months since year 0 of a text that begins with YYYY-MM."""
    found = _MONTH.match(day) if isinstance(day, str) else None
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def _words(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"
