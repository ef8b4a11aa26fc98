"""What a finding says of the person's part: which lines, how often a value was changed, how often back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from analyzer import attribution as att
from analyzer import findings, pipeline
from analyzer.dossier import assemble
from analyzer.frame import Frame, RepositoryResult
from analyzer.identity import candidate_for
from analyzer.kind import Judged, Kind
from analyzer.model import Confidence, Coverage, DossierEvidence, Finding, Identity, IdentitySource, OwnCommit, Role
from signals.base import active
from signals.model import Commit, Evidence, Level, Lines, PathClass, Person, Track, ValueChange

HEAD = "f" * 40
ME = Person("Sam", "sam@demo.example")
MINE = OwnCommit(
    Commit("a" * 40, (), ME, ME, 0, 0, "x"),
    Role.AUTHOR,
    1.0,
    Identity("sam@demo.example", IdentitySource.GIVEN, Confidence.MEDIUM),
)
FRAME = Frame(
    candidate_for("demo-sam", ["sam@demo.example"]), date(2026, 1, 1), active(), pipeline.rubric(), lambda text: text
)
OWN = findings.OwnPath(("2024-01",), 0, 0)
BY_ID = {signal.id: signal for signal in active()}


def change(sha: str, *, back: bool = False, name: str = "ripeness") -> ValueChange:
    return ValueChange(sha, 1_700_000_000, name, "1", "2", back)


def found(
    *, mine: Sequence[int] = (3, 4), changes: Sequence[ValueChange] = (), signal: str = "model-version-pin-swap"
) -> Finding:
    """Evidence on lines 3, 4, 9 and 12 of a file, of which ``mine`` are the person's."""
    place = Lines(HEAD, "models.toml", 3, 4, (9, 12))
    evidence = Evidence(signal, place, Level.DECLARED, PathClass.CODE, "Here it stands.", "x", {"n_pins": 4})
    part = att.by_blame(place.all_lines, dict.fromkeys(mine, MINE.commit.sha), {MINE.commit.sha: MINE})
    return findings.of_content(BY_ID[signal], "demo/one", evidence, part, OWN, Track(changes=tuple(changes)))


def row(finding: Finding) -> DossierEvidence:
    """The dossier's row of a finding."""
    result = RepositoryResult(
        full_name="demo/one",
        sha=HEAD,
        web_url="https://git.demo.example/demo/one",
        kind=Judged(Kind.SERVICE, ("for the test",)),
        state="complete",
        reason="",
        commits=1,
        candidate_commits=1,
        coverage=Coverage(1, 1, 0),
        own_months=12,
        findings=(replace(finding, last_changed_at=1_700_000_000),),
    )
    (only,) = assemble(FRAME, [result]).evidence
    return only


@pytest.mark.parametrize(
    ("changes", "facts", "told"),
    [
        ((), (None, None), ""),
        ((change("a"),), (1, 0), "This person changed a version once."),
        ((change("a", back=True),), (1, 1), "This person changed a version once, back to an earlier one."),
        # one commit that moves a pin under both of its names
        (
            (change("a"), change("b"), change("b", back=True, name="farm/ripeness"), change("b", back=True)),
            (2, 1),
            "This person changed a version twice, once back to an earlier one.",
        ),
        (
            tuple(change(sha, back=sha in "de") for sha in "abcde"),
            (5, 2),
            "This person changed a version 5 times, twice back to an earlier one.",
        ),
    ],
)
def test_changes_of_values_are_counted_in_commits_and_told(
    changes: Sequence[ValueChange], facts: tuple[int | None, int | None], told: str
) -> None:
    finding = found(changes=changes)
    assert (finding.facts.get("value_changes"), finding.facts.get("values_set_back")) == facts
    assert finding.history == told
    assert row(finding).message == f"Here it stands. {told}".rstrip()


def test_what_was_changed_is_named_by_the_signal() -> None:
    finding = found(changes=[change("a"), change("b")], signal="alert-rules")
    assert finding.history == "This person changed a condition or waiting time twice."


@pytest.mark.parametrize(
    ("mine", "reason", "own_lines", "anchor"),
    [
        ((3, 4, 9, 12), "4 of 4 evidence lines last changed by this person", None, "L3-L4"),
        ((4, 12), "2 of 4 evidence lines (lines 4 and 12) last changed by this person", ("4", "12"), "L3-L4"),
        ((9, 12), "2 of 4 evidence lines (lines 9 and 12) last changed by this person", ("9", "12"), "L9"),
        ((12,), "1 of 4 evidence lines (line 12) last changed by this person", ("12",), "L12"),
        ((), "none of the 4 evidence lines was last changed by this person", None, "L3-L4"),
    ],
)
def test_a_reader_finds_the_persons_own_lines(
    mine: Sequence[int], reason: str, own_lines: tuple[str, ...] | None, anchor: str
) -> None:
    told = row(found(mine=mine))
    assert told.attribution.reason.startswith(reason)
    assert told.facts.get("own_lines") == own_lines
    assert told.url is not None
    assert told.url.endswith(f"/models.toml#{anchor}")
    assert (told.line_start, told.more_lines) == (3, (9, 12))


def test_of_many_lines_ten_places_are_named() -> None:
    part = att.by_blame(range(1, 40), dict.fromkeys([1, 2, *range(4, 38, 3)], "a" * 40), {"a" * 40: MINE})
    assert "14 of 39 evidence lines (lines 1-2, 4, 7, 10, 13, 16, 19, 22, 25, 28 and 3 more)" in part.reason


@pytest.mark.parametrize(
    ("mine", "reason"), [([3], "the evidence line was last changed"), ([], "the evidence line was not last changed")]
)
def test_one_line_is_told_as_one(mine: Sequence[int], reason: str) -> None:
    part = att.by_blame([3], dict.fromkeys(mine, "a" * 40), {"a" * 40: MINE})
    assert part.reason.startswith(reason)
