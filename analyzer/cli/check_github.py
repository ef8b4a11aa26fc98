"""Whether GitHub can be asked, and what the token may do. With a token that costs one request, without one none."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from analyzer.cli.check import BAD, OK, WARN, Check
from analyzer.credentials import token_for, variables
from analyzer.errors import AuthenticationFailed, RateLimited, ServiceError, ServiceFailed, UsageError
from analyzer.github.client import Client
from analyzer.github.host import Host, host_given
from analyzer.github.token import Token
from analyzer.github.token_report import TokenReport
from analyzer.report.words import count

TOKEN = "token"  # noqa: S105
"""The check that ends in the exit code for a refused token."""

_SOON_DAYS = 14
_FEW_POINTS = 25
"""What the largest account may cost."""

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_DATES = ("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S %z")


def checks(name: str, file: Path | None, *, is_offline: bool) -> Iterator[Check]:
    """The host of that name, the token for it, and what GitHub says to it."""
    try:
        host = host_given(name)
    except UsageError as error:
        yield Check("github", BAD, error.message, error.way_out)
        return
    try:
        token = token_for(host, file)
    except AuthenticationFailed as error:
        yield Check("github", OK, f"{_named(host)} was not asked, as the token is none")
        yield Check(TOKEN, BAD, error.message, _make_one(host))
        return
    if file is not None and file.is_file() and file.stat().st_mode & 0o077:
        yield Check("token file", WARN, f"others on this machine can read {file}", f"Run `chmod 600 {file}`.")
    if token is None:
        yield Check("github", OK, f"{_named(host)} was not asked, as there is no token")
        found = "none: repositories are listed and cloned; contributions, releases and deployments are not told"
        yield Check(TOKEN, WARN, found, _make_one(host))
    elif is_offline:
        yield Check("github", OK, f"{_named(host)} was not asked (--offline)")
        yield Check(TOKEN, OK, f"there is one from {token.place}, not tried (--offline)")
    else:
        yield from _asked(host, token)


def _asked(host: Host, token: Token) -> Iterator[Check]:
    try:
        with Client(token, host, patience=0.0, retries=1) as client:
            report = client.check()
    except AuthenticationFailed:
        yield Check("github", OK, f"{_named(host)} answers")
        found = f"{_named(host)} does not accept the one from {token.place}: misspelt, ended or revoked"
        yield Check(TOKEN, BAD, found, _make_one(host))
    except RateLimited as error:
        yield Check("github", OK, f"{_named(host)} answers")
        yield Check("limits", WARN, error.message, error.way_out)
    except (ServiceFailed, UsageError) as error:
        proxy = "" if host.is_loopback else next((name for name in _PROXIES if os.environ.get(name)), "")
        found = f"{_named(host)}: {error.message}"
        yield Check(
            "github", BAD, f"{found} The way goes through the proxy of {proxy}." if proxy else found, error.way_out
        )
    except ServiceError as error:
        found = f"{_named(host)} does not answer as GitHub's API does: {error.message}"
        yield Check("github", BAD, found, "Check the name given with --host or in GH_HOST.")
    else:
        yield Check("github", OK, f"{_named(host)} answers")
        yield from judged(report, host, token.place, time.time())


def judged(report: TokenReport, host: Host, place: str, now: float) -> Iterator[Check]:
    """What GitHub told about the token from that place. ``now`` is in seconds since 1970."""
    yield _rights(report, host, f"from {place}, of {report.login or 'an app'}")
    ends = _date(report.expires)
    if ends is not None:
        days = int((ends.timestamp() - now) // 86_400)
        soon = f"in {count(days, 'day')}" if days > 0 else "within a day"
        when = f"on {ends:%Y-%m-%d}, {soon}"
        is_soon = days < _SOON_DAYS
        yield Check("token end", WARN if is_soon else OK, when, _make_one(host) if is_soon else "")
    yield _limits(report)


def _rights(report: TokenReport, host: Host, whose: str) -> Check:
    if report.can_write:
        found = f"{whose}: it may do more than read ({', '.join(report.can_write)}), and Shiptrace only reads"
        return Check(TOKEN, WARN, found, _make_one(host))
    if report.scopes is None:
        found = f"{whose}: of a kind (fine-grained, or an app's) whose rights GitHub does not tell"
        advice = f"Look at {host.git}/settings/tokens that it may read public repositories and nothing else."
        return Check(TOKEN, WARN, found, advice)
    scopes = f" ({', '.join(report.scopes)})" if report.scopes else ""
    return Check(TOKEN, OK, f"{whose}: it may only read{scopes}")


def _limits(report: TokenReport) -> Check:
    graphql, core = report.points.get("graphql"), report.points.get("core")
    if graphql is None or core is None:
        return Check("limits", OK, "none by the hour")
    found = f"{graphql.remaining:,} of {graphql.limit:,} points, {core.remaining:,} of {core.limit:,} requests left"
    if graphql.remaining >= _FEW_POINTS:
        return Check("limits", OK, found)
    if not graphql.limit:
        return Check("limits", WARN, found, "GitHub gives this token no points, so only repositories are listed.")
    again = datetime.fromtimestamp(graphql.resets_at, UTC)
    return Check("limits", WARN, found, f"Go on at {again:%H:%M} UTC, when there are new ones.")


def _make_one(host: Host) -> str:
    """How to make a token without any scope."""
    name = variables(host)[0]
    return (
        f"Make one at {host.git}/settings/tokens/new without ticking any scope, and put it into {name} "
        "or into a file for --token-file."
    )


def _named(host: Host) -> str:
    return urlsplit(host.rest).netloc


def _date(text: str) -> datetime | None:
    """GitHub's way to write when a token ends; None for none, and for one that we do not know."""
    for form in _DATES:
        try:
            date = datetime.strptime(text, form)
        except ValueError:
            continue
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    return None
