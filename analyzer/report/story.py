"""What a report says, as data: the sections that terminal, Markdown and HTML all render. Pure.

``of(dossier)`` decides what is shown, in which order and in which words; a renderer only lays it out. Every text in a
:class:`Story` has been through ``printable`` and is otherwise raw: a renderer escapes all of it for its medium, links
as well. Where the opening's kind is LITTLE there are no levels in a story, so that no renderer can show one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer import badges, opening
from analyzer.model import DimensionScore, Dossier, DossierRepository, Gap, State
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.piece import Piece, is_revert, piece, strongest
from analyzer.told import LEFT_OUT, Badge, Opening, OpeningKind
from signals.model import Level

SHOWN_PIECES = 8
SHOWN_REVERTS = 3
SHOWN_GAPS = 8
SHOWN_NAMES = 2


@dataclass(frozen=True, slots=True)
class Read:
    """A repository that was given, and in words what was read of it."""

    full_name: str
    said: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A dimension with evidence: at which level, how sure, and the signals behind it as words."""

    name: str
    level: Level
    said: str
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """The dimensions in one of the other three states, with the reason. None of it counts against anybody."""

    state: State
    said: str
    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """Things that one reason kept from being looked at: at most two by name and the number of the others."""

    repository: str
    names: tuple[str, ...]
    n_more: int
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """The whole report. A piece stands in one place only: ``strongest``, ``pieces`` or ``reverts``.

    ``n_more_pieces`` of the person are not shown; ``n_others`` are other people's.
    """

    login: str
    as_of: str
    opening: Opening
    strongest: Piece | None
    badges: tuple[Badge, ...]
    repositories: tuple[Read, ...]
    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    research: tuple[str, ...]
    pieces: tuple[Piece, ...]
    reverts: tuple[Piece, ...]
    n_more_pieces: int
    n_others: int
    missed: tuple[Missed, ...]
    n_more_missed: int

    @property
    def has_levels(self) -> bool:
        """Whether levels may be shown at all."""
        return self.opening.kind is not OpeningKind.LITTLE

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that occur, best first, for a legend."""
        pieces = (self.strongest, *self.pieces, *self.reverts)
        shown = {s.level for s in self.seen} | {p.level for p in pieces if p and p.level}
        return tuple(sorted(shown, key=lambda level: -level.rank))


def of(dossier: Dossier) -> Story:
    """The story of a dossier."""
    told = opening.of(dossier)
    has_levels = told.kind is not OpeningKind.LITTLE
    own = [e for e in dossier.evidence if e.attribution.share > 0]
    rest = [e for e in own if told.story is None or e.id != told.story.id]
    weighing = [e for e in rest if e.weight > 0]
    pieces = strongest((e for e in weighing if not is_revert(e)), told.story)[:SHOWN_PIECES]
    reverts = strongest((e for e in weighing if is_revert(e)), None)[:SHOWN_REVERTS]
    missed = _missed(dossier)
    return Story(
        login=printable(dossier.candidate.login),
        as_of=dossier.as_of,
        opening=_printable(told),
        strongest=piece(told.story, has_levels=has_levels) if told.story else None,
        badges=tuple(badge for badge in badges.judge(dossier) if badge.is_given and has_levels),
        repositories=_repositories(dossier.repositories),
        seen=_seen(dossier) if has_levels else (),
        unseen=_unseen(dossier),
        research=_research(dossier),
        pieces=tuple(piece(e, has_levels=has_levels) for e in pieces),
        reverts=tuple(piece(e, has_levels=has_levels) for e in reverts),
        n_more_pieces=len(rest) - len(pieces) - len(reverts),
        n_others=len(dossier.evidence) - len(own),
        missed=missed[:SHOWN_GAPS],
        n_more_missed=max(0, len(missed) - SHOWN_GAPS),
    )


def _printable(told: Opening) -> Opening:
    return replace(
        told,
        headline=printable(told.headline),
        sure=printable(told.sure),
        not_visible=printable(told.not_visible),
        ask=tuple(map(printable, told.ask)),
    )


# --- repositories and dimensions -------------------------------------------


def _repositories(repositories: Sequence[DossierRepository]) -> tuple[Read, ...]:
    """Those with most commits of this person first."""
    ordered = sorted(repositories, key=lambda r: (-r.candidate_commits, r.full_name))
    return tuple(Read(printable(r.full_name), _read(r)) for r in ordered)


def _read(r: DossierRepository) -> str:
    """What it is, with the months of everybody's first and last commit, and the person's part."""
    reason = printable(r.reason).rstrip(".")
    if r.state in ("skipped", "failed"):
        return f"could not be read: {reason}"
    kind = printable(r.kind).replace("_", " ")
    life = f", {r.first_commit[:7]} to {r.last_commit[:7]}" if r.first_commit and r.last_commit else ""
    part = f"{r.candidate_commits:,}" if r.candidate_commits else "none"
    said = f"{kind}{life}; {part} of {words.count(r.commits, 'commit')} by this person"
    return f"{said}; read in part: {reason}" if r.state == "partial" else said


def _seen(dossier: Dossier) -> tuple[Seen, ...]:
    """Best level first, then value, which is never shown."""
    found = [(d, d.best_level) for d in dossier.dimensions if d.state is State.OBSERVED and d.best_level is not None]
    found.sort(key=lambda pair: (-pair[1].rank, -(pair[0].value or 0.0)))
    return tuple(
        Seen(
            words.DIMENSION[d.dimension],
            level,
            f"{level.value}, {words.CONFIDENCE[d.confidence]}" if d.confidence else level.value,
            _observed(dossier, d),
        )
        for d, level in found
    )


def _observed(dossier: Dossier, d: DimensionScore) -> tuple[str, ...]:
    """The signals of a dimension that were seen, the one with the highest value first."""
    found = [s for s in dossier.signals if s.dimension is d.dimension and s.state is State.OBSERVED]
    return tuple(words.signal(printable(s.signal)) for s in sorted(found, key=lambda s: -(s.value or 0.0)))


def _unseen(dossier: Dossier) -> tuple[Unseen, ...]:
    """By state; where nothing of this person's was found but something of others', that is said."""
    theirs = {e.dimension for e in dossier.evidence}
    grouped: defaultdict[tuple[State, bool], list[str]] = defaultdict(list)
    for d in dossier.dimensions:
        if d.signals:
            by_others = d.state is State.ABSENT and d.dimension in theirs
            grouped[d.state, by_others].append(words.DIMENSION[d.dimension])
    return tuple(
        Unseen(state, said.capitalize(), why, tuple(grouped[state, by_others]))
        for state, usual in words.UNSEEN.items()
        for by_others, (said, why) in ((False, (words.STATE[state], usual)), (True, words.BY_OTHERS))
        if (state, by_others) in grouped
    )


def _research(dossier: Dossier) -> tuple[str, ...]:
    """What research-style work was seen, in words."""
    found = {s.signal for s in dossier.signals if s.state is State.OBSERVED}
    return tuple(words.signal(printable(name)) for name in dossier.research.signals if name in found)


# --- gaps ------------------------------------------------------------------


def _missed(dossier: Dossier) -> tuple[Missed, ...]:
    """Gaps of a repository with one reason stand together; what its own line says already is not said again."""
    said = {(r.full_name, r.reason) for r in dossier.repositories}
    grouped: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for gap in dossier.gaps:
        if gap.what == LEFT_OUT:
            grouped["", gap.reason].append(printable(gap.repository))
        elif gap.what != "repository" or (gap.repository, gap.reason) not in said:
            grouped[gap.repository, gap.reason].append(_what(gap))
    return tuple(_together(repository, reason, whats) for (repository, reason), whats in grouped.items())


def _together(repository: str, reason: str, whats: Sequence[str]) -> Missed:
    names = [what for what in whats if what]
    more = max(0, len(names) - SHOWN_NAMES)
    return Missed(printable(repository), tuple(names[:SHOWN_NAMES]), more, printable(reason).rstrip("."))


def _what(gap: Gap) -> str:
    if gap.what in ("repository", "identity"):
        return ""
    return words.signal(printable(gap.signal)) if gap.what == "signal" else printable(gap.what)
