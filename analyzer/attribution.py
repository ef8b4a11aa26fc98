"""Whose evidence it is, and how far the person's own history raises it. Pure.

``a = share × role × identity`` (design.md, catalogue.md §4). Lived-in is raised here, once, for every signal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.model import Attribution, Confidence, IdentitySource, OwnCommit, Role
from signals.model import Evidence, Level, PathClass, Track, ValueChange
from signals.wording import listed, spans

Test = Callable[[Evidence, Track], bool]

_DAY = 86_400
FIX_DELAY_DAYS = 7
MAX_SPANS_NAMED = 10
WHOLE_WEIGHT = frozenset({PathClass.CODE, PathClass.CI})
_SOURCES = {
    IdentitySource.GITHUB: "an address that GitHub maps to the account",
    IdentitySource.NOREPLY_ID: "GitHub's numbered noreply address of the login",
    IdentitySource.NOREPLY_LOGIN: "GitHub's noreply address of the login",
    IdentitySource.GIVEN: "an address given for the candidate",
    IdentitySource.REPOSITORY_CONFIG: "the address in the repository's configuration",
}

NOT_TOUCHED = Attribution(
    share=0.0,
    role=Role.NONE,
    role_weight=0.0,
    identity=None,
    confidence=Confidence.HIGH,
    method="none",
    reason="no commit of this person changes the path",
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """A changed range in one commit: ``old_len`` lines were replaced by lines ``start`` … ``start + n - 1``."""

    old_len: int
    start: int
    n: int


def by_commit(own: OwnCommit) -> Attribution:
    """The part in a commit that is evidence as a whole."""
    return Attribution(
        share=1.0,
        role=own.role,
        role_weight=own.weight,
        identity=own.identity.source,
        confidence=own.identity.confidence,
        method="commit",
        reason=f"{own.role.value} of the commit by {_SOURCES[own.identity.source]}",
    )


def by_commits(commits: Sequence[OwnCommit]) -> Attribution:
    """The part in evidence that rests on several commits: the role and identity that most of them have."""
    best = max(
        commits,
        key=lambda c: (sum(o.weight * (o.role is c.role) for o in commits), c.weight, c.identity.email),
    )
    part = by_commit(best)
    return Attribution(
        share=1.0,
        role=part.role,
        role_weight=part.role_weight,
        identity=part.identity,
        confidence=part.confidence,
        method="commit",
        reason=f"{best.role.value} of the supporting commits by {_SOURCES[best.identity.source]}",
    )


def by_blame(lines: Sequence[int], blame: Mapping[int, str], own: Mapping[str, OwnCommit]) -> Attribution:
    """The part in evidence lines, from the commit that last changed each (``git blame -w``)."""
    mine = {n: own[blame[n]] for n in lines if n in blame and blame[n] in own}
    return _of_lines(lines, mine, "blame", "last changed by")


def by_patch(lines: Sequence[int], authored: Mapping[int, OwnCommit]) -> Attribution:
    """The part in evidence lines by text: the person once added this line's text to this path."""
    return _of_lines(lines, authored, "patch", "once written by")


def _of_lines(lines: Sequence[int], mine: Mapping[int, OwnCommit], method: str, verb: str) -> Attribution:
    total = max(1, len(lines))
    if not mine:
        return Attribution(
            share=0.0,
            role=Role.NONE,
            role_weight=0.0,
            identity=None,
            confidence=Confidence.HIGH,
            method="blame" if method == "blame" else "patch",
            reason=f"the evidence line was not {verb} this person"
            if total == 1
            else f"none of the {total:,} evidence lines was {verb} this person",
        )
    role, chosen = _best_role(mine)
    own = tuple(sorted(chosen))
    lead = max(chosen.values(), key=lambda c: (c.weight, c.identity.confidence is Confidence.HIGH, c.identity.email))
    return Attribution(
        share=len(chosen) / total,
        role=role,
        role_weight=sum(c.weight for c in chosen.values()) / len(chosen),
        identity=lead.identity.source,
        confidence=_weakest(c.identity.confidence for c in chosen.values()),
        method="blame" if method == "blame" else "patch",
        reason=f"{_which(own, total)} {verb} this person as {role.value}, by {_SOURCES[lead.identity.source]}",
        lines=own,
    )


def _which(own: Sequence[int], total: int) -> str:
    """How many lines are the person's, and where not all are, which."""
    if total == 1:
        return "the evidence line was"
    share = f"{len(own):,} of {total:,} evidence lines"
    if len(own) == total:
        return share
    return f"{share} ({'line' if len(own) == 1 else 'lines'} {listed(spans(own), MAX_SPANS_NAMED)})"


def _best_role(mine: Mapping[int, OwnCommit]) -> tuple[Role, dict[int, OwnCommit]]:
    """Author lines alone, or author and co-author lines, or all: whichever gives the person most."""
    ladder = (Role.AUTHOR, Role.CO_AUTHOR, Role.COMMITTER, Role.REVIEWER)
    best: tuple[float, Role, dict[int, OwnCommit]] | None = None
    for depth, role in enumerate(ladder):
        chosen = {n: c for n, c in mine.items() if c.role in ladder[: depth + 1]}
        weight = sum(c.weight for c in chosen.values())
        if chosen and (best is None or weight > best[0]):
            best = (weight, role, chosen)
    assert best is not None
    return best[1], best[2]


def _weakest(confidences: Iterable[Confidence]) -> Confidence:
    order = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)
    return min(confidences, key=order.index)


# --- levels ----------------------------------------------------------------


def track_of(
    changed_at: Sequence[int], months: Iterable[str], changes: Sequence[ValueChange], linked_fixes: Sequence[str]
) -> Track:
    """What the person did at one path: ``changed_at`` are the committer times of the person's changes of it."""
    span = (max(changed_at) - min(changed_at)) // _DAY if changed_at else 0
    return Track(
        months=tuple(sorted({m for m in months if m})),
        span_days=int(span),
        changes=tuple(changes),
        linked_fixes=tuple(linked_fixes),
    )


def shown_level(evidence: Evidence, track: Track, used_when: Test) -> Level:
    """Declared or used: what the content shows, raised by the person's own changes where the signal says so."""
    if evidence.level is Level.DECLARED and used_when(evidence, track):
        return Level.USED
    return evidence.level


def level_for(evidence: Evidence, track: Track, used_when: Test, lived_in_when: Test) -> Level:
    """The level that the content and the person's own history show together, before any cap."""
    if evidence.lives and lived_in_when(evidence, track):
        return Level.LIVED_IN
    return shown_level(evidence, track, used_when)


def caps_on_life(evidence: Evidence, attribution: Attribution, whole_in: Collection[PathClass] = ()) -> tuple[str, ...]:
    """Why a piece of evidence cannot be lived-in for this person; empty when nothing stands against it."""
    caps: list[str] = []
    if attribution.share <= 0:
        caps.append("not_the_persons_lines")
    if attribution.confidence is Confidence.LOW:
        caps.append("weak_identity")
    if evidence.path_class is not None and evidence.path_class not in {*WHOLE_WEIGHT, *whole_in}:
        caps.append("path_class")
    if attribution.share > 0 and attribution.role not in (Role.AUTHOR, Role.CO_AUTHOR):
        caps.append("role")
    return tuple(caps)


def linked_fixes(
    lines: Collection[int],
    blame: Mapping[int, str],
    hunks: Mapping[str, Sequence[Hunk]],
    linked: Collection[str],
    times: Mapping[str, int],
    appeared_at: int | None,
) -> tuple[str, ...]:
    """The person's later commits that changed evidence lines and link to a revert, a tracker or an incident.

    ``hunks`` are the person's changes of this path by commit, ``linked`` the person's commits with a resolvable link,
    ``times`` committer times, ``appeared_at`` when the path came to be. A commit counts when it replaced a line
    that blame still gives it, seven days or more after the path appeared.
    """
    if appeared_at is None:
        return ()
    found: list[str] = []
    for sha in sorted({blame[n] for n in lines if n in blame} & set(linked)):
        replaced = any(h.old_len and h.n for h in hunks.get(sha, ()))
        if replaced and times.get(sha, 0) - appeared_at >= FIX_DELAY_DAYS * _DAY:
            found.append(sha)
    return tuple(found)
