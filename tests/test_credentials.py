"""Which token is taken for which host."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzer.credentials import token_for
from analyzer.errors import AuthenticationFailed
from analyzer.github.host import GITHUB, Host, host_at, host_named

OTHER = host_named("git.company.example")


@pytest.fixture(autouse=True)
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``gh`` that tells a token for github.com, and writes down how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "gh"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n[ "$4" = github.com ] || exit 1\necho from_gh\n', "utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return program


def _told(host: Host, file: Path | None = None, **environment: str) -> str | None:
    token = token_for(host, file, {"PATH": os.environ["PATH"], **environment})
    return token.reveal() if token else None


def test_the_first_place_decides(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from_file\n", "ascii")
    assert _told(GITHUB, file, GH_TOKEN="from_env") == "from_file"
    assert _told(GITHUB, GH_TOKEN="first", GITHUB_TOKEN="second") == "first"
    assert _told(GITHUB, GH_TOKEN=" ", GITHUB_TOKEN="second") == "second"
    assert not (tmp_path / "called").exists()
    assert _told(GITHUB) == "from_gh"


def test_nobody_is_asked_for_a_token_for_this_machine(tmp_path: Path) -> None:
    assert _told(host_at("http://127.0.0.1:1")) is None
    assert not (tmp_path / "called").exists()


def test_a_token_for_github_goes_nowhere_else() -> None:
    assert _told(OTHER, GH_TOKEN="first", GITHUB_TOKEN="second") is None
    assert _told(host_at("http://127.0.0.1:1"), GH_TOKEN="first") is None
    assert _told(OTHER, GH_ENTERPRISE_TOKEN="third") == "third"
    assert _told(GITHUB, GH_ENTERPRISE_TOKEN="third") == "from_gh"


def test_without_gh_there_is_none(gh: Path) -> None:
    gh.unlink()
    gh.with_name("git").symlink_to("/nowhere")
    assert token_for(GITHUB, None, {"PATH": str(gh.parent)}) is None


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff\xfe", b"x" * 2_000])
def test_what_cannot_be_a_token_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    with pytest.raises(AuthenticationFailed) as caught:
        token_for(GITHUB, file, {})
    assert "two words" not in str(caught.value)
    with pytest.raises(AuthenticationFailed, match="cannot be read"):
        token_for(GITHUB, tmp_path / "none", {})


def test_a_token_knows_where_it_was_found(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("secret\n", "ascii")
    places = [
        token_for(GITHUB, file),
        token_for(GITHUB, None, {"GITHUB_TOKEN": "secret"}),
        token_for(GITHUB, None, {"PATH": os.environ["PATH"]}),
    ]
    assert [token.place for token in places if token] == [f"the file {file}", "GITHUB_TOKEN", "`gh auth token`"]
    with pytest.raises(AuthenticationFailed, match="The token from GH_TOKEN holds white space"):
        token_for(GITHUB, None, {"GH_TOKEN": "two words"})
