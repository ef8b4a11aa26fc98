"""``shiptrace report``: one person's work, for people and for scripts, from repositories or from the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click
from click.core import ParameterSource

from analyzer import store
from analyzer.cli import github, outcome, page, portfolio, profile
from analyzer.cli.collecting import collecting
from analyzer.consent import left_alone
from analyzer.errors import UnknownCandidate, UsageError
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


_TYPED = ParameterSource.COMMANDLINE


class Options(portfolio.Options, github.GitHubOptions):
    """All options that :func:`command` hands on."""


@click.command("report")
@click.argument("given", metavar="LOGIN | PATH...", nargs=-1, required=True)
@portfolio.options
@github.options
@page.options
@click.option("--no-store", is_flag=True, help="Keep nothing: repositories are read and shown only.")
def command(
    given: Sequence[str],
    shape: page.Format | None,
    file: Path | None,
    is_opened: bool,
    no_store: bool,
    **options: Unpack[Options],
) -> int:
    """Show what one person built, shipped and kept running: from local repositories (PATH...) or of a LOGIN.

    Who is in the store is shown from there; others are collected from GitHub first, as by `shiptrace collect`. Paths
    are read as by `shiptrace scan`. A bare word or the address of a GitHub profile is a login; a folder that is there,
    or anything with `./`, `/` at the start or more slashes than a profile has, is a path.
    The file of -o decides the format by its ending when --format is not given. An HTML page that would fill the
    terminal goes to shiptrace-LOGIN.html.
    """
    wish = page.wished(shape, file, is_opened=is_opened)
    logins = [login for login in map(login_of, given) if login is not None]
    if not logins:
        if no_store and options["cohort"]:
            raise UsageError("--cohort needs the store.", "Leave out --no-store or --cohort.")
        if in_vain := github.typed():
            raise UsageError(f"{', '.join(in_vain)}: folders are read as they are.", "That is for logins.")
        work = portfolio.work(given, options)
        read = outcome.mine(work, None if no_store else portfolio.store_of(options), options)
        _deliver(read.dossier, wish)
        return outcome.exit_code(read.dossier)
    if len(given) > 1 and len(logins) == len(given):
        raise UsageError("A report is about one person.", "`shiptrace compare` puts several side by side.")
    if len(given) > 1:
        said = " and ".join(printable(login) for login in logins)
        raise UsageError(f"Logins and paths do not mix, and {said} is no folder here.", "Write ./NAME for a path.")
    return _one(logins[0], options, wish, is_kept=not no_store)


def login_of(argument: str) -> str | None:
    """The login that an argument names, None for a path."""
    login = profile.login_in(argument)
    if Path(argument).is_dir() or (login is None and "/" in argument):
        return None
    return login or argument


# --- a login ---------------------------------------------------------------


def _one(login: str, options: Options, wish: page.Wish, *, is_kept: bool) -> int:
    """Show somebody who is stored, else collect them first."""
    check_login(login)
    path = portfolio.store_of(options)
    stored = _stored(login, path)
    if stored is None:
        code, dossier = _collected(login, options, path if is_kept else None)
        _deliver(dossier, wish)
        return code
    unheard = [flag for name, flag in _WITH_PATHS.items() if options.get(name)]
    unheard += [*github.typed(), *([] if is_kept else ["--no-store"])]
    if unheard:
        raise UsageError(
            f"{', '.join(unheard)} cannot change what is stored of {login}.",
            f"Give the paths of repositories as well, or leave it out; ./{login} would be a path. "
            "`shiptrace collect` asks GitHub again.",
        )
    if any(click.get_current_context().get_parameter_source(name) is _TYPED for name in ("basis", "purpose")):
        click.echo(
            f"shiptrace: {login} is stored already, as of {stored.as_of}; --basis and --purpose were not needed. "
            "`shiptrace collect` asks GitHub for news.",
            err=True,
        )
    _deliver(stored, wish)
    return outcome.DONE


def _stored(login: str, path: Path) -> Dossier | None:
    """What is stored of somebody; of who is not, say which stored logins come near: it may be a slip."""
    try:
        return store.read(path, login) if path.exists() else None
    except UnknownCandidate as unknown:
        if unknown.way_out.startswith("Did you mean"):
            click.echo(f"shiptrace: {printable(str(unknown))}", err=True)
        return None


def _collected(login: str, options: Options, path: Path | None) -> tuple[int, Dossier]:
    if options["login"] is not None:
        raise UsageError("--as is for the paths of repositories.", f"Leave it out: {login} is the login.")
    github.agree([login], options)
    if github.unwanted([login]):
        raise left_alone(login)
    with collecting(options, options, path) as session:
        done = session.collect(login)
    assert done.dossier is not None
    return done.code, done.dossier


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
