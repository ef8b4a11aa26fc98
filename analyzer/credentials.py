"""Where the token comes from. It is handed on as an object that does not show itself.

A token for github.com goes to github.com only: for another host only what is named for it counts, as in GitHub's own
``gh``. The first place that has one decides, so that a wrong token is an error and never quietly another one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from analyzer.errors import AuthenticationFailed
from analyzer.github.host import GITHUB, Host
from analyzer.github.token import Token

FOR_GITHUB = ("GH_TOKEN", "GITHUB_TOKEN")
FOR_OTHERS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
_LARGEST = 4_096
_GH_SECONDS = 5.0


def variables(host: Host) -> tuple[str, ...]:
    """The variables in which a token for this host may stand; GitHub's own is not sent to others."""
    return FOR_GITHUB if host == GITHUB else FOR_OTHERS


def token_for(host: Host, file: Path | None, environment: Mapping[str, str] = os.environ) -> Token | None:
    """The token of the file, else of the environment, else of ``gh``; None when there is none anywhere.

    Raises :class:`AuthenticationFailed` for a file that cannot be read and for what cannot be a token.
    """
    if file is not None:
        return _from_file(file)
    for name in variables(host):
        if text := environment.get(name, "").strip():
            return Token(text, name)
    text = "" if host.is_loopback else _from_gh(host, environment)
    return Token(text, "`gh auth token`") if text else None


def _from_file(file: Path) -> Token:
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST)
    except OSError as error:
        raise AuthenticationFailed(f"The token file {file} cannot be read: {error.strerror}.", "") from error
    if not data.strip():
        raise AuthenticationFailed(f"The token file {file} is empty.", "It holds the token and nothing else.")
    return Token(data.decode("ascii", "replace"), f"the file {file}")


def _from_gh(host: Host, environment: Mapping[str, str]) -> str:
    """What ``gh auth token`` says; empty without ``gh`` and where nobody is logged in."""
    name = host.git.partition("://")[2]
    try:
        done = subprocess.run(
            ["gh", "auth", "token", "--hostname", name],
            capture_output=True,
            timeout=_GH_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**environment, "GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""
