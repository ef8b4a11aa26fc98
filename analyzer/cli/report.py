"""``shiptrace report``: one person's work, for people and for scripts, from repositories or from the store."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from analyzer import store
from analyzer.cli import outcome, page, portfolio, profile
from analyzer.errors import ShiptraceError, UnknownCandidate, UsageError
from analyzer.identity import check_login
from analyzer.model import Dossier
from analyzer.report import html, json_, markdown, story, terminal
from analyzer.report.clean import printable

_WITH_PATHS = {
    "login": "--as",
    "emails": "--identity",
    "as_of": "--as-of",
    "delete_after": "--delete-after",
    "cohort": "--cohort",
}


@click.command("report")
@click.argument("given", metavar="LOGIN | PATH...", nargs=-1, required=True)
@portfolio.options
@page.options
@click.option("--no-store", is_flag=True, help="Keep nothing: repositories are read and shown only.")
def command(
    given: Sequence[str],
    shape: page.Format | None,
    file: Path | None,
    is_opened: bool,
    no_store: bool,
    **options: Unpack[portfolio.Options],
) -> int:
    """Show what one person built, shipped and kept running: from local repositories (PATH...) or the store (LOGIN).

    Paths are read as by `shiptrace scan`. A bare word or the address of a GitHub profile is a login; a folder that is
    there, or anything with `./`, `/` at the start or more slashes than a profile has, is a path.
    The file of -o decides the format by its ending when --format is not given. An HTML page that would fill the
    terminal goes to shiptrace-LOGIN.html.
    """
    wish = page.wished(shape, file, is_opened=is_opened)
    logins = [login for login in map(login_of, given) if login is not None]
    if not logins:
        if no_store and options["cohort"]:
            raise UsageError("--cohort needs the store.", "Leave out --no-store or --cohort.")
        work = portfolio.work(given, options)
        read = outcome.mine(work, None if no_store else portfolio.store_of(options), options)
        _deliver(read.dossier, wish)
        return outcome.exit_code(read)
    if len(given) > 1 and len(logins) == len(given):
        raise UsageError("A report is about one person.", "`shiptrace compare` puts several side by side.")
    if len(given) > 1:
        said = " and ".join(printable(login) for login in logins)
        raise UsageError(f"Logins and paths do not mix, and {said} is no folder here.", "Write ./NAME for a path.")
    _deliver(_stored(logins[0], options, no_store=no_store), wish)
    return outcome.DONE


def login_of(argument: str) -> str | None:
    """The login that an argument names, None for a path."""
    login = profile.login_in(argument)
    if Path(argument).is_dir() or (login is None and "/" in argument):
        return None
    return login or argument


# --- from the store --------------------------------------------------------


def _stored(login: str, options: portfolio.Options, *, no_store: bool) -> Dossier:
    """The stored dossier; what else was given must not be left unheard."""
    check_login(login)
    unheard = [flag for name, flag in _WITH_PATHS.items() if options.get(name)]
    unheard += ["--no-store"] if no_store else []
    if unheard:
        raise UsageError(
            f"{', '.join(unheard)} cannot change what is stored of {login}.",
            f"Give the paths of repositories as well, or leave it out; ./{login} would be a path.",
        )
    path = portfolio.store_of(options)
    try:
        if not path.exists():
            raise UnknownCandidate(f"There is no store {printable(str(path))} yet, so {login} is not in it.")
        dossier = store.read(path, login)
    except UnknownCandidate as unknown:
        raise _not_collected(login, options, unknown) from unknown
    if options["basis"] or options["purpose"]:
        click.echo(f"shiptrace: {login} is stored already; --basis and --purpose were not needed.", err=True)
    return dossier


def _not_collected(login: str, options: portfolio.Options, unknown: UnknownCandidate) -> ShiptraceError:
    """What somebody can do about a login that is not stored. Collecting needs a reason, and is not there yet."""
    if options["basis"] and options["purpose"]:
        return ShiptraceError(
            f"{unknown.message} This version cannot collect from GitHub yet.",
            f"Clone their repositories and run: shiptrace report PATH... --as {login} --identity EMAIL",
        )
    again = ["shiptrace", "report", login, "--basis", options["basis"] or "applied"]
    again += ["--purpose", options["purpose"] or "why you look at this person"]
    again += ["--db", options["db"]] if options["db"] else []
    return UsageError(
        f"{unknown} To collect from GitHub it has to be said why you may look (applied, consented or self) and what "
        "for. The whole command:\n",
        f"    {shlex.join(again)}",
    )


# --- showing it ------------------------------------------------------------


def _deliver(dossier: Dossier, wish: page.Wish) -> None:
    page.deliver(_text(dossier, wish), wish, f"shiptrace-{check_login(dossier.candidate.login)}")


def _text(dossier: Dossier, wish: page.Wish) -> str:
    match wish.format:
        case "html":
            return html.render(dossier)
        case "json":
            return json_.render(dossier)
        case "md":
            return markdown.render(story.of(dossier))
        case "terminal":
            return terminal.render(story.of(dossier), wish.columns, colour=wish.has_colour)
