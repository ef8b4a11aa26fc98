"""Addresses, roles and bots: exact addresses only, never names."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.identity import Roles, candidate_for, co_authors, email_hash, is_bot
from analyzer.model import Confidence, IdentitySource, Role
from signals.model import Person

WEIGHTS = {"author": 1.0, "co-author": 0.5, "committer": 0.25, "reviewer": 0.1, "none": 0.0}
ROLES = Roles(candidate_for("demo-sam", ["Sam@Demo.example"]), WEIGHTS)


@pytest.mark.parametrize(
    ("email", "source", "confidence"),
    [
        ("sam@demo.example", IdentitySource.GIVEN, Confidence.MEDIUM),
        ("SAM@DEMO.EXAMPLE", IdentitySource.GIVEN, Confidence.MEDIUM),
        ("sam+git@demo.example", IdentitySource.GIVEN, Confidence.MEDIUM),
        ("123+demo-sam@users.noreply.github.com", IdentitySource.NOREPLY_ID, Confidence.HIGH),
        ("123+Demo-Sam@users.noreply.github.com", IdentitySource.NOREPLY_ID, Confidence.HIGH),
        ("demo-sam@users.noreply.github.com", IdentitySource.NOREPLY_LOGIN, Confidence.MEDIUM),
    ],
)
def test_address_of_the_candidate(email: str, source: IdentitySource, confidence: Confidence) -> None:
    identity = ROLES.identity_of(email)
    assert identity is not None
    assert (identity.source, identity.confidence) == (source, confidence)


@pytest.mark.parametrize(
    "email",
    [
        "sam@demo.example.org",
        "xsam@demo.example",
        "sam@other.example",
        "123+demo-sam2@users.noreply.github.com",
        "123+demo-sam@users.noreply.github.com.evil.example",
        "",
        "demo-sam",
    ],
)
def test_address_of_somebody_else(email: str) -> None:
    assert ROLES.identity_of(email) is None


def test_a_machine_address_is_weak() -> None:
    weak = candidate_for("demo-sam", ["root@localhost", "sam@laptop.local"])
    assert {i.confidence for i in weak.identities} == {Confidence.LOW}


@pytest.mark.parametrize("login", ["", "-x", "a b", "../x", "x" * 41, "a@b"])
def test_no_login(login: str) -> None:
    with pytest.raises(UsageError, match="no GitHub login"):
        candidate_for(login, [])


@pytest.mark.parametrize("email", ["", "sam", "a@b@c", "sam @demo.example"])
def test_no_address(email: str) -> None:
    with pytest.raises(UsageError, match="no e-mail address"):
        candidate_for("demo-sam", [email])


def test_author_before_committer() -> None:
    me, other = Person("Sam", "sam@demo.example"), Person("Kim", "kim@demo.example")
    web = Person("GitHub", "noreply@github.com")
    assert _role(ROLES.of_people(me, other)) == (Role.AUTHOR, 1.0)
    assert _role(ROLES.of_people(other, me)) == (Role.COMMITTER, 0.25)
    assert ROLES.of_people(other, web) is None


def test_co_author_weight_is_split_over_humans_named_once() -> None:
    message = b"""Add a thing

Co-authored-by: Sam <sam@demo.example>
co-authored-by: Kim  <kim@demo.example>\x20\x20
Co-authored-by: Sam <SAM@demo.example>
Co-Authored-By: Claude <noreply@anthropic.com>
"""
    people = co_authors(message)
    assert len(people) == 4
    author = Person("Lee", "lee@demo.example")
    assert _role(ROLES.of_trailers(author, people)) == (Role.CO_AUTHOR, 0.25)
    assert ROLES.of_trailers(author, [p for p in people if "sam" not in p.email.lower()]) is None


def test_an_author_who_names_himself_is_no_co_author() -> None:
    me = Person("Sam", "sam@demo.example")
    assert ROLES.of_trailers(me, [me]) is None


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        ("renovate", "bot@renovateapp.example"),
        ("Octokit Bot", "security@demo.example"),
        ("Copilot", "198982749+Copilot@users.noreply.github.com"),
        ("Claude", "noreply@anthropic.com"),
        ("github-actions", "actions@demo.example"),
        ("Jenkins", "ci@demo.example"),
    ],
)
def test_bots(name: str, email: str) -> None:
    assert is_bot(Person(name, email))


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Berenice Abbott", "abbott@demo.example"),
        ("Travis Oliphant", "travis@demo.example"),
        ("Sam", "notarobot@demo.example"),
        ("Agent R", "agentR47@demo.example"),
        ("Botond", "botond@demo.example"),
    ],
)
def test_people_who_sound_like_bots(name: str, email: str) -> None:
    assert not is_bot(Person(name, email))


def test_hash_is_salted_with_the_login_and_ignores_case() -> None:
    assert email_hash("demo-sam", "Sam@demo.example") == email_hash("demo-sam", "sam@demo.example")
    assert email_hash("demo-sam", "sam@demo.example") != email_hash("demo-kim", "sam@demo.example")
    assert len(email_hash("demo-sam", "sam@demo.example")) == 16


def _role(found: object) -> tuple[Role, float]:
    assert isinstance(found, tuple)
    return found[0], found[1]  # pyright: ignore[reportUnknownVariableType]
