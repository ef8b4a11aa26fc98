"""What ``collect`` and ``report LOGIN`` share: the options about GitHub, and what is asked before GitHub is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict, cast

import click
from click.core import ParameterSource

from analyzer import config, consent
from analyzer.cli.portfolio import PersonOptions, check_reason
from analyzer.errors import UsageError
from analyzer.git.naming import is_full_name
from analyzer.github.host import Host, host_given
from analyzer.identity import check_login
from analyzer.selection import Limits
from signals.wording import listed

_DEFAULT = Limits()
_NAMED = 5
_FOLDER = click.Path(path_type=Path)


class GitHubOptions(TypedDict):
    """The options as click gives them."""

    token_file: Path | None
    host: str
    max_repositories: int
    max_size: int
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    cache: Path


_OPTIONS = (
    click.option(
        "--token-file",
        type=_FOLDER,
        metavar="FILE",
        help="A file with the token (default: GH_TOKEN, GITHUB_TOKEN, then `gh auth token`).",
    ),
    click.option(
        "--host", metavar="NAME", envvar="GH_HOST", default="github.com", help="A GitHub Enterprise Server, by name."
    ),
    click.option(
        "--max-repositories",
        type=click.IntRange(min=1),
        metavar="N",
        envvar="SHIPTRACE_MAX_REPOSITORIES",
        default=lambda: config.load(Path()).max_repositories or _DEFAULT.max_repositories,
        help=f"Read at most so many, the largest part of theirs first (default: {_DEFAULT.max_repositories}).",
    ),
    click.option(
        "--max-size",
        type=click.IntRange(min=1),
        metavar="MB",
        envvar="SHIPTRACE_MAX_SIZE",
        default=lambda: config.load(Path()).max_size or _DEFAULT.max_size_mb,
        help=f"Leave out larger repositories (default: {_DEFAULT.max_size_mb}).",
    ),
    click.option("--include", metavar="OWNER/NAME", multiple=True, help="Read it in any case; repeatable."),
    click.option("--exclude", metavar="OWNER/NAME", multiple=True, help="Leave it out; repeatable."),
    click.option(
        "--cache",
        type=_FOLDER,
        metavar="FOLDER",
        envvar="SHIPTRACE_CACHE",
        default=config.cache_folder,
        help="Where clones are kept (default: in the cache folder).",
    ),
)


def options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of :class:`GitHubOptions`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def typed() -> list[str]:
    """Those of the options that stand on the command line."""
    context = click.get_current_context()
    options = {parameter.name or "": parameter.opts[0] for parameter in context.command.params}
    return [
        options[name]
        for name in GitHubOptions.__annotations__
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]


def limits(given: GitHubOptions) -> Limits:
    """How much to read; raises :class:`UsageError` for what is no name of a repository."""
    for name in (*given["include"], *given["exclude"]):
        if not is_full_name(name):
            raise UsageError(f"{name!r} is no name of a repository.", "Give it as OWNER/NAME.")
    return Limits(
        given["max_repositories"], given["max_size"], frozenset(given["include"]), frozenset(given["exclude"])
    )


def host(given: GitHubOptions) -> Host:
    """Where GitHub is: by name, or by address for one on this machine."""
    return host_given(given["host"])


def agree(logins: Sequence[str], about: PersonOptions) -> None:
    """Make sure that it is known why these people may be looked at; on a terminal it is asked for.

    What was said stands in ``about`` afterwards. Raises :class:`UsageError` with the whole command to repeat.
    """
    check_reason(about)
    for login in logins:
        check_login(login)
    if can_ask():
        _ask(logins, about)
    said = consent.agreed(about["basis"], about["purpose"], ["shiptrace", *_typed()])
    about["basis"], about["purpose"] = said.basis, said.purpose


def can_ask() -> bool:
    """Whether somebody sits at the terminal who can say why."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def unwanted(logins: Sequence[str]) -> frozenset[str]:
    """Those of them who stand on the do-not-contact list."""
    return consent.unwanted(logins, config.load(Path()).do_not_contact)


def _ask(logins: Sequence[str], about: PersonOptions) -> None:
    if about["basis"] is None:
        question = f"Why may you look at {listed(logins, _NAMED)}: they applied, consented, or are yourself"
        about["basis"] = click.prompt(question, type=click.Choice(consent.BASES), err=True)
    if about["purpose"] is None:
        about["purpose"] = click.prompt("What do you look for, such as the position", err=True)


def _typed() -> tuple[str, ...]:
    """The words after ``shiptrace`` as they were typed."""
    return cast("tuple[str, ...]", click.get_current_context().find_root().obj)
