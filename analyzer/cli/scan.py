"""``shiptrace scan``: local repositories, no network."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from analyzer import pipeline
from analyzer.cli.outcome import deliver
from analyzer.cli.progress import Progress
from analyzer.errors import UsageError
from analyzer.identity import Roles, candidate_for, check_login
from analyzer.model import Candidate, IdentitySource
from analyzer.report.clean import printable
from analyzer.store import default_path

MAX_LISTED = 20
_NAMED = re.compile(r"(?P<path>.+)=(?P<name>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100})")


@click.command("scan")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--as", "login", metavar="LOGIN", required=True, help="The candidate's GitHub login.")
@click.option("--identity", "emails", metavar="EMAIL", multiple=True, help="An address of the candidate; repeatable.")
@click.option("--as-of", metavar="DATE", help="The day to judge from, YYYY-MM-DD (default: today, UTC).")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
@click.option("--json", "as_json", is_flag=True, help="Write the whole dossier as JSON.")
def command(
    paths: Sequence[str], login: str, emails: Sequence[str], as_of: str | None, db: str | None, as_json: bool
) -> int:
    """Read local repositories and show what one person built, shipped and kept running in them.

    PATH is a folder with a git repository; PATH=OWNER/NAME gives it a name for links. Nothing in it is changed or
    executed.
    Every address that stands in the person's commits is given with --identity; GitHub's noreply addresses of LOGIN are
    recognised without.
    """
    check_login(login)
    day = _day(as_of)
    targets = [_target(path) for path in paths]
    candidate = _candidate(login, emails, targets)
    path = Path(db) if db else default_path()
    return deliver(lambda progress: pipeline.scan(targets, candidate, day, progress), path, as_json=as_json)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date.", "Write --as-of as YYYY-MM-DD.") from None


def _target(argument: str) -> pipeline.Target:
    path = Path(argument)
    named = _NAMED.fullmatch(argument)
    if named and not path.exists():
        return pipeline.Target(Path(named["path"]), named["name"])
    return pipeline.Target(path)


def _candidate(login: str, emails: Sequence[str], targets: Sequence[pipeline.Target]) -> Candidate:
    if emails:
        return candidate_for(login, emails)
    configured = pipeline.configured_emails(targets)
    if configured:
        return candidate_for(login, configured, IdentitySource.REPOSITORY_CONFIG)
    candidate = candidate_for(login, ())
    with Progress() as progress:
        authors = pipeline.authors(targets, progress)
    roles = Roles(candidate, {})
    if any(roles.is_candidate(author.person) for author in authors):
        return candidate
    return candidate_for(login, [_ask(login, authors)])


def _ask(login: str, authors: Sequence[pipeline.Author]) -> str:
    shown = authors[:MAX_LISTED]
    click.echo(f"Which of these authors is {login}?", err=True)
    for n, author in enumerate(shown, 1):
        name, email = printable(author.person.name), printable(author.person.email)
        click.echo(f"{n:>3}  {author.n_commits:>6} commits  {name} <{email}>", err=True)
    if len(authors) > len(shown):
        click.echo(f"     and {len(authors) - len(shown)} more with fewer commits", err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or not shown:
        raise UsageError("No address of the candidate is known.", "Repeat the command with --identity EMAIL.")
    chosen: int = click.prompt("Number", type=click.IntRange(1, len(shown)), err=True)
    return shown[chosen - 1].person.email
