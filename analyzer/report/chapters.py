"""Everything in full, dimension by dimension: for pages that have room to fold things away. Pure.

Where ``story`` picks what is worth a minute, a chapter leaves nothing out: every signal with its state and the reason,
every piece of the person's own evidence, and other people's work as context. The texts are as in ``story``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analyzer.model import DimensionScore, Dossier, DossierEvidence, SignalScore, State
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.piece import Piece, piece
from analyzer.report.story import Story
from signals.base import active
from signals.model import Dimension, Level


@dataclass(frozen=True, slots=True)
class Topic:
    """A signal with evidence: its title, what it proves, and every piece of the person's own, strongest first."""

    signal: str
    title: str
    proves: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """Signals without evidence of the person's own that share a state and its reason."""

    said: str
    why: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A dimension, or the research axis. ``level`` is None where nothing was seen or no level may be shown.

    ``said`` is the state in words, ``sure`` the confidence; empty where there is no level to be sure of.
    """

    dimension: Dimension
    name: str
    said: str
    level: Level | None
    sure: str
    topics: tuple[Topic, ...]
    silent: tuple[Silent, ...]
    context: tuple[Piece, ...]

    @property
    def n_pieces(self) -> int:
        """How many pieces of evidence are the person's own."""
        return sum(len(topic.pieces) for topic in self.topics)


def of(dossier: Dossier, told: Story) -> tuple[Chapter, ...]:
    """The eleven dimensions: those that were seen in the story's order, then the others in their own."""
    order = {seen.name: n for n, seen in enumerate(told.seen)}
    ordered = sorted(dossier.dimensions, key=lambda d: order.get(words.DIMENSION[d.dimension], len(order)))
    return tuple(_chapter(dossier, d, told.has_levels) for d in ordered)


def research(dossier: Dossier, told: Story) -> Chapter:
    """The research axis, which stands beside production work and is never subtracted from it."""
    state = State.of_all(s.state for s in dossier.signals if s.dimension is Dimension.RESEARCH)
    score = DimensionScore(Dimension.RESEARCH, state, None, None, None, dossier.research.signals)
    return _chapter(dossier, score, told.has_levels)


def _chapter(dossier: Dossier, d: DimensionScore, has_levels: bool) -> Chapter:
    rows = [e for e in dossier.evidence if e.dimension is d.dimension]
    own = [e for e in rows if e.attribution.share > 0]
    by_signal: defaultdict[str, list[DossierEvidence]] = defaultdict(list)
    for row in sorted(own, key=lambda e: (-e.level.rank, -e.weight, e.id)):
        by_signal[row.signal].append(row)
    return Chapter(
        dimension=d.dimension,
        name=words.DIMENSION[d.dimension],
        said=words.BY_OTHERS[0] if d.state is State.ABSENT and rows else words.STATE[d.state],
        level=d.best_level if has_levels else None,
        sure=words.CONFIDENCE[d.confidence] if d.confidence and has_levels else "",
        topics=tuple(_topic(name, by_signal[name], has_levels) for name in by_signal),
        silent=_silent(s for s in dossier.signals if s.dimension is d.dimension and s.signal not in by_signal),
        context=tuple(piece(e, has_levels=has_levels) for e in rows if e.attribution.share == 0),
    )


def _topic(name: str, rows: Sequence[DossierEvidence], has_levels: bool) -> Topic:
    """Topics stand in the order of their strongest piece."""
    return Topic(
        signal=printable(name),
        title=words.signal(printable(name)),
        proves=_proves().get(name, ""),
        pieces=tuple(piece(e, has_levels=has_levels) for e in rows),
    )


def _silent(scores: Iterable[SignalScore]) -> tuple[Silent, ...]:
    grouped: defaultdict[tuple[State, str], list[str]] = defaultdict(list)
    for score in scores:
        grouped[score.state, score.reason].append(words.signal(printable(score.signal)))
    return tuple(
        Silent(words.STATE[state], printable(reason), tuple(titles)) for (state, reason), titles in grouped.items()
    )


@cache
def _proves() -> Mapping[str, str]:
    """What each signal of this version proves, by id; a dossier from the store may name others."""
    return {signal.id: signal.rule.proves for signal in active()}
