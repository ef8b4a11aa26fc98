"""``shiptrace collect`` and ``report LOGIN`` against a simulated GitHub: requests and clones as they really go."""

from __future__ import annotations

import json
import os
import pty
import shlex
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from analyzer.demo.simulator import Simulator
from analyzer.demo.simulator.faults import Rule, Said
from analyzer.store import canonical_dump
from tests.cli.conftest import CANARY as SECRET
from tests.cli.conftest import Shiptrace
from tests.demo import worlds
from tests.store.sample import rows

WHY = ("--basis", "applied", "--purpose", "a position")
DAY = ("--as-of", "2024-06-01")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.duckdb"


def _by_kind(sim: Simulator) -> dict[str, int]:
    asked = {name: n for name, n in sim.counts.requests.items() if n and not name.startswith("git")}
    sim.counts.requests.clear()
    return asked


# --- the whole way ---------------------------------------------------------


def test_a_person_is_collected_once_and_then_only_looked_at(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "Ada", "--exclude", "guild/works", "--cohort", "team", *WHY, *DAY)
    assert ended.code == 0, ended.err
    assert "ada: 4 repositories, 3 to read, about 1 minute, " in ended.err
    assert " points" in ended.err
    assert "Next: shiptrace report ada" in ended.err
    assert rows(path, "SELECT login, basis, purpose FROM candidate") == [("ada", "applied", "a position")]
    assert rows(path, "SELECT full_name, state, n_candidate_commits FROM repository ORDER BY 1") == [
        (f"ada/tool-{n:03}", "complete", 2) for n in range(3)
    ]
    assert rows(path, "SELECT count(*) FROM release") == [(3,)]
    assert rows(path, "SELECT count(*) FROM contribution") == [(5,)]
    assert rows(path, "SELECT source, count(*) FROM identity GROUP BY ALL ORDER BY 1") == [
        ("github", 1),
        ("noreply_id", 1),
        ("noreply_login", 1),
    ]
    assert rows(path, "SELECT DISTINCT starts_with(url, 'https://hub.example/ada/') FROM evidence") in ([], [(True,)])
    _by_kind(hub)
    before = canonical_dump(path)
    again = shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    assert (again.code, again.out) == (0, ended.out)
    assert "Nothing new: ada" in again.err
    assert _by_kind(hub) == {"candidate_profile": 1, "candidate_repositories": 1}
    assert canonical_dump(path) == before
    assert hub.counts.leaks == []
    shown = shiptrace("report", "ada", "--json")
    assert json.loads(shown.out)["candidate"]["login"] == "ada"
    assert _by_kind(hub) == {}


def test_news_is_read_and_only_what_is_new_is_cloned(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    whole = hub.world
    hub.world = replace(whole, repositories=whole.repositories[1:])
    shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    hub.world = whole
    hub.counts.requests.clear()
    ended = shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    assert ended.code == 0
    assert hub.counts.requests["git info/refs"] == 1
    assert rows(path, "SELECT count(*) FROM repository") == [(3,)]
    hub.counts.requests.clear()
    ended = shiptrace("collect", "ada", "--exclude", "guild/works", "--again", *WHY, *DAY)
    assert ended.code == 0
    assert "merged_pull_requests" in hub.counts.requests
    assert not [name for name, n in hub.counts.requests.items() if n and name.startswith("git")]
    assert rows(path, "SELECT count(*) FROM run") == [(2,)]


def test_a_report_collects_who_is_not_stored(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("report", "ada", "--exclude", "guild/works", "--no-store", "--json", *WHY, *DAY)
    assert ended.code == 0, ended.err
    assert len(json.loads(ended.out)["repositories"]) == 3
    assert not path.exists()
    ended = shiptrace("report", "https://github.com/ada", "--exclude", "guild/works", *WHY, *DAY)
    assert ended.code == 0
    assert rows(path, "SELECT login FROM candidate") == [("ada",)]
    assert "stored already" in shiptrace("report", "ada", *WHY).err
    assert hub.counts.leaks == []


def test_what_cannot_be_cloned_is_a_gap_and_asked_for_again(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "ada", *WHY, *DAY)
    assert ended.code == 3
    ((state, reason),) = rows(path, "SELECT state, reason FROM repository WHERE full_name = 'guild/works'")
    assert state == "skipped"
    assert "is not visible without signing in" in reason
    assert rows(path, "SELECT DISTINCT source_state FROM run") == [(None,)]
    _by_kind(hub)
    shiptrace("collect", "ada", *WHY, *DAY)
    assert "merged_pull_requests" in _by_kind(hub)


def test_nothing_that_can_be_cloned_leaves_what_was_stored(
    hub: Simulator, shiptrace: Shiptrace, path: Path, tmp_path: Path
) -> None:
    shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    before = canonical_dump(path)
    hub.script.rules.append(Rule(Said(403, "no"), on="git *"))
    ended = shiptrace("collect", "ada", "--again", "--cache", tmp_path / "other", *WHY, *DAY)
    assert (ended.code, ended.out) == (1, "")
    assert "What was stored before is as it was." in ended.err
    assert canonical_dump(path) == before


def test_a_plan_clones_and_stores_nothing(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "ada", "--dry-run", "--max-repositories", "2", *WHY)
    assert ended.code == 0
    assert "read      guild/works  (somebody else's, 5 commits of theirs, 39.1 MB)" in ended.out
    assert ended.out.count("the limit of 2 repositories was reached") == 2
    assert not path.exists()
    assert not [name for name in hub.counts.requests if name.startswith("git")]
    (document,) = json.loads(shiptrace("collect", "ada", "--dry-run", "--json", *WHY).out)
    assert document["state"] == "planned"
    assert len(document["read"]) + len(document["left_out"]) == document["repositories"] == 4


def test_without_a_token(hub: Simulator, shiptrace: Shiptrace, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GH_ENTERPRISE_TOKEN")
    monkeypatch.setenv("GH_TOKEN", SECRET)  # that one is for github.com
    ended = shiptrace("collect", "ada", *WHY, *DAY, "--identity", worlds.EMAIL)
    assert ended.code == 0, ended.err
    assert "without a token GitHub tells the list" in ended.err
    assert "put it into GH_ENTERPRISE_TOKEN" in ended.err
    assert " requests" in ended.err
    assert rows(path, "SELECT sum(n_candidate_commits) FROM repository") == [(6,)]
    assert ("merged pull requests",) in rows(path, "SELECT what FROM gap")
    assert _by_kind(hub) == {"/users/{login}": 1, "/users/{login}/repos": 1}
    assert "Nothing new" in shiptrace("collect", "ada", *WHY, *DAY, "--identity", worlds.EMAIL).err
    assert hub.counts.n_unchanged == 2


# --- who may be asked about ------------------------------------------------


@pytest.mark.parametrize("given", [(), ("--purpose", "a job's sake"), ("--basis", "self")])
def test_no_reason_no_request(hub: Simulator, shiptrace: Shiptrace, path: Path, given: tuple[str, ...]) -> None:
    ended = shiptrace("collect", "ada", "sam", "--cohort", "two words", *given)
    assert (ended.code, ended.out) == (2, "")
    again = shlex.split(ended.err.splitlines()[-1])
    assert again[:6] == ["shiptrace", "collect", "ada", "sam", "--cohort", "two words"]
    assert again.count("--basis") == again.count("--purpose") == 1
    assert _by_kind(hub) == {}
    assert not path.exists()


def test_the_reason_may_stand_in_the_environment_or_the_configuration(
    hub: Simulator, shiptrace: Shiptrace, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shiptrace.toml").write_text('basis = "self"\npurpose = "far"\nmax_repositories = 1\n', "utf-8")
    monkeypatch.setenv("SHIPTRACE_PURPOSE", "near")
    shiptrace("collect", "ada", "--exclude", "guild/works", "--basis", "consented")
    assert rows(path, "SELECT basis, purpose FROM candidate") == [("consented", "near")]
    assert rows(path, "SELECT count(*) FROM repository WHERE state = 'complete'") == [(1,)]
    assert hub.counts.leaks == []


def test_a_new_reason_counts_although_nothing_is_new(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    again = ("--basis", "consented", "--purpose", "another", "--delete-after", "2099-01-01", "--cohort", "late")
    ended = shiptrace("collect", "ada", "--exclude", "guild/works", *again, *DAY)
    assert "Nothing new" in ended.err
    assert rows(path, "SELECT basis, purpose, delete_after::VARCHAR FROM candidate") == [
        ("consented", "another", "2099-01-01")
    ]
    assert rows(path, "SELECT name FROM cohort") == [("late",)]
    assert hub.counts.leaks == []


def test_who_wants_to_be_left_alone_is(hub: Simulator, shiptrace: Shiptrace, path: Path, tmp_path: Path) -> None:
    (tmp_path / "shiptrace.toml").write_text('do_not_contact = ["ADA"]\n', "utf-8")
    for command in ("collect", "report"):
        ended = shiptrace(command, "ada", *WHY)
        assert (ended.code, ended.out) == (2, "")
        assert "do-not-contact list" in ended.err
    assert _by_kind(hub) == {}
    assert not path.exists()


def test_somebody_without_an_account_stays_among_the_others(hub: Simulator, shiptrace: Shiptrace, path: Path) -> None:
    ended = shiptrace("collect", "--without-account", "applicant-7", "--cohort", "team", *WHY)
    assert ended.code == 0
    assert "No public work given: use the interview guide" in ended.out
    assert "applicant-7" in shiptrace("cohort", "show", "team").out
    assert shiptrace("interview", "applicant-7").code == 0
    assert _by_kind(hub) == {}
    shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    ended = shiptrace("collect", "--without-account", "ada", *WHY)
    assert ended.code == 2
    assert rows(path, "SELECT count(*) FROM repository") == [(3,)]


# --- several, and what goes wrong ------------------------------------------


def test_one_that_fails_does_not_stop_the_others(hub: Simulator, shiptrace: Shiptrace) -> None:
    ended = shiptrace("collect", "nobody-here", "ada", "--exclude", "guild/works", *WHY, *DAY)
    assert ended.code == 3
    assert [line.split(": ")[:2] for line in ended.out.splitlines()] == [
        ["nobody-here  failed", "GitHub shows no account nobody-here"],
        ["ada  stored", ANY],
    ]
    alone = shiptrace("collect", "nobody-here", *WHY)
    assert (alone.code, alone.out) == (1, "")
    documents = json.loads(
        shiptrace("collect", "nobody-here", "ada", "--exclude", "guild/works", "--json", *WHY, *DAY).out
    )
    assert [(d["login"], d["state"], d["exit_code"]) for d in documents] == [
        ("nobody-here", "failed", 1),
        ("ada", "unchanged", 0),
    ]
    assert hub.counts.leaks == []


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Said(401, {"message": "Bad credentials"}), 4, "does not accept the token"),
        (Said(200, {"errors": [{"type": "RATE_LIMITED", "message": "wait"}]}, resets_in=3_000), 5, "in about 50 min"),
    ],
)
def test_a_bad_token_and_a_limit_end_all(
    hub: Simulator, shiptrace: Shiptrace, path: Path, fault: Said, code: int, said: str
) -> None:
    hub.script.rules.append(Rule(fault, on="merged_pull_requests"))
    ended = shiptrace("collect", "ada", "sam", *WHY)
    assert ended.code == code
    assert [line.partition(": ")[0] for line in ended.out.splitlines()] == ["ada  not reached", "sam  not reached"]
    assert said in ended.err
    assert SECRET not in ended.out + ended.err
    assert not path.exists()


def test_the_token_is_nowhere(hub: Simulator, shiptrace: Shiptrace, tmp_path: Path) -> None:
    ended = shiptrace("collect", "ada", "--exclude", "guild/works", "--token-file", "token", *WHY)
    assert ended.code == 0
    assert SECRET not in ended.out + ended.err
    written = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "token"]
    assert any("clones" in file.parts for file in written)
    assert not [file for file in written if SECRET.encode() in file.read_bytes()]
    assert hub.counts.leaks == []


def test_forgetting_takes_the_clones_along(hub: Simulator, shiptrace: Shiptrace, tmp_path: Path) -> None:
    shiptrace("collect", "ada", "--exclude", "guild/works", *WHY, *DAY)
    cache = tmp_path / "home" / "cache" / "shiptrace"
    assert len(list((cache / "clones").glob("*.git"))) == 3
    assert shiptrace("forget", "ada", "--yes").code == 0
    known = (b"ada/tool", b"tool-00", worlds.EMAIL.encode())
    left = [file for file in tmp_path.rglob("*") if file.is_file() and any(k in file.read_bytes() for k in known)]
    assert left == []
    assert not list((cache / "clones").iterdir())
    assert hub.counts.leaks == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Nobody is named"),
        (("--without-account", "a-1", "--dry-run"), "Leave out --dry-run"),
        (("ada", "sam", "--identity", "a@b.example"), "--identity is about one person"),
        (("ada", "--include", "tool"), "'tool' is no name of a repository"),
        (("ada", "--host", "git/host"), "no name of a host"),
        (("ada", "--host", "http://git.company.example"), "not encrypted"),
        (("ada", "--max-repositories", "0"), "--max-repositories"),
        (("no login",), "no GitHub login"),
    ],
)
def test_wrong_use_asks_nothing(hub: Simulator, shiptrace: Shiptrace, arguments: tuple[str, ...], said: str) -> None:
    ended = shiptrace("collect", *arguments, *WHY)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert _by_kind(hub) == {}


def test_on_a_terminal_the_reason_is_asked_for(
    hub: Simulator, shiptrace: Shiptrace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = pty.openpty()
    with os.fdopen(there) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        os.write(here, b"curious\nself\nto see myself\n")
        shiptrace("collect", "ada", "--exclude", "guild/works", *DAY)
    os.close(here)
    assert rows(path, "SELECT basis, purpose FROM candidate") == [("self", "to see myself")]
    assert hub.counts.leaks == []
