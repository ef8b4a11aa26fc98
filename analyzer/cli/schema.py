"""``shiptrace schema [TABLE]``: what SQL can be written against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

import click
from click.core import ParameterSource

from analyzer import queryset
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import UsageError
from analyzer.queryset import Table
from analyzer.report.page import BOLD, CYAN, DIM, Page
from analyzer.store import default_path

_TITLES = {"view": "Views (to build on: they never lose a column)", "table": "Tables"}
_LABEL = 28


@click.command("schema")
@click.argument("name", metavar="[TABLE]", required=False)
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(name: str | None, db: str | None, as_json: bool) -> None:
    """List tables and views, or the columns of one, with what stands in them; there need not be a store yet."""
    path = Path(db) if db else default_path()
    is_named = click.get_current_context().get_parameter_source("db") is ParameterSource.COMMANDLINE
    found = queryset.tables(path if is_named or path.exists() else None)
    if name is not None:
        found = tuple(t for t in found if t.name == name.lower()) or _unknown(name, found)
    if as_json:
        show(json.dumps([asdict(table) for table in found], indent=2) + "\n")
    else:
        show(_columns(found[0]) if name is not None else _list(found))


def _unknown(name: str, known: Sequence[Table]) -> tuple[Table, ...]:
    near = get_close_matches(name, [table.name for table in known], cutoff=0.5)
    raise UsageError(
        f"There is no table or view {name!r}.",
        f"Near to it: {', '.join(near)}." if near else "`shiptrace schema` lists them.",
    )


def _list(found: Sequence[Table]) -> str:
    page = Page(width(), colour=has_colour())
    for kind, title in _TITLES.items():
        page.heading(title)
        for table in found:
            if table.kind == kind:
                page.row(table.name, table.comment, _LABEL)
    page.blank()
    page.line(("`shiptrace schema TABLE` shows the columns of one.", ""))
    return str(page)


def _columns(table: Table) -> str:
    page = Page(width(), colour=has_colour())
    page.line((table.name, BOLD), (f"  {table.kind}", DIM))
    page.paragraph(table.comment)
    page.blank()
    label = max(len(column.name) for column in table.columns)
    for column in table.columns:
        page.line((column.name.ljust(label), CYAN), (f"  {column.type}", DIM), indent=2)
        page.paragraph(column.comment, indent=6)
    return str(page)
