"""Which addresses may be asked: only the API's own, over https or on this machine."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.github.host import GITHUB, Host, host_at, host_named, joined, login_part, repository_part

ENTERPRISE = host_named("git.company.example")

FOREIGN = [
    "http://api.github.com/user",
    "https://github.com/user",
    "https://api.github.com.evil.example/user",
    "https://evil.example/user",
    "https://api.github.com@evil.example/user",
    "https://evil.example#@api.github.com/user",
    "https://user:word@api.github.com/user",
    "https://@api.github.com/user",
    "https://api.github.com:8443/user",
    "https://api.github.com\\@evil.example/user",
    "https://api.github.com\n.evil.example/user",
    "https://api.github.com/us er",
    "https://api.github.com/%2e%2e/user",
    "https://api.github.com/a/../user",
    "https://api.github.com:notaport/user",
    "https://[::1/user",
    "https://xn--api-github-com.example/",
    "https://аpi.github.com/user",  # Cyrillic а
    "//api.github.com/user",
    "/user",
    "api.github.com/user",
    "file:///etc/passwd",
    "ftp://api.github.com/user",
    "javascript:alert(1)",
    "gopher://api.github.com/",
    "",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_foreign_addresses_are_not_allowed(url: str) -> None:
    assert not GITHUB.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com/repositories/1/issues?per_page=3&page=2",
        "https://API.GitHub.com/user",
        "https://api.github.com:443/user",
        "https://api.github.com/graphql",
        "https://api.github.com",
    ],
)
def test_the_apis_own_addresses_are_allowed(url: str) -> None:
    assert GITHUB.allows(url)


def test_an_enterprise_has_three_addresses_and_a_base_path() -> None:
    assert Host(
        "https://git.company.example/api/v3", "https://git.company.example/api/graphql", "https://git.company.example"
    ) == (ENTERPRISE)
    assert ENTERPRISE.allows("https://git.company.example/api/v3/user")
    assert ENTERPRISE.allows("https://git.company.example/api/graphql")
    assert not ENTERPRISE.allows("https://git.company.example/settings/tokens")
    assert not ENTERPRISE.allows("https://git.company.example/api/v3evil/user")
    assert host_named("GitHub.com") is GITHUB
    assert not GITHUB.is_loopback
    assert host_at("http://127.0.0.1:4000/").is_loopback


@pytest.mark.parametrize("name", ["", "https://git.example", "git.example/api", "a b", "-x", "git.example:port", "x@y"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no name of a host"):
        host_named(name)


@pytest.mark.parametrize(
    ("rest", "graphql", "complaint"),
    [
        ("http://git.example/api", "http://git.example/graphql", "not encrypted"),
        ("https://git.example/api", "https://other.example/graphql", "two hosts"),
        ("https://me:word@git.example/api", "https://git.example/graphql", "no address of an API"),
        ("https://git.example/api?x=1", "https://git.example/graphql", "no address of an API"),
    ],
)
def test_settings_that_would_lose_a_token_are_refused(rest: str, graphql: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Host(rest, graphql, "https://git.example")


@pytest.mark.parametrize(
    "login", ["", "-", "--upload-pack=x", "a/b", "../x", "a b", "a?x", "a#x", "a%2f", "é", "a\n", "a" * 101, ".", "a@b"]
)
def test_what_is_no_login_never_becomes_a_path(login: str) -> None:
    with pytest.raises(UsageError):
        login_part(login)
    with pytest.raises(UsageError):
        repository_part(f"{login}/name")


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "a b", "a?x", "a#x", "%2e", "é", "a\n", "a" * 101])
def test_what_is_no_repository_never_becomes_a_path(name: str) -> None:
    with pytest.raises(UsageError):
        repository_part(f"owner/{name}")


def test_names_pass() -> None:
    assert repository_part("ada-l/engine.rs_2") == ("ada-l", "engine.rs_2")
    assert login_part("ada_corp") == "ada_corp"


def test_a_redirect_is_seen_from_where_it_was_found() -> None:
    assert joined("https://api.github.com/repos/a/b", "/repositories/1") == "https://api.github.com/repositories/1"
    assert joined("https://api.github.com/repos/a/b", "https://[broken") == ""
