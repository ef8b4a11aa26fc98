"""What is read and what is not, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.selection import MAX_FORKS_ASKED, LeftOut, Limits, Offer, forks_to_ask, seconds, select

MADE = datetime(2022, 1, 1, tzinfo=UTC)
LATER = MADE + timedelta(days=90)
OWN = Offer("pat/api", is_own=True, created_at=MADE, pushed_at=LATER, n_commits=10)
THEIRS = replace(OWN, full_name="acme/api", is_own=False)
FORK = replace(OWN, full_name="pat/spoon", is_fork=True, parent="acme/spoon", n_commits=0)
DEFAULT = Limits()


@pytest.mark.parametrize(
    ("offer", "reason", "is_limit"),
    [
        (replace(OWN, is_empty=True), "empty", False),
        (replace(OWN, is_disabled=True), "disabled", True),
        (replace(OWN, is_mirror=True), "a mirror", False),
        (replace(OWN, template="acme/starter", pushed_at=MADE), "from the template acme/starter", False),
        (replace(OWN, disk_kb=501 * 1024), "501 MB, the limit is 500 MB", True),
        (FORK, "a fork without commits of theirs", False),
        (replace(FORK, n_commits=None), "a fork without commits of theirs", False),
        (replace(FORK, n_commits=9, pushed_at=MADE), "nothing was pushed since", False),
        (replace(THEIRS, n_commits=0), "only 0 commits", False),
        (replace(THEIRS, n_commits=1), "only 1 commit or pull request of theirs", False),
        (replace(THEIRS, n_commits=2, n_merged=2), "only 2 commits or pull requests", False),
    ],
)
def test_what_is_left_out_has_a_reason(offer: Offer, reason: str, *, is_limit: bool) -> None:
    selection = select([offer], DEFAULT)
    assert selection.chosen == ()
    (entry,) = selection.left_out
    assert (entry.full_name, entry.is_limit) == (offer.full_name, is_limit)
    assert reason in entry.reason


@pytest.mark.parametrize(
    "offer",
    [
        OWN,
        replace(OWN, n_commits=None),
        replace(OWN, n_commits=0),
        replace(OWN, is_template=True),
        replace(OWN, template="acme/starter"),
        replace(OWN, disk_kb=500 * 1024),
        replace(FORK, n_commits=4),
        replace(THEIRS, n_commits=3),
        replace(THEIRS, n_commits=None, n_merged=3),
    ],
)
def test_what_may_show_work_is_read(offer: Offer) -> None:
    assert select([offer], DEFAULT).chosen == (offer,)


def test_the_order_is_that_of_the_part() -> None:
    offers = [
        replace(OWN, full_name="pat/small", n_commits=5),
        replace(THEIRS, n_commits=20),
        replace(OWN, full_name="pat/new", n_commits=0, pushed_at=LATER + timedelta(days=1)),
        replace(OWN, full_name="pat/old", n_commits=None),
        replace(OWN, full_name="pat/starter", n_commits=5, is_template=True, pushed_at=LATER + timedelta(days=9)),
        replace(THEIRS, full_name="acme/squashed", n_commits=1, n_merged=12),
    ]
    wanted = ["acme/api", "acme/squashed", "pat/small", "pat/starter", "pat/new", "pat/old"]
    assert [offer.full_name for offer in select(offers, DEFAULT).chosen] == wanted


def test_the_limit_keeps_the_smallest_parts_out() -> None:
    offers = [replace(OWN, full_name=f"pat/{n}", n_commits=n) for n in range(1, 6)]
    selection = select(offers, Limits(max_repositories=2))
    assert [offer.n_commits for offer in selection.chosen] == [5, 4]
    reason = "the limit of 2 repositories was reached"
    assert selection.left_out == tuple(LeftOut(f"pat/{n}", reason, is_limit=True) for n in (1, 2, 3))


def test_what_is_asked_for_comes_first_whatever_speaks_against_it() -> None:
    large = replace(FORK, full_name="pat/Large", disk_kb=9_000_000)
    chosen = select([OWN, large], Limits(max_repositories=1, include=frozenset({"PAT/large"}))).chosen
    assert chosen == (large,)
    empty = replace(OWN, is_empty=True)
    both = Limits(max_repositories=1, include=frozenset({"pat/api", "pat/large"}))
    assert {offer.full_name for offer in select([OWN, large], both).chosen} == {"pat/api", large.full_name}
    assert select([empty], Limits(include=frozenset({"pat/api"}))).chosen == ()
    excluded = select([OWN], Limits(include=frozenset({"pat/api"}), exclude=frozenset({"Pat/API"})))
    assert excluded.left_out == (LeftOut("pat/api", "left out on request"),)


def test_a_fork_gives_way_to_where_it_came_from() -> None:
    origin = replace(THEIRS, full_name="Acme/Spoon", n_commits=4)
    selection = select([replace(FORK, n_commits=7), origin], DEFAULT)
    assert selection.chosen == (origin,)
    assert selection.left_out[0].reason == "a fork: their commits are looked for in acme/spoon"


def test_a_fork_is_read_where_its_origin_is_not() -> None:
    fork = replace(FORK, n_commits=40)
    for origin, limits in (
        (replace(THEIRS, full_name="acme/spoon", n_commits=2), DEFAULT),
        (replace(THEIRS, full_name="acme/spoon", disk_kb=501 * 1024), DEFAULT),
        (replace(THEIRS, full_name="acme/spoon"), Limits(exclude=frozenset({"acme/spoon"}))),
    ):
        assert select([fork, origin], limits).chosen == (fork,)


def test_only_forks_with_an_open_question_are_asked_about() -> None:
    unknown = replace(FORK, n_commits=None)
    others = [
        OWN,
        FORK,
        replace(unknown, full_name="pat/untouched", pushed_at=MADE),
        replace(unknown, full_name="pat/empty", is_empty=True),
        replace(unknown, full_name="pat/fork-of-api", parent="acme/api"),
        THEIRS,
    ]
    assert forks_to_ask([*others, unknown], DEFAULT) == (unknown,)
    many = [replace(unknown, full_name=f"pat/{n}", pushed_at=LATER + timedelta(days=n)) for n in range(30)]
    asked = forks_to_ask(many, DEFAULT)
    assert len(asked) == MAX_FORKS_ASKED
    assert asked[0].full_name == "pat/29"


OFFERS = st.lists(
    st.builds(
        Offer,
        full_name=st.integers(0, 50).map(lambda n: f"pat/{n}"),
        is_own=st.booleans(),
        disk_kb=st.integers(0, 10**7),
        pushed_at=st.none() | st.integers(0, 100).map(lambda n: MADE + timedelta(days=n)),
        is_fork=st.booleans(),
        is_empty=st.booleans(),
        is_mirror=st.booleans(),
        n_commits=st.none() | st.integers(0, 50),
        n_merged=st.integers(0, 50),
    ),
    unique_by=lambda offer: offer.full_name,
    max_size=30,
)


@given(OFFERS, st.integers(1, 10), st.randoms())
def test_nothing_gets_lost_and_the_order_given_does_not_matter(offers: list[Offer], limit: int, random: Any) -> None:
    limits = Limits(max_repositories=limit)
    selection = select(offers, limits)
    named = [offer.full_name for offer in selection.chosen] + [entry.full_name for entry in selection.left_out]
    assert sorted(named) == sorted(offer.full_name for offer in offers)
    assert len(selection.chosen) <= limit
    assert all(entry.reason for entry in selection.left_out)
    random.shuffle(offers)
    assert select(offers, limits) == selection


def test_more_to_read_takes_longer() -> None:
    assert 0 < seconds([OWN]) < seconds([OWN, OWN]) < seconds([OWN, replace(OWN, disk_kb=100_000)])
