"""``shiptrace sql "SELECT …"``: SQL of somebody's own, which may read the store and nothing else."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from analyzer import queryset
from analyzer.cli.results import deliver, result_options
from analyzer.errors import UsageError
from analyzer.queryset import Limits
from analyzer.store import default_path

MAX_CHARS = 1_000_000
_COMMENT = re.compile(r"--\s")


class _Sql(click.Command):
    """A command whose argument may start with a comment of SQL, which looks like an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let what starts with two dashes and a blank be what it is: no option has blanks in its name."""
        return super().parse_args(ctx, [f" {arg}" if _COMMENT.match(arg) else arg for arg in args])


@click.command("sql", cls=_Sql)
@click.argument("statement", metavar="SQL")
@result_options
def command(
    statement: str,
    form: str | None,
    output: str | None,
    max_rows: int,
    seconds: float,
    db: str | None,
) -> int:
    """Run SQL on the store, in a process that can neither write nor reach files or network; - reads it from stdin.

    `shiptrace schema` lists tables and views. A result that a limit cuts ends with exit code 3.
    """
    text = sys.stdin.read(MAX_CHARS + 1) if statement == "-" else statement
    if len(text) > MAX_CHARS:
        raise UsageError(f"The SQL is longer than {MAX_CHARS:,} characters.")
    limits = Limits(seconds=seconds, rows=max_rows)
    path = Path(db) if db else default_path()
    return deliver(lambda: queryset.run(path, text, limits=limits), form, output)
