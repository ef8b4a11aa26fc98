"""What counts as news, how long no news holds, and what the estimate says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from analyzer import collection
from analyzer.collection import Wish
from analyzer.github.collector import Collected, Known, Listing
from analyzer.github.records import Account, Actor, OwnedRepository, RepositoryRef
from analyzer.hosted import NOTHING
from analyzer.model import Confidence, IdentitySource, State
from analyzer.selection import LeftOut, Limits, Offer, Selection
from analyzer.told import NO_PUBLIC_WORK

AT = datetime(2024, 1, 1, tzinfo=UTC)
ACCOUNT = Account("U_1", 7, "Pat", AT, (2023, 2024), 3)
REF = RepositoryRef("R_1", 1, "Pat/api", "https://x.example/Pat/api", Actor("Pat", "User"), False, False, False, 10, AT)
OWNED = OwnedRepository(REF, False, False, False, False, False, "", "", "main", "a" * 40, AT, 5, "Go", (("Go", 9),))
OTHER = replace(OWNED, ref=replace(REF, number=2, full_name="Pat/other"))
LISTING = Listing(ACCOUNT, (OWNED, OTHER), ())
WISH = Wish("pat", Limits(), ("pat@pat.example",), date(2024, 6, 10))


def state(listing: Listing = LISTING, wish: Wish = WISH, *, has_token: bool = True) -> str:
    return collection.state_of(listing, wish, has_token=has_token)


def _with(**changes: Any) -> Listing:
    return replace(LISTING, repositories=(replace(OWNED, **changes), OTHER))


@pytest.mark.parametrize(
    "listing",
    [
        replace(LISTING, repositories=(OTHER, OWNED)),
        _with(n_stars=900, language="C", languages=()),
        _with(ref=replace(REF, pushed_at=AT + timedelta(days=1), disk_kb=999)),
    ],
)
def test_stars_sizes_and_pushes_beside_the_head_are_no_news(listing: Listing) -> None:
    assert state(listing) == state()


@pytest.mark.parametrize(
    "changed",
    [
        state(_with(head="b" * 40)),
        state(_with(is_disabled=True)),
        state(_with(ref=replace(REF, full_name="Pat/renamed"))),
        state(replace(LISTING, repositories=(OWNED,))),
        state(replace(LISTING, account=replace(ACCOUNT, n_merged=4))),
        state(wish=replace(WISH, limits=Limits(max_size_mb=1))),
        state(wish=replace(WISH, limits=Limits(include=frozenset({"a/b"})))),
        state(wish=replace(WISH, emails=())),
        state(has_token=False),
    ],
)
def test_a_new_head_a_merged_pull_request_and_another_wish_are_news(changed: str) -> None:
    assert changed != state()


def test_without_a_known_head_a_push_is_news() -> None:
    unknown, pushed = (_with(head="", ref=replace(REF, pushed_at=at)) for at in (AT, AT + timedelta(days=1)))
    assert state(unknown) != state(pushed)


@pytest.mark.parametrize(("days", "holds"), [(0, True), (6, True), (7, False), (-1, False)])
def test_no_news_holds_for_a_week(days: int, *, holds: bool) -> None:
    assert collection.holds(WISH.as_of - timedelta(days=days), WISH) is holds


def _collected(*sizes_mb: int, addresses: tuple[str, ...] = ()) -> Collected:
    offers = tuple(Offer(f"pat/{n}", is_own=True, disk_kb=mb * 1024) for n, mb in enumerate(sizes_mb))
    selection = Selection(offers, (LeftOut("pat/fork", "a fork"),))
    chosen = tuple(Known(offer, replace(REF, full_name=offer.full_name)) for offer in offers)
    return Collected(ACCOUNT, selection, chosen, addresses, NOTHING, (), is_whole=True)


def test_the_estimate_in_words() -> None:
    assert str(collection.estimate(_collected())) == "1 repository, 0 to read, about 1 minute"
    assert str(collection.estimate(_collected(200, 300))) == "3 repositories, 2 to read, about 3 minutes"


def test_addresses_that_github_maps_are_sure_and_what_is_none_is_left_out() -> None:
    candidate = collection.candidate_of(_collected(addresses=("pat@work.example", "(none)", "pat@pat.example")), WISH)
    assert candidate.login == "Pat"
    assert {(i.email, i.source, i.confidence) for i in candidate.identities} == {
        ("pat@work.example", IdentitySource.GITHUB, Confidence.HIGH),
        ("pat@pat.example", IdentitySource.GITHUB, Confidence.HIGH),
        ("7+pat@users.noreply.github.com", IdentitySource.NOREPLY_ID, Confidence.HIGH),
        ("pat@users.noreply.github.com", IdentitySource.NOREPLY_LOGIN, Confidence.MEDIUM),
    }


def test_who_gave_no_account_has_nothing_said_against_them() -> None:
    made = collection.without_account("applicant-7", date(2024, 6, 1)).dossier
    assert {signal.state for signal in made.signals} == {State.NOT_OBSERVED}
    assert [gap.reason for gap in made.gaps] == [NO_PUBLIC_WORK]
    assert made.profile.summary.lower().startswith(NO_PUBLIC_WORK)
