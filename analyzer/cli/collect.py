"""``shiptrace collect``: people's public work from GitHub into the store."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, Unpack

import click

from analyzer.cli import github, portfolio, roll
from analyzer.cli.batch import Batch, CollectOptions, End
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import RateLimited, UsageError
from analyzer.people_list import Left, Person
from analyzer.report import story, terminal
from analyzer.report.clean import printable
from analyzer.report.words import count

_FEW = 10


@click.command("collect")
@click.argument("given", metavar="LOGIN...", nargs=-1)
@click.option(
    "--from",
    "file",
    type=click.File("rb"),
    metavar="FILE",
    help="A list of people: CSV, Excel (.xlsx) or one login a line; - for stdin.",
)
@portfolio.person_options
@github.options
@click.option(
    "--without-account",
    "references",
    metavar="REFERENCE",
    multiple=True,
    help="An applicant who gave no account, under a name of yours; repeatable.",
)
@click.option("--again", "is_asked_again", is_flag=True, help="Read everything anew, also when GitHub lists no news.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would be read, and neither clone nor store.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(
    given: Sequence[str],
    file: BinaryIO | None,
    references: Sequence[str],
    is_asked_again: bool,
    is_dry_run: bool,
    as_json: bool,
    **options: Unpack[CollectOptions],
) -> int:
    """Collect people's public work from GitHub into the store: their own repositories and those they contributed to.

    Whom you look at has to have applied, agreed, or be you: --basis and --purpose say so, and are kept. GitHub is asked
    with a token where there is one, a token without any scope is enough; clones are made without. What has not changed
    since the last time is not read again, so the same command goes on where it was interrupted.

    The first row of a list may name its columns: login (or github, profile, url), reference (a number or name of yours;
    who has no account is kept under it), basis and purpose (before the options), email. Other columns are not read.
    """
    if references and is_dry_run:
        raise UsageError("There is nothing to plan for somebody without an account.", "Leave out --dry-run.")
    people, left = roll.call(given, references, file, options)
    is_alone = len(people) == 1 and file is None
    batch = Batch(options, portfolio.store_of(options), is_asked_again, is_dry_run, is_alone)
    try:
        batch.collect(people)
    except KeyboardInterrupt:
        if len(people) > 1:
            _show(batch, people, left, as_json=as_json)
            click.echo("Run the same command again: it goes on where it stopped.", err=True)
        raise
    _show(batch, people, left, as_json=as_json)
    return batch.code(left)


# --- what is told ----------------------------------------------------------


def _show(batch: Batch, people: Sequence[Person], left: Sequence[Left], *, as_json: bool) -> None:
    """The result to stdout; what stopped it, and what to do next, to stderr."""
    ends = list(batch.roll(people))
    if as_json:
        show(json.dumps(list(_documents(ends, left)), indent=2) + "\n")
    elif batch.dossier is not None:
        show(terminal.summary(story.of(batch.dossier), width(), colour=has_colour()))
    elif not batch.is_alone or batch.is_dry_run:
        lines = [(end.person.row, _line(end)) for end in ends if not (batch.is_alone and end.error)]
        lines += [(row.row, _left_line(row)) for row in left]
        show("".join(f"{line}\n" for _, line in sorted(lines, key=lambda each: each[0])))
    error = batch.stopped or next((end.error for end in ends if batch.is_alone), None)
    if error:
        click.echo(f"shiptrace: {printable(str(error))}", err=True)
    if isinstance(error, RateLimited) and not batch.is_alone:
        click.echo(f"It can go on at {datetime.fromtimestamp(error.resume_at, UTC):%Y-%m-%d %H:%M} UTC.", err=True)
    unchanged = [end.name for end in ends if end.state == "unchanged"]
    if unchanged:
        names = ", ".join(unchanged) if len(unchanged) <= _FEW else count(len(unchanged), "person", "people")
        click.echo(f"Nothing new: {names} (--again reads everything anew)", err=True)
    done = [end.name for end in ends if end.error is None and end.state != "not_reached"]
    if done and not batch.is_dry_run:
        click.echo(f"Stored in {printable(str(batch.path))}", err=True)
        if len(batch.ends) == len(people):
            _next(batch, done)


def _next(batch: Batch, logins: Sequence[str]) -> None:
    """What to do with those who are stored."""
    cohort, db = batch.options["cohort"], batch.options["db"]
    again = ["report", *logins] if len(logins) == 1 else ["compare", *logins]
    if len(logins) > 1 and cohort:
        again = ["compare", "--cohort", cohort]
    elif len(logins) > _FEW:
        again = ["candidates"]
    click.echo(f"Next: {printable(shlex.join(['shiptrace', *again, *(['--db', db] if db else [])]))}", err=True)


def _line(end: End) -> str:
    told = "\n".join(map(printable, end.told.split("\n"))) if end.state == "planned" else printable(end.told)
    reference = f" ({end.person.reference})" if end.person.login and end.person.reference else ""
    return f"{_row(end.person.row)}{end.name}{printable(reference)}  {end.words}: {told}"


def _left_line(left: Left) -> str:
    state = "refused" if left.kind == "wrong" else left.kind
    return printable(f"{_row(left.row)}{f'{left.name}  ' if left.name else ''}{state}: {left.reason}")


def _row(number: int) -> str:
    return f"row {number}  " if number else ""


def _documents(ends: Sequence[End], left: Sequence[Left]) -> Iterator[dict[str, Any]]:
    """People first, in their order, then the rows that name nobody."""
    for end in ends:
        where = {"row": end.person.row} if end.person.row else {}
        document = {"login": end.name, "reference": end.person.reference, **where, "state": end.state}
        if end.error is not None:
            document["reason"] = end.error.message
        if isinstance(end.error, RateLimited):
            document["resume_at"] = int(end.error.resume_at)
        yield document | end.document | {"exit_code": end.code}
    for row in left:
        state = "refused" if row.kind == "wrong" else row.kind
        yield {"login": row.name or None, "row": row.row, "state": state, "reason": row.reason}
