"""What the doctor says of a token and of a GitHub, and with which code it ends."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import check_github
from analyzer.cli.check import Check
from analyzer.demo.simulator import Grant, Simulator
from analyzer.demo.simulator.faults import FAULTS, Rule, Said
from analyzer.github.clock import Clock
from analyzer.github.host import GITHUB, host_named
from analyzer.github.records import Points
from analyzer.github.token_report import TokenReport
from tests.cli.conftest import CANARY, Doctor, Shiptrace
from tests.demo import worlds

NOW = 1_790_000_000.0


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "sleep", _go_on)


def _go_on(_clock: Clock, _seconds: float) -> None:
    """Wait for nothing."""


# --- the token -------------------------------------------------------------


@pytest.mark.parametrize(
    ("grant", "code", "state", "said"),
    [
        (Grant("ada"), 0, "ok", "from GH_ENTERPRISE_TOKEN, of ada: it may only read"),
        (Grant("ada", ("read:org",)), 0, "ok", "it may only read (read:org)"),
        (Grant("ada", ("repo", "read:org")), 0, "warn", "it may do more than read (repo)"),
        (Grant("ada", None), 0, "warn", "of ada: of a kind (fine-grained, or an app's) whose rights"),
        (Grant("", None), 0, "warn", "of an app: of a kind"),
        (None, 4, "bad", "does not accept the one from GH_ENTERPRISE_TOKEN: misspelt, ended or revoked"),
    ],
)
def test_a_token_is_told_by_what_it_may_do(
    found: Doctor, monkeypatch: pytest.MonkeyPatch, grant: Grant | None, code: int, state: str, said: str
) -> None:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", CANARY)
    with Simulator(worlds.world(1), tokens={CANARY: grant} if grant else {}) as sim:
        ended, checks = found("--host", sim.url)
    assert (ended, checks["token"]["state"]) == (code, state)
    assert said in checks["token"]["found"]
    assert checks["github"]["state"] == "ok"
    assert sim.counts.requests == ({"/user": 1, "/rate_limit": 1} if grant else {"/user": 1})
    assert sim.counts.leaks == []


def test_without_a_token_or_offline_nothing_is_asked(found: Doctor, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(CANARY, "ascii")
    file.chmod(0o600)
    with Simulator(worlds.world(1)) as sim:
        code, without = found("--host", sim.url)
        offline_code, offline = found("--host", sim.url, "--token-file", file, "--offline")
        assert f"{sim.url}/settings/tokens/new without ticking any scope" in without["token"]["advice"]
    assert (code, offline_code, sim.counts.n_api) == (0, 0, 0)
    assert (without["token"]["state"], offline["token"]["state"]) == ("warn", "ok")
    assert f"from the file {file}, not tried" in offline["token"]["found"]
    assert "token file" not in offline


def test_a_token_file_that_others_can_read(found: Doctor, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(CANARY, "ascii")
    file.chmod(0o640)
    code, checks = found("--token-file", file, "--offline")
    assert (code, checks["token file"]["advice"]) == (0, f"Run `chmod 600 {file}`.")


@pytest.mark.parametrize("content", ["", f"{CANARY} {CANARY}"])
def test_what_is_no_token_is_not_sent(found: Doctor, tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content, "ascii")
    with Simulator(worlds.world(1)) as sim:
        code, checks = found("--host", sim.url, "--token-file", tmp_path / "token")
    assert (code, checks["token"]["state"], sim.counts.n_api) == (4, "bad", 0)


def test_another_thing_that_is_missing_counts_more_than_the_token(found: Doctor, tmp_path: Path) -> None:
    code, checks = found("--token-file", tmp_path / "none", "--host", "git.company.example/api")
    assert (code, checks["github"]["state"]) == (1, "bad")
    (tmp_path / "shiptrace.toml").write_text("max_size = 0\n", "utf-8")
    code, checks = found("--token-file", tmp_path / "none")
    assert (code, checks["token"]["state"], checks["config"]["state"]) == (1, "bad", "bad")


# --- GitHub ----------------------------------------------------------------


def _asked(found: Doctor, monkeypatch: pytest.MonkeyPatch, **simulated: Any) -> tuple[int, dict[str, dict[str, str]]]:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", CANARY)
    with Simulator(worlds.world(1), **simulated) as sim:
        return found("--host", sim.url)


def test_a_token_that_ends_soon(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = f"{datetime.fromtimestamp(time.time() + 3.5 * 86_400, UTC):%Y-%m-%d %H:%M:%S} UTC"
    told = Said(200, {"login": "ada", "id": 1}, {"github-authentication-token-expiration": ends})
    code, checks = _asked(found, monkeypatch, rules=[Rule(told, on="/user")])
    assert (code, checks["token end"]["state"]) == (0, "warn")
    assert checks["token end"]["found"] == f"on {ends[:10]}, in 3 days"


def test_points_that_run_out(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    code, checks = _asked(found, monkeypatch, limits={"graphql": 7})
    assert (code, checks["limits"]["state"]) == (0, "warn")
    assert checks["limits"]["found"] == "7 of 7 points, 4,999 of 5,000 requests left"
    assert checks["limits"]["advice"].startswith("Go on at ")


@pytest.mark.parametrize(
    ("fault", "code", "name", "said"),
    [
        (FAULTS["rest_secondary_limit_no_header"], 0, "limits", "secondary limit is reached"),
        (Said(404, "<html>Nothing here</html>"), 1, "github", "does not answer as GitHub's API does"),
        (Said(502, "<html>Bad gateway</html>"), 1, "github", "GitHub answered with status 502, 2 times"),
    ],
)
def test_a_github_that_fails(
    found: Doctor, monkeypatch: pytest.MonkeyPatch, fault: Said, code: int, name: str, said: str
) -> None:
    ended, checks = _asked(found, monkeypatch, rules=[Rule(fault, on="/user")])
    assert (ended, checks[name]["state"]) == (code, "bad" if code else "warn")
    assert said in checks[name]["found"]


def test_a_host_that_is_not_there(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", CANARY)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        name = f"127.0.0.1:{reserved.getsockname()[1]}"
        code, checks = found("--host", name)
        assert (code, checks["github"]["found"]) == (1, f"{name}: No connection to GitHub, 2 times.")
    monkeypatch.setenv("ALL_PROXY", f"socks5://ada:{CANARY}@proxy.example")
    monkeypatch.setenv("HTTPS_PROXY", f"socks9://ada:{CANARY}@proxy.example")
    code, checks = found("--host", "git.company.example")
    assert code == 1
    assert checks["github"]["found"].endswith("The way goes through the proxy of HTTPS_PROXY.")


@pytest.mark.usefixtures("found")
def test_nothing_that_a_host_says_steers_the_terminal(shiptrace: Shiptrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", CANARY)
    with Simulator(worlds.world(1), rules=[Rule(Said(200, {"login": "ada\x1b[2J"}), on="/user")]) as sim:
        ended = shiptrace("doctor", "--host", sim.url)
    assert "of ada\\x1b[2J:" in ended.out
    assert "\x1b" not in ended.out
    assert CANARY not in ended.out + ended.err


def _report(expires: str = "", scopes: tuple[str, ...] | None = (), **points: Points) -> TokenReport:
    return TokenReport("ada", scopes, expires, points)


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        ("", None),
        ("whenever", None),
        ("2026-09-21 20:00:00 UTC", ("warn", "on 2026-09-21, within a day")),
        ("2026-09-22 17:00:00 +0200", ("warn", "on 2026-09-22, in 1 day")),
        ("2026-10-05 13:00:00 UTC", ("warn", "on 2026-10-05, in 13 days")),
        ("2026-10-05 08:00:00 -0700", ("ok", "on 2026-10-05, in 14 days")),
    ],
)
def test_when_a_token_ends(expires: str, said: tuple[str, str] | None) -> None:
    checks = {check.name: check for check in check_github.judged(_report(expires), GITHUB, "GH_TOKEN", NOW)}
    end = checks.get("token end")
    assert (end and (end.state, end.found)) == said
    assert checks["limits"] == Check("limits", "ok", "none by the hour")


def test_the_advice_is_for_the_host_and_its_variable() -> None:
    mighty = _report("", ("repo",), graphql=Points(0, 0, 0), core=Points(60, 60, 0))
    (token, limits) = check_github.judged(mighty, host_named("git.company.example"), "GH_ENTERPRISE_TOKEN", NOW)
    assert "https://git.company.example/settings/tokens/new" in token.advice
    assert "GH_ENTERPRISE_TOKEN" in token.advice
    assert limits.advice.startswith("GitHub gives this token no points")
