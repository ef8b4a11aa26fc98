"""``candidates``, ``cohort`` and ``forget`` as they are typed: what they print, their exit codes, what they leave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import duckdb
import pytest

from analyzer.store import canonical_dump
from tests.cli.conftest import Shiptrace
from tests.store.sample import RUN, named, rows, running, write


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filled") / "s.duckdb"
    write(path, run=replace(RUN, basis="applied", purpose="ML\x1b[2J engineer", delete_after=date(2020, 1, 1)))
    write(path, named("someone-else"), run=replace(RUN, delete_after=date(2999, 1, 1)))
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, filled: bytes) -> Path:
    """The store, with two candidates."""
    path = tmp_path / "store.duckdb"
    path.write_bytes(filled)
    return path


def test_candidates_are_told_in_words(path: Path, shiptrace: Shiptrace) -> None:
    shiptrace("cohort", "add", "Team A", "octo-builder")
    out = shiptrace("candidates").out
    assert "  Basis: applied, for: ML\\x1b[2J engineer\n" in out
    assert "  In: Team A\n" in out
    assert "DUE: to be erased after 2020-01-01, with `shiptrace forget octo-builder`" in out
    assert "Kept until 2999-01-01." in out
    assert out.endswith("2 candidates, 1 due to be erased\n")
    assert max(map(len, out.splitlines())) <= 80


def test_candidates_as_json(path: Path, shiptrace: Shiptrace) -> None:
    first, second = json.loads(shiptrace("candidates", "--json").out)
    assert (first["login"], first["delete_after"], first["is_due"]) == ("octo-builder", "2020-01-01", True)
    assert (second["login"], second["cohorts"], second["is_due"]) == ("someone-else", [], False)


def test_cohorts_from_the_first_to_the_last_member(path: Path, shiptrace: Shiptrace) -> None:
    def said(*arguments: str) -> str:
        ended = shiptrace("cohort", *arguments)
        assert (ended.code, ended.err) == (0, "")
        return ended.out

    assert said("list") == "No cohorts yet: `shiptrace cohort add NAME LOGIN...` makes one.\n"
    assert said("add", "Team", "Someone-Else", "octo-builder") == "Team (2 candidates): octo-builder, someone-else\n"
    assert json.loads(said("list", "--json")) == [{"name": "Team", "logins": ["octo-builder", "someone-else"]}]
    assert said("remove", "team", "octo-builder") == "Team (1 candidate): someone-else\n"
    assert [c["login"] for c in json.loads(said("show", "team", "--json"))] == ["someone-else"]
    assert "nobody" in said("remove", "team", "someone-else")
    assert said("list", "--json") == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cohort", "add", "team", "octo-bilder"), "Did you mean octo-builder?"),
        (("cohort", "show", "team"), "There is no cohort 'team'"),
        (("cohort", "remove", "team", "octo-builder"), "There is no cohort 'team'"),
        (("forget", "somone-else", "--yes"), "Did you mean someone-else?"),
        (("forget", "octo-builder"), "--yes"),
    ],
)
def test_wrong_names_change_nothing(path: Path, shiptrace: Shiptrace, arguments: tuple[str, ...], said: str) -> None:
    before = canonical_dump(path)
    ended = shiptrace(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert canonical_dump(path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("candidates",),
        ("cohort", "list"),
        ("cohort", "add", "team", "x"),
        ("cohort", "remove", "a", "x"),
        ("forget", "x", "--yes"),
    ],
)
def test_without_a_store_nothing_is_made(tmp_path: Path, shiptrace: Shiptrace, arguments: tuple[str, ...]) -> None:
    ended = shiptrace(*arguments)
    assert ended.code == 1
    assert "There is no store" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("candidates",), ("cohort", "add", "a", "octo-builder"), ("forget", "x", "--yes")]
)
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"SQLite format 3" + bytes(9000), "is no DuckDB file"), (None, "written by a newer Shiptrace")],
)
def test_a_store_that_cannot_be_used_is_left_alone(
    path: Path, shiptrace: Shiptrace, arguments: tuple[str, ...], content: bytes | None, said: str
) -> None:
    if content is None:
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    ended = shiptrace(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err
    assert path.read_bytes() == before


def test_a_store_in_use_names_who_uses_it(path: Path, shiptrace: Shiptrace) -> None:
    code = "store = Store.open(path)\nprint('open', flush=True)\nsys.stdin.read()"
    with running(code, str(path)) as holder:
        ended = shiptrace("forget", "octo-builder", "--yes")
    assert ended.code == 1
    assert f"in use by process {holder.pid}" in ended.err


def test_forget(path: Path, shiptrace: Shiptrace) -> None:
    assert "Forgot octo-builder" in shiptrace("forget", "OCTO-builder", "--yes").out
    assert rows(path, "SELECT login FROM candidate") == [("someone-else",)]
    last = shiptrace("forget", "someone-else", "--yes", "--json")
    assert (last.code, json.loads(last.out)) == (0, {"login": "someone-else", "others": []})
    assert shiptrace("candidates").out == "0 candidates\n"


@pytest.mark.parametrize(("answer", "code", "left"), [(True, 0, 1), (False, 1, 2)])
def test_forget_asks_on_a_terminal(
    path: Path, shiptrace: Shiptrace, monkeypatch: pytest.MonkeyPatch, answer: bool, code: int, left: int
) -> None:
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(click, "confirm", confirm)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert shiptrace("forget", "octo-builder").code == code
    assert "octo-builder (3 repositories)? This cannot be undone." in asked[0]
    assert rows(path, "SELECT count(*) FROM candidate") == [(left,)]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "command",
    [
        ("report", "{}"),
        ("interview", "{}"),
        ("cohort", "add", "backend", "{}"),
        ("cohort", "remove", "backend", "{}"),
        ("forget", "{}", "--yes"),
    ],
)
def test_a_profiles_address_stands_for_its_login(shiptrace: Shiptrace, command: tuple[str, ...]) -> None:
    assert shiptrace("cohort", "add", "backend", "octo-builder").code == 0
    ended = shiptrace(*(part.format("https://github.com/octo-builder/") for part in command))
    assert (ended.code, ended.err) == (0, "")
