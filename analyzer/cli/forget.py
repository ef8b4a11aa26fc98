"""``shiptrace forget LOGIN``: erase a person."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from analyzer.cache import Cache
from analyzer.cli import profile
from analyzer.cli.screen import show
from analyzer.config import cache_folder
from analyzer.errors import UsageError
from analyzer.git import scratch
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.store import Reader, Store, default_path
from analyzer.store.erasure import Forgotten

DONE, LEFT = 0, 1


@click.command("forget")
@click.argument("login", metavar="LOGIN")
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal to ask on.")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    envvar="SHIPTRACE_CACHE",
    default=cache_folder,
    help="Where clones are kept (default: in the cache folder).",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(login: str, yes: bool, db: str | None, cache: Path, as_json: bool) -> int:
    """Erase a person: the store is written anew without a byte of them, and nothing of the others is lost.

    That takes with it evidence, facts, scores, remarks, places in cohorts, the log of what was done with the data, and
    the clones that were made for nobody else. A row without a name stays, with the day on which somebody was forgotten.
    """
    path, login = Path(db) if db else default_path(), profile.named(login)
    with Reader.open(path) as store:
        candidate = store.candidate(login)
    if not yes and not _agreed(candidate.login, candidate.n_repositories, path):
        click.echo("Nothing was erased.", err=True)
        return LEFT
    Cache(cache).forget(candidate.login)  # first, for nobody finds the way there once the login is gone
    with Store.open(path, create=False) as store:
        forgotten = store.forget(login)
    scratch.sweep()
    show(json.dumps(asdict(forgotten), indent=2) + "\n" if as_json else _told(forgotten, path))
    return DONE


def _agreed(login: str, n_repositories: int, path: Path) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("Nobody can be asked here.", f"Repeat the command with --yes to erase {login}.")
    read = words.count(n_repositories, "repository", "repositories")
    return click.confirm(
        f"Erase all that {printable(str(path))} holds about {login} ({read})? This cannot be undone.", err=True
    )


def _told(forgotten: Forgotten, path: Path) -> str:
    lines = [
        f"Forgot {forgotten.login}: {printable(str(path))} was written anew without them.",
        "Reports, exports and copies of the file elsewhere are not known to Shiptrace: delete them as well.",
    ]
    if forgotten.others:
        names = ", ".join(map(printable, forgotten.others))
        lines.append(f"The account's name stays where it names repositories that others worked in: {names}")
    return "\n".join(lines) + "\n"
