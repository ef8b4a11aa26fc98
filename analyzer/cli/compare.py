"""``shiptrace compare LOGIN... | --cohort NAME``: people side by side, with ties said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import click

from analyzer import store
from analyzer.cli import output
from analyzer.cli.screen import has_colour, show, width
from analyzer.comparison import Comparison, compare
from analyzer.errors import UsageError
from analyzer.report import compare as terminal
from analyzer.report import compare_html, compare_markdown, json_
from analyzer.report.clean import printable

Format = Literal["terminal", "md", "html", "json"]


@click.command("compare")
@click.argument("logins", metavar="LOGIN...", nargs=-1)
@click.option("--cohort", metavar="NAME", default="", help="Everybody in this cohort of the store, by login.")
@click.option("--format", "shape", type=click.Choice(get_args(Format)), help="How to show it (default: terminal).")
@click.option("--json", "shape", flag_value="json", help="The same as --format json.")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="Write into this file.")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
def command(logins: Sequence[str], cohort: str, shape: Format | None, file: Path | None, db: str | None) -> None:
    """Show stored people side by side: the best level in each dimension, how sure it is, and the evidence for it.

    Nothing is added up and nobody is ranked. People stand in the order in which they are named; where the evidence
    carries no difference between them, that is said. Somebody with too little public work stands apart.
    """
    file = None if file == Path("-") else file
    if file is not None:
        output.check(file)
    dossiers = store.read_many(Path(db) if db else store.default_path(), logins, cohort=cohort)
    if len(dossiers) < 2:
        raise UsageError(
            "To compare takes two people or more.", "Name their logins, or a cohort with --cohort (`shiptrace cohort`)."
        )
    made = compare(dossiers)
    if file is None:
        show(_text(made, shape, width(), colour=has_colour()))
    else:
        output.write(file, _text(made, shape or _by_ending(file), 80, colour=False))
        click.echo(f"Wrote {printable(str(file))}", err=True)
    if file is not None or shape == "json":
        for caution in made.cautions:
            click.echo(f"shiptrace: {printable(caution)}", err=True)


def _by_ending(file: Path) -> Format:
    endings: dict[str, Format] = {".md": "md", ".html": "html", ".htm": "html", ".json": "json"}
    return endings.get(file.suffix.lower(), "terminal")


def _text(made: Comparison, shape: Format | None, columns: int, *, colour: bool) -> str:
    match shape:
        case "json":
            return json_.render(made)
        case "md":
            return compare_markdown.render(made)
        case "html":
            return compare_html.render(made)
        case "terminal" | None:
            return terminal.page(made, columns, colour=colour)
