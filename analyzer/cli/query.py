"""``shiptrace query [NAME]``: the questions in ``queries/``, asked of a store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from analyzer import queryset
from analyzer.cli.results import deliver, result_options
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import UsageError
from analyzer.queryset import Limits, Query
from analyzer.report.page import BOLD, DIM, Page
from analyzer.store import default_path


@click.command("query")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("-p", "--param", "given", metavar="KEY=VALUE", multiple=True, help="A parameter; repeatable.")
@click.option("--sql", "as_sql", is_flag=True, help="Show the query's SQL instead of running it.")
@result_options
def command(
    name: str | None,
    given: Sequence[str],
    as_sql: bool,
    form: str | None,
    output: str | None,
    max_rows: int,
    seconds: float,
    db: str | None,
) -> int:
    """Ask the store one of the questions that come with Shiptrace; without NAME, list them.

    The store is only read. A result that a limit cuts ends with exit code 3.
    """
    if name is None:
        _refuse({"-p": given, "--sql": as_sql, "-o": output, "--format": form not in (None, "json")}, "without a NAME")
        show(_list(queryset.queries(), as_json=form == "json"))
        return 0
    query = queryset.find(name)
    if as_sql:
        _refuse({"-p": given, "-o": output, "--format": form}, "with --sql")
        show(query.sql)
        return 0
    parameters = _parameters(given)
    query.bind(parameters)
    limits = Limits(seconds=seconds, rows=max_rows)
    path = Path(db) if db else default_path()
    return deliver(lambda: queryset.ask(path, query, parameters, limits), form, output)


def _refuse(options: Mapping[str, object], where: str) -> None:
    """Raise :class:`UsageError` for options that would do nothing."""
    if in_vain := [flag for flag, value in options.items() if value]:
        raise UsageError(f"{', '.join(in_vain)} would do nothing {where}.", "`shiptrace query` lists the names.")


def _parameters(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"-p {pair} has no value.", f"Write it as -p {pair}=VALUE.")
        if key in found:
            raise UsageError(f"The parameter {key} is given twice.")
        found[key] = value
    return found


def _list(queries: Sequence[Query], *, as_json: bool) -> str:
    if as_json:
        records = [
            {"name": q.name, "question": q.question, "grain": q.grain, "parameters": list(map(asdict, q.parameters))}
            for q in queries
        ]
        return json.dumps(records, indent=2) + "\n"
    page = Page(width(), colour=has_colour())
    for query in queries:
        page.line((query.name, BOLD))
        page.paragraph(query.question, indent=2)
        for p in query.parameters:
            default = "" if p.is_required or p.default is None else f" (default: {p.default})"
            page.paragraph(f"-p {p.name}=…: {p.meaning}{default}", indent=4, style=DIM, hang=4)
    page.blank()
    page.line(("`shiptrace query NAME -p KEY=VALUE` asks one of them, `--sql` shows how.", ""))
    return str(page)
