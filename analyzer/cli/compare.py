"""``shiptrace compare LOGIN... | --cohort NAME``: people side by side, with ties said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from analyzer import store
from analyzer.cli import page, profile
from analyzer.comparison import Comparison, compare
from analyzer.errors import UsageError
from analyzer.report import compare as terminal
from analyzer.report import compare_html, compare_markdown, json_
from analyzer.report.clean import printable


@click.command("compare")
@click.argument("logins", metavar="LOGIN...", nargs=-1)
@click.option("--cohort", metavar="NAME", default="", help="Everybody in this cohort of the store, by login.")
@page.options
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
def command(
    logins: Sequence[str],
    cohort: str,
    shape: page.Format | None,
    file: Path | None,
    is_opened: bool,
    db: str | None,
) -> None:
    """Show stored people side by side: the best level in each dimension, how sure it is, and the evidence for it.

    Nothing is added up and nobody is ranked. People stand in the order in which they are named; where the evidence
    carries no difference between them, that is said. Somebody with too little public work stands apart.
    The file of -o decides the format by its ending when --format is not given. An HTML page that would fill the
    terminal goes to shiptrace-comparison.html.
    """
    wish = page.wished(shape, file, is_opened=is_opened)
    wanted = [profile.named(login) for login in logins]
    dossiers = store.read_many(Path(db) if db else store.default_path(), wanted, cohort=cohort)
    if len(dossiers) < 2:
        raise UsageError(
            "To compare takes two people or more.", "Name their logins, or a cohort with --cohort (`shiptrace cohort`)."
        )
    made = compare(dossiers)
    page.deliver(_text(made, wish), wish, "shiptrace-comparison")
    if wish.file is not None or wish.format == "json":
        for caution in made.cautions:
            click.echo(f"shiptrace: {printable(caution)}", err=True)


def _text(made: Comparison, wish: page.Wish) -> str:
    match wish.format:
        case "html":
            return compare_html.render(made)
        case "json":
            return json_.render(made)
        case "md":
            return compare_markdown.render(made)
        case "terminal":
            return terminal.page(made, wish.columns, colour=wish.has_colour)
