"""REST: pages, redirects and kept answers, and nothing outside of the API."""

from __future__ import annotations

import gzip
import json
import logging
import pickle
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from analyzer.errors import AnswerUnusable, AuthenticationFailed, NotVisible, ServiceFailed
from analyzer.github import queries
from analyzer.github.budget import Budget
from analyzer.github.client import MOST_LISTED_PAGES
from analyzer.github.client.line import Line
from analyzer.github.etags import EtagStore, Kept, Key
from analyzer.github.host import GITHUB, host_at, host_named
from analyzer.github.token import Token
from analyzer.github.wire import REST, Request, judge
from tests.github.stage import SECRET, Scripted, Stage, StageClock, answer

API = "https://api.github.com"


def repository(number: int, **other: Any) -> dict[str, Any]:
    """A repository as REST shows it."""
    return {"id": number, "full_name": f"ada/r{number}", "owner": {"login": "ada", "type": "User"}, **other}


def link(url: str) -> str:
    """A header that names the next page."""
    return f'<{url}>; rel="next", <{API}/last>; rel="last"'


# --- pages and redirects ---------------------------------------------------


def test_pages_are_followed_as_they_are_given() -> None:
    second = f"{API}/user/7/repos?per_page=100&page=2"
    stage = Stage(
        [
            answer(200, [repository(1), repository(2, private=True)], link=link(second)),
            answer(200, [repository(3, mirror_url="https://x.example", size=12)], link=f'<{API}/x>; rel="prev"'),
        ]
    )
    with stage.client() as client:
        pages = list(client.repositories("ada"))
    assert [[found.ref.full_name for found in page.items] for page in pages] == [["ada/r1"], ["ada/r3"]]
    assert (pages[1].items[0].is_mirror, pages[1].items[0].ref.disk_kb) == (True, 12)
    assert [str(request.url) for request in stage.requests][1] == second


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/repos?page=2",
        "http://api.github.com/users/ada/repos?page=2",
        "https://api.github.com@evil.example/",
        "https://api.github.com.evil.example/",
        "https://api.github.com:444/",
    ],
)
def test_a_next_page_or_redirect_elsewhere_is_refused(url: str) -> None:
    stage = Stage([answer(200, [], link=link(url)), answer(301, {}, location=url)])
    with stage.client() as client:
        with pytest.raises(AnswerUnusable, match="outside of GitHub's API"):
            list(client.repositories("ada"))
        with pytest.raises(AnswerUnusable, match="outside of GitHub's API"):
            client.repository("ada/r1")
    assert {request.url.host for request in stage.requests} == {"api.github.com"}
    assert len(stage.requests) == 2


def test_a_list_in_a_circle_and_one_without_end_are_refused() -> None:
    circle = Stage([answer(200, [], link=link(f"{API}/a?page=1")) for _ in range(9)])
    with circle.client() as client, pytest.raises(AnswerUnusable, match="does not end"):
        list(client.listed("/a", "test"))
    assert len(circle.requests) == 2

    def another(_: httpx.Request) -> httpx.Response:
        return answer(200, [], link=link(f"{API}/a?page={len(endless.requests)}"))

    endless = Stage([another] * 10_000)
    with endless.client() as client, pytest.raises(AnswerUnusable, match="does not end"):
        list(client.listed("/a", "test"))
    assert len(endless.requests) == MOST_LISTED_PAGES


def test_a_renamed_repository_is_found_under_its_new_name() -> None:
    stage = Stage([answer(301, {}, location=f"{API}/repositories/5"), answer(200, repository(5))])
    with stage.client() as client:
        assert client.repository("ada/old-name").ref.full_name == "ada/r5"
    assert stage.requests[1].headers["authorization"] == f"Bearer {SECRET}"
    moving = Stage([answer(302, {}, location=f"/repositories/{n}") for n in range(9)])
    with moving.client() as client, pytest.raises(AnswerUnusable, match="moved more than 5 times"):
        client.repository("ada/old-name")
    gone = Stage([answer(404)])
    with gone.client() as client, pytest.raises(NotVisible):
        client.repository("ada/old-name")


def test_enterprise_and_loopback() -> None:
    stage = Stage([answer(200, repository(1)), answer(200, repository(1))])
    with stage.client(host=host_named("git.company.example")) as client:
        client.repository("ada/r1")
    with stage.client(host=host_at("http://127.0.0.1:8080")) as client:
        client.repository("ada/r1")
    assert [str(request.url) for request in stage.requests] == [
        "https://git.company.example/api/v3/repos/ada/r1",
        "http://127.0.0.1:8080/repos/ada/r1",
    ]


@pytest.mark.parametrize("body", [{}, "text", 5, [5]])
def test_a_list_of_something_else_is_refused(body: Any) -> None:
    stage = Stage([answer(200, json.dumps(body))])
    with stage.client() as client, pytest.raises(AnswerUnusable):
        list(client.repositories("ada"))


# --- sizes -----------------------------------------------------------------


def test_large_answers_are_not_taken_in() -> None:
    bomb = gzip.compress(b" " * (256 * 1024 * 1024), 9)
    blocks = [bomb[at : at + 65_536] for at in range(0, len(bomb), 65_536)]  # as httpx reads from a socket
    packed = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Pieces(blocks))
    plain = httpx.Response(200, stream=Pieces([b"x" * 65_536] * 10_000))
    for response in (packed, plain):
        stage = Stage([response])
        tracemalloc.start()
        with stage.client() as client, pytest.raises(AnswerUnusable, match="more than 8,388,608 bytes"):
            client.repository("ada/r1")
        assert tracemalloc.get_traced_memory()[1] < 200 * 1024 * 1024
        tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "deflate"])
def test_other_packing_is_refused_unopened(coding: str) -> None:
    stage = Stage([httpx.Response(200, headers={"content-encoding": coding}, stream=Pieces([b"x"]))])
    with stage.client() as client, pytest.raises(AnswerUnusable, match="packed"):
        client.repository("ada/r1")


def test_an_answer_that_never_ends_is_cut() -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Pieces([b" "] * 1000, before=lambda: stage.clock.sleep(1)))

    stage = Stage([slow] * 4)
    with stage.client() as client, pytest.raises(ServiceFailed, match="did not come to its end"):
        client.repository("ada/r1")


class Pieces(httpx.SyncByteStream):
    """A body that comes piece by piece."""

    def __init__(self, pieces: list[bytes], before: Any = None) -> None:
        self._pieces = pieces
        self._before = before

    def __iter__(self) -> Any:
        for piece in self._pieces:
            if self._before:
                self._before()
            yield piece


# --- kept answers ----------------------------------------------------------


def test_an_unchanged_answer_comes_from_the_store(tmp_path: Path) -> None:
    etag, second = 'W/"abc"', f"{API}/user/7/repos?page=2"
    stage = Stage(
        [
            answer(200, [repository(1)], etag=etag, link=link(second)),
            answer(200, [repository(2)]),
            answer(304, etag=etag),
            answer(200, [repository(2)]),
        ]
    )
    with stage.client(etags=EtagStore(tmp_path / "kept")) as client:
        first = [page.items for page in client.repositories("ada")]
        assert [page.items for page in client.repositories("ada")] == first
    assert stage.requests[2].headers["if-none-match"] == etag
    assert "if-none-match" not in stage.requests[3].headers
    assert client.budget.n_unchanged == 1


def test_a_changed_answer_replaces_the_kept_one_and_tokens_do_not_share(tmp_path: Path) -> None:
    store = EtagStore(tmp_path)
    stage = Stage(
        [
            answer(200, repository(1), etag='"1"'),
            answer(200, repository(2), etag='"2"'),
            answer(304),
            answer(200, repository(3), etag='"3"'),
        ]
    )
    with stage.client(etags=store) as client:
        numbers = [client.repository("ada/r").ref.number for _ in range(3)]
    with stage.client(etags=store, token=Token("other")) as client:
        numbers.append(client.repository("ada/r").ref.number)
    assert numbers == [1, 2, 2, 3]
    assert [request.headers.get("if-none-match") for request in stage.requests] == [None, '"1"', '"2"', None]


def test_nothing_personal_is_kept(tmp_path: Path) -> None:
    person = {"login": "ada", "id": 7, "name": "Ada L.", "email": "ada@work.example", "company": "Engines", "bio": "x"}
    found = repository(1, description="write to ada@work.example", owner={**person, "type": "User"}, size=3)
    etag = '"1"'
    stage = Stage([answer(200, person, etag=etag), answer(200, [found], etag=etag), answer(304), answer(304)])
    with stage.client(etags=EtagStore(tmp_path)) as client:
        first = client.account("ada"), list(client.repositories("ada"))
        assert (client.account("ada"), list(client.repositories("ada"))) == first
    stored = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "r1" in stored
    assert [word for word in ("work.example", "Ada L.", "Engines", SECRET) if word in stored] == []


KEY = Key(f"{API}/repos/ada/r1", "")


DAMAGES: list[Callable[[str], str]] = [
    lambda text: text[:0],
    lambda text: text[: len(text) // 2],
    lambda text: text.replace("ada", "eve"),
    lambda text: text.replace("W/", "X/"),
    lambda _: "[]",
    lambda _: '{"body": 5}',
    lambda _: "\x00\xff",
    lambda _: "[" * 100_000,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_dropped(tmp_path: Path, damage: Callable[[str], str]) -> None:
    store = EtagStore(tmp_path)
    store.keep(KEY, Kept('W/"1"', "", b'{"login": "ada"}'))
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.find(KEY) == Kept('W/"1"', "", b'{"login": "ada"}')
    path.write_text(damage(path.read_text()), "latin-1")
    assert store.find(KEY) is None
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_kept_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    EtagStore(tmp_path / "file").keep(KEY, Kept('"1"', "", b"{}"))
    store = EtagStore(tmp_path / "kept")
    for etag in ("no quotes", '"ä"', '"a\r\nX-Evil: 1"', "", '"' + "a" * 300 + '"'):
        store.keep(KEY, Kept(etag, "", b"{}"))
    store.keep(KEY, Kept('"1"', "", b" " * 5_000_000))
    assert not (tmp_path / "kept").exists()
    store.keep(KEY, Kept('"1"', "", b"{}"))
    store.clear()
    assert list((tmp_path / "kept").iterdir()) == []


# --- the token -------------------------------------------------------------


def test_the_token_is_found_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A run with every kind of failure, at DEBUG: no log, error, traceback with locals, or file holds the token."""
    caplog.set_level(logging.DEBUG)
    script: list[Scripted] = [
        answer(200, repository(1), etag='"1"'),
        *[httpx.ConnectError("no route", request=httpx.Request("GET", API))] * 4,
        answer(401, {"message": "Bad credentials"}),
        answer(301, {}, location="https://evil.example/"),
        httpx.Response(200, stream=Pieces([b"x" * 65_536] * 200)),
        answer(403, {"message": "API rate limit exceeded"}, retry_after="999"),
    ]
    stage = Stage(script)
    told: list[str] = []
    with stage.client(etags=EtagStore(tmp_path)) as client:
        client.repository("ada/r1")
        told += [repr(client), repr(vars(client)), repr(client.budget)]
        for _ in range(5):
            try:
                client.repository("ada/r2")
            except Exception as error:  # noqa: BLE001  whatever comes, it must not show the token
                shown = traceback.TracebackException.from_exception(error, capture_locals=True)
                told += ["".join(shown.format()), repr(error), pickle.dumps(error).decode("latin-1")]
    told += [record.getMessage() + repr(vars(record)) for record in caplog.records]
    told += [path.read_text("utf-8") for path in tmp_path.iterdir()]
    assert len(told) > 20
    assert [text for text in told if SECRET in text or "canary" in text] == []
    assert all(request.headers["authorization"] == f"Bearer {SECRET}" for request in stage.requests)
    assert all(request.url.host == "api.github.com" for request in stage.requests)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "ghp canary", "ghp_canary\nX-Evil: 1", "ghp_canary\x00", "ghp_cänary", "ghp_canary\u200b", "x" * 1025],
)
def test_an_unusable_token_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(AuthenticationFailed) as caught:
        Token(text)
    assert caught.value.exit_code == 4
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [line for line in shown.format() if "tests/github" not in line]
    assert "canary" not in "".join(ours)


def test_a_token_shows_itself_to_nobody() -> None:
    token = Token(f" {SECRET}\n")
    assert token.reveal() == SECRET
    assert "canary" not in f"{token!r} {token} {[token]} {token.fingerprint}"
    assert len(token.fingerprint) == 16
    assert token.fingerprint != Token("other").fingerprint
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_questions_go_to_the_pinned_host_only() -> None:
    stage = Stage([answer(307, {}, location="https://evil.example/graphql")])
    with stage.client() as client, pytest.raises(AnswerUnusable):
        client.one(queries.profile("ada"))
    assert len(stage.requests) == 1


def test_the_token_stays_even_where_nobody_checked_the_address() -> None:
    seen: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(200, {})

    line = Line(
        Token(SECRET),
        GITHUB,
        Budget(),
        patience=1,
        on_wait=None,
        clock=StageClock(),
        transport=httpx.MockTransport(record),
    )
    for url in (f"{API}/user", "https://evil.example/user", "http://api.github.com/user"):
        line.settled(Request(url, "test", REST), judge)
    line.close()
    assert ["authorization" in request.headers for request in seen] == [True, False, False]
