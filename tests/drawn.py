"""Results of repositories made up for property tests: any signal, level, share, path class, age, kind and state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from analyzer import pipeline
from analyzer.frame import Frame, RepositoryResult
from analyzer.identity import candidate_for
from analyzer.kind import Judged, Kind
from analyzer.model import Attribution, Confidence, Coverage, Finding, IdentitySource, RepositoryState, Role
from signals.base import active
from signals.model import Dimension, Evidence, Level, Lines, PathClass

HEAD = "f" * 40
NOW = 1_767_225_600
"""2026-01-01 00:00 UTC, the day of the frame."""

DAY = 86_400
FRAME = Frame(
    candidate_for("demo-sam", ["sam@demo.example"]), date(2026, 1, 1), active(), pipeline.rubric(), lambda text: text
)
SIGNALS = {signal.id: signal.dimension for signal in active()}

_FACTS = {"active-months": {"months": 12, "first": "2024-01-15", "last": "2025-12-15"}}
"""What a report reads of a signal's facts."""


def part(share: float = 1.0, role: Role = Role.AUTHOR, confidence: Confidence = Confidence.MEDIUM) -> Attribution:
    """A part in evidence as attribution gives it: without a share there is no role."""
    role = role if share else Role.NONE
    source = IdentitySource.GIVEN if share else None
    return Attribution(share, role, FRAME.rubric.roles[role], source, confidence, "blame", "for the test")


def finding(
    signal: str,
    name: str = "a",
    level: Level = Level.USED,
    whose: Attribution | None = None,
    path_class: PathClass | None = PathClass.CODE,
    guards: tuple[str, ...] = (),
    changed_at: int | None = NOW,
) -> Finding:
    """A finding on a line of the file ``name``; what is lived-in shows at least use."""
    shown = Level.USED if level is Level.LIVED_IN else level
    place = Lines(HEAD, name, 1, 1)
    evidence = Evidence(signal, place, shown, path_class, f"Something in {name}", "x = 1", {}, guards=guards)
    return Finding(evidence, "", whose or part(), shown, level, (), changed_at, (), _FACTS.get(signal, {}))


def repository(
    name: str,
    *found: Finding,
    months: int = 12,
    kind: Kind = Kind.SERVICE,
    state: RepositoryState = "complete",
    not_checked: frozenset[str] = frozenset(),
) -> RepositoryResult:
    """What was found in a repository in which the person was active in so many months."""
    return RepositoryResult(
        full_name=name,
        sha=HEAD,
        web_url=None,
        kind=Judged(kind, ("for the test",)),
        state=state,
        reason="" if state == "complete" else "for the test",
        commits=100,
        candidate_commits=2 * months,
        coverage=Coverage(10, 10, 0),
        own_months=months,
        findings=tuple(replace(f, repository=name) for f in found),
        not_checked=dict.fromkeys(not_checked, "for the test"),
    )


parts = st.builds(
    part,
    share=st.one_of(st.just(0.0), st.just(1.0), st.floats(0.01, 1.0)),
    role=st.sampled_from([role for role in Role if role is not Role.NONE]),
    confidence=st.sampled_from(Confidence),
)
_guards = st.lists(st.sampled_from(sorted(FRAME.rubric.guards)), max_size=2, unique=True).map(tuple)


_any_signal = st.sampled_from(sorted(SIGNALS))


def findings(signals: st.SearchStrategy[str] = _any_signal, *, guarded: bool = True) -> st.SearchStrategy[Finding]:
    """One finding of any kind; without guards where they are not wanted."""
    return st.builds(
        finding,
        signal=signals,
        name=st.uuids().map(str),
        level=st.sampled_from(Level),
        whose=parts,
        path_class=st.one_of(st.none(), st.sampled_from(PathClass)),
        guards=_guards if guarded else st.just(()),
        changed_at=st.one_of(st.none(), st.integers(NOW - 6_000 * DAY, NOW + 100 * DAY)),
    )


@st.composite
def repositories(draw: st.DrawFn) -> list[RepositoryResult]:
    """None to seven repositories, of which some could not be read; few signals, so that they meet."""
    few = st.sampled_from(draw(st.lists(_any_signal, min_size=1, max_size=5)))
    made: list[RepositoryResult] = []
    for n in range(draw(st.integers(0, 7))):
        state: RepositoryState = draw(st.sampled_from(("complete", "complete", "partial", "failed")))
        is_read = state != "failed"
        found = draw(st.lists(findings(few), max_size=5)) if is_read else []
        months = draw(st.sampled_from((0, 1, 5, 6, 12))) if is_read else 0
        not_checked = draw(st.frozensets(few, max_size=2)) if is_read else frozenset[str]()
        kind = draw(st.sampled_from(Kind))
        made.append(repository(f"demo/r{n}", *found, months=months, kind=kind, state=state, not_checked=not_checked))
    return made


def signals_of(dimension: Dimension) -> list[str]:
    """The active signals of a dimension."""
    return [name for name, home in SIGNALS.items() if home is dimension]
