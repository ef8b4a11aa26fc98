"""Shares, roles and the raise to lived-in, on plain data."""

from __future__ import annotations

import pytest

from analyzer import attribution as att
from analyzer.model import Confidence, Identity, IdentitySource, OwnCommit, Role
from signals.model import Commit, Evidence, Level, Lines, PathClass, Person, Track, ValueChange, kept_changing

ME = Person("Sam", "sam@demo.example")
GIVEN = Identity("sam@demo.example", IdentitySource.GIVEN, Confidence.MEDIUM)
WEAK = Identity("root@localhost", IdentitySource.GIVEN, Confidence.LOW)
DAY = 86_400


def own(sha: str, role: Role = Role.AUTHOR, weight: float = 1.0, identity: Identity = GIVEN) -> OwnCommit:
    return OwnCommit(Commit(sha, (), ME, ME, 0, 0, "x"), role, weight, identity)


def evidence(level: Level = Level.USED, path_class: PathClass = PathClass.CODE, lives: bool = True) -> Evidence:
    return Evidence("s", Lines("f" * 40, "a.py", 1, 1), level, path_class, "m", "x", {}, lives=lives)


def test_share_is_the_part_of_the_lines_that_blame_gives_to_the_person() -> None:
    part = att.by_blame([1, 2, 3, 4], {1: "a", 2: "b", 3: "a", 4: "c"}, {"a": own("a")})
    assert (part.share, part.role, part.role_weight, part.method) == (0.5, Role.AUTHOR, 1.0, "blame")
    assert "2 of 4 evidence lines" in part.reason


def test_nothing_of_the_person() -> None:
    part = att.by_blame([1, 2], {1: "b", 2: "b"}, {"a": own("a")})
    assert (part.share, part.role, part.method) == (0.0, Role.NONE, "blame")


def test_co_authored_lines_never_count_as_authored() -> None:
    mine = {"a": own("a"), "b": own("b", Role.CO_AUTHOR, 0.5)}
    part = att.by_blame([1, 2, 3], {1: "a", 2: "b", 3: "b"}, mine)
    assert part.share * part.role_weight == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert part.role is Role.CO_AUTHOR
    alone = att.by_blame([1, 2], {1: "a", 2: "x"}, mine)
    assert (alone.share, alone.role) == (0.5, Role.AUTHOR)


def test_identity_is_the_weakest_of_the_lines() -> None:
    part = att.by_blame([1, 2], {1: "a", 2: "b"}, {"a": own("a"), "b": own("b", identity=WEAK)})
    assert part.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("months", "span", "lived"),
    [
        (("2024-01", "2024-02", "2024-03"), 89, False),
        (("2024-01", "2024-02", "2024-04"), 90, True),
        (("2024-01", "2024-12"), 330, False),
        ((), 0, False),
    ],
)
def test_three_months_over_ninety_days(months: tuple[str, ...], span: int, lived: bool) -> None:
    track = Track(months=months, span_days=span)
    assert kept_changing(track) is lived
    level = att.level_for(evidence(), track, _never, lambda _e, t: kept_changing(t))
    assert level is (Level.LIVED_IN if lived else Level.USED)


def test_evidence_whose_path_says_nothing_never_lives() -> None:
    track = Track(months=("2024-01", "2024-03", "2024-06"), span_days=150)
    assert att.level_for(evidence(lives=False), track, _never, _always) is Level.USED


def test_own_changes_of_values_show_use() -> None:
    assert att.shown_level(evidence(Level.DECLARED), Track(), _always) is Level.USED
    assert att.shown_level(evidence(Level.DECLARED), Track(), _never) is Level.DECLARED


@pytest.mark.parametrize(
    ("part", "row", "caps"),
    [
        (att.by_blame([1], {1: "a"}, {"a": own("a")}), evidence(), ()),
        (att.by_blame([1], {}, {}), evidence(), ("not_the_persons_lines",)),
        (att.by_blame([1], {1: "a"}, {"a": own("a", identity=WEAK)}), evidence(), ("weak_identity",)),
        (att.by_blame([1], {1: "a"}, {"a": own("a")}), evidence(path_class=PathClass.EXAMPLE), ("path_class",)),
        (att.by_blame([1], {1: "a"}, {"a": own("a")}), evidence(path_class=PathClass.TEMPLATE), ("path_class",)),
        (att.by_blame([1], {1: "a"}, {"a": own("a", Role.COMMITTER, 0.25)}), evidence(), ("role",)),
    ],
)
def test_what_keeps_evidence_from_being_lived_in(part: att.Attribution, row: Evidence, caps: tuple[str, ...]) -> None:
    assert att.caps_on_life(row, part) == caps


def test_a_signal_may_weigh_in_full_in_a_class() -> None:
    part = att.by_blame([1], {1: "a"}, {"a": own("a")})
    assert att.caps_on_life(evidence(path_class=PathClass.TEST), part) == ("path_class",)
    assert att.caps_on_life(evidence(path_class=PathClass.TEST), part, {PathClass.TEST}) == ()


HUNK = att.Hunk(old_len=1, start=4, n=1)


@pytest.mark.parametrize(
    ("hunk", "linked", "days", "found"),
    [
        (HUNK, {"a"}, 8, ("a",)),
        (HUNK, {"a"}, 6, ()),
        (HUNK, set[str](), 8, ()),
        (att.Hunk(old_len=0, start=4, n=1), {"a"}, 8, ()),
    ],
)
def test_a_later_linked_fix_of_the_lines(hunk: att.Hunk, linked: set[str], days: int, found: tuple[str, ...]) -> None:
    times = {"a": days * DAY}
    assert att.linked_fixes({4}, {4: "a"}, {"a": (hunk,)}, linked, times, 0) == found


def test_the_track_spans_first_to_last_change() -> None:
    change = ValueChange("a", 5, "x", "1", "2", seen_before=False)
    track = att.track_of([40 * DAY, 10 * DAY], ["2024-02", "2024-01", "", "2024-02"], [change], [])
    assert (track.months, track.span_days, track.changes) == (("2024-01", "2024-02"), 30, (change,))


def _never(_evidence: Evidence, _track: Track) -> bool:
    return False


def _always(_evidence: Evidence, _track: Track) -> bool:
    return True
