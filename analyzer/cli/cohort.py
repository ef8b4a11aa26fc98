"""``shiptrace cohort``: named groups of stored candidates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from analyzer.cli import candidates, profile
from analyzer.cli.screen import show
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.store import Reader, Store, default_path
from analyzer.store.people import Cohort

_db = click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
_name = click.argument("name", metavar="NAME")
_logins = click.argument("logins", metavar="LOGIN...", nargs=-1, required=True)


@click.group("cohort")
def command() -> None:
    """Keep candidates together under a name, such as the applicants for a position, and compare them by it."""


@command.command("list")
@_db
@_json
def list_(db: str | None, as_json: bool) -> None:
    """List the cohorts with their candidates."""
    with Reader.open(_path(db)) as store:
        found = store.cohorts()
    _show(found, as_json=as_json)


@command.command("show")
@_name
@_db
@_json
def show_(name: str, db: str | None, as_json: bool) -> None:
    """Show the candidates of a cohort."""
    with Reader.open(_path(db)) as store:
        found = store.candidates(cohort=name)
    show(candidates.as_text(found, as_json=as_json))


@command.command("add")
@_name
@_logins
@_db
@_json
def add(name: str, logins: Sequence[str], db: str | None, as_json: bool) -> None:
    """Put stored candidates into a cohort.

    All of them or none; a cohort of a new name is made. A candidate may be in several.
    """
    with Store.open(_path(db), create=False) as store:
        made = store.add_to_cohort(name, [profile.named(login) for login in logins])
    _show([made], as_json=as_json)


@command.command("remove")
@_name
@_logins
@_db
@_json
def remove(name: str, logins: Sequence[str], db: str | None, as_json: bool) -> None:
    """Take candidates out of a cohort.

    All of them or none; they stay in the store. A cohort without candidates is gone.
    """
    with Store.open(_path(db), create=False) as store:
        left = store.remove_from_cohort(name, [profile.named(login) for login in logins])
    _show([left], as_json=as_json)


def _path(db: str | None) -> Path:
    return Path(db) if db else default_path()


def _show(found: Sequence[Cohort], *, as_json: bool) -> None:
    if as_json:
        show(json.dumps([asdict(c) for c in found], indent=2) + "\n")
        return
    for cohort in found:
        members = ", ".join(map(printable, cohort.logins)) or "nobody, so there is no such cohort any more"
        show(f"{printable(cohort.name)} ({words.count(len(cohort.logins), 'candidate')}): {members}\n")
    if not found:
        show("No cohorts yet: `shiptrace cohort add NAME LOGIN...` makes one.\n")
