"""What ``scan``, ``report`` and ``collect`` share: whose work is read, as of when and why; and reading folders."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypedDict

import click

from analyzer import config, pipeline
from analyzer.cli.progress import Progress
from analyzer.consent import BASES, Basis
from analyzer.errors import UsageError
from analyzer.identity import Roles, candidate_for, check_login
from analyzer.model import Candidate, IdentitySource
from analyzer.report.clean import printable
from analyzer.store import default_path

MAX_LISTED = 20
_NAMED = re.compile(r"(?P<path>.+)=(?P<name>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100})")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://.*|git@.*", re.IGNORECASE)
_DAY = click.DateTime(["%Y-%m-%d"])


class PersonOptions(TypedDict):
    """The options about a person as click gives them; None where one was not given."""

    emails: tuple[str, ...]
    as_of: datetime | None
    db: str | None
    cohort: str | None
    basis: Basis | None
    purpose: str | None
    delete_after: datetime | None


class Options(PersonOptions):
    """With the login, where the arguments are folders."""

    login: str | None


_AS = click.option("--as", "login", metavar="LOGIN", help="The candidate's GitHub login.")
_PERSON = (
    click.option("--identity", "emails", metavar="EMAIL", multiple=True, help="An address of theirs; repeatable."),
    click.option("--as-of", type=_DAY, metavar="DATE", help="The day to judge from, YYYY-MM-DD (default: today, UTC)."),
    click.option(
        "--basis",
        type=click.Choice(BASES),
        envvar="SHIPTRACE_BASIS",
        default=lambda: config.load(Path()).basis,
        help="Why you may look: they applied, agreed, or are yourself.",
    ),
    click.option(
        "--purpose",
        metavar="TEXT",
        envvar="SHIPTRACE_PURPOSE",
        default=lambda: config.load(Path()).purpose,
        help="What you look for, such as the position; kept with the person.",
    ),
    click.option("--delete-after", type=_DAY, metavar="DATE", help="The day after which the person is to be erased."),
    click.option("--cohort", metavar="NAME", help="Put the person into this cohort of the store."),
    click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder)."),
)


def options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command all of them, which it takes as ``**options: Unpack[Options]``."""
    return _AS(person_options(command))


def person_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command those about a person, which it takes as ``**options: Unpack[PersonOptions]``."""
    for option in reversed(_PERSON):
        command = option(command)
    return command


def store_of(options: PersonOptions) -> Path:
    """The DuckDB file."""
    return Path(options["db"]) if options["db"] else default_path()


def work(paths: Sequence[str], options: Options) -> Callable[[Progress], pipeline.Portfolio]:
    """What reads the repositories, once everything that the user said was checked; raises :class:`UsageError`."""
    login = options["login"]
    if login is None:
        raise UsageError("It is not said whose work to look for.", "Add --as LOGIN, the person's GitHub login.")
    check_login(login)
    check_reason(options)
    as_of = as_of_day(options)
    if "" in paths:
        raise UsageError("One of the paths is empty.", "Write . for the current folder.")
    targets = [_target(path) for path in paths]
    candidate = _candidate(login, options["emails"], targets)
    return lambda progress: pipeline.scan(targets, candidate, as_of, progress)


def as_of_day(options: PersonOptions) -> date:
    """The day to judge from."""
    return options["as_of"].date() if options["as_of"] else _today()


def check_reason(options: PersonOptions) -> None:
    """Raise :class:`UsageError` for a reason that says nothing and for a day that has passed."""
    if options["purpose"] is not None and not options["purpose"].strip():
        raise UsageError("--purpose is empty.", "Say in a few words what you look at this person for.")
    if options["delete_after"] is not None and options["delete_after"].date() <= _today():
        raise UsageError("--delete-after lies in the past.", "Give a day to come, or erase with `shiptrace forget`.")


def _today() -> date:
    return datetime.now(UTC).date()


# --- repositories and people -----------------------------------------------


def _target(argument: str) -> pipeline.Target:
    if _ADDRESS.fullmatch(argument):
        raise UsageError(f"{argument!r} is an address.", f"Clone it first: git clone {printable(argument)}")
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
    if not authors or any(roles.is_candidate(author.person) for author in authors):
        return candidate  # without any author nothing can be read, and the scan says why
    return candidate_for(login, [_ask(login, authors)])


def _ask(login: str, authors: Sequence[pipeline.Author]) -> str:
    shown = authors[:MAX_LISTED]
    click.echo(f"Which of these authors is {login}?", err=True)
    for n, author in enumerate(shown, 1):
        name, email = printable(author.person.name), printable(author.person.email)
        click.echo(f"{n:>3}  {author.n_commits:>6} commits  {name} <{email}>", err=True)
    if len(authors) > len(shown):
        click.echo(f"     and {len(authors) - len(shown)} more with fewer commits", err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("No address of the candidate is known.", "Repeat the command with --identity EMAIL.")
    chosen: int = click.prompt("Number", type=click.IntRange(1, len(shown)), err=True)
    return shown[chosen - 1].person.email
