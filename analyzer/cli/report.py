"""``shiptrace report``: one person's work, for people and for scripts, from repositories or from the store."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Unpack, get_args

import click

from analyzer import store
from analyzer.cli import outcome, output, portfolio
from analyzer.cli.screen import has_colour, is_terminal, show, width
from analyzer.errors import ShiptraceError, UnknownCandidate, UsageError
from analyzer.identity import check_login
from analyzer.model import Dossier
from analyzer.report import html, json_, markdown, story, terminal
from analyzer.report.clean import printable

Format = Literal["terminal", "md", "html", "json"]
_SUFFIXES: dict[str, Format] = {
    ".html": "html",
    ".htm": "html",
    ".md": "md",
    ".json": "json",
    ".txt": "terminal",
}
_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([^/?#]+)/?", re.IGNORECASE)
_WITH_PATHS = {
    "login": "--as",
    "emails": "--identity",
    "as_of": "--as-of",
    "delete_after": "--delete-after",
    "cohort": "--cohort",
}


@dataclass(frozen=True, slots=True)
class _Wish:
    """How the report is to be shown: ``file`` None is stdout, ``is_opened`` opens the file in a browser."""

    format: Format
    file: Path | None
    is_opened: bool


@click.command("report")
@click.argument("given", metavar="LOGIN | PATH...", nargs=-1, required=True)
@portfolio.options
@click.option("--format", "shape", type=click.Choice(get_args(Format)), help="How to show it (default: terminal).")
@click.option("--json", "shape", flag_value="json", help="The same as --format json.")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="Write into this file.")
@click.option("--open", "is_opened", is_flag=True, help="Show the HTML page in the browser.")
@click.option("--no-store", is_flag=True, help="Keep nothing: repositories are read and shown only.")
def command(
    given: Sequence[str],
    shape: Format | None,
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
    wish = _wish(shape, file, is_opened=is_opened)
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
    profile = _PROFILE.fullmatch(argument)
    if Path(argument).is_dir() or (profile is None and "/" in argument):
        return None
    return profile[1] if profile else argument


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


def _wish(shape: Format | None, file: Path | None, *, is_opened: bool) -> _Wish:
    """The format that was asked for, by name or by the file's ending; the checks that need no work first."""
    ending = file.suffix.lower() if file else ""
    if shape is None and ending and ending not in _SUFFIXES:
        raise UsageError(f"{ending} names no format.", f"Add --format {'|'.join(get_args(Format))}.")
    format_ = shape or _SUFFIXES.get(ending) or ("html" if is_opened else "terminal")
    if is_opened and format_ != "html":
        raise UsageError("--open shows an HTML page in the browser.", "Use it with --format html.")
    file = None if file == Path("-") else file
    if file is not None:
        output.check(file)
    return _Wish(format_, file, is_opened)


def _deliver(dossier: Dossier, wish: _Wish) -> None:
    text = _text(dossier, wish)
    file = wish.file
    if file is None and wish.format == "html" and (wish.is_opened or is_terminal()):
        file = Path(f"shiptrace-{check_login(dossier.candidate.login)}.html")
    if file is None:
        show(text)
        return
    output.write(file, text)
    click.echo(f"Wrote {printable(str(file))}", err=True)
    if wish.is_opened and click.launch(file.absolute().as_uri()) != 0:
        click.echo("shiptrace: no browser could be started; open the file yourself.", err=True)


def _text(dossier: Dossier, wish: _Wish) -> str:
    match wish.format:
        case "html":
            return html.render(dossier)
        case "json":
            return json_.render(dossier)
        case "md":
            return markdown.render(story.of(dossier))
        case "terminal":
            on_screen = wish.file is None
            columns = width() if on_screen else 80
            return terminal.render(story.of(dossier), columns, colour=on_screen and has_colour())
