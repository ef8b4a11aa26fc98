"""``shiptrace demo``: the whole way on portfolios made on the spot, without network."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analyzer import pipeline, store
from analyzer.cli import outcome, output
from analyzer.cli.progress import Progress
from analyzer.cli.screen import has_colour, show, width
from analyzer.comparison import compare
from analyzer.demo import portfolio as demo
from analyzer.errors import ShiptraceError
from analyzer.identity import candidate_for
from analyzer.model import Dossier
from analyzer.report import compare as terminal
from analyzer.report import html, json_
from analyzer.report.clean import printable

_NEXT = (
    "explain demo-maya revert-commit",
    "interview demo-priya",
    "query alerting_and_rollback -p cohort=demo",
    "sql \"SELECT login, signal, message FROM v_evidence WHERE level = 'lived-in'\"",
)


@click.command("demo")
@click.option(
    "--db", metavar="FILE", default="shiptrace-demo.duckdb", show_default=True, help="The DuckDB file to write to."
)
@click.option("--json", "as_json", is_flag=True, help="Write the comparison as JSON.")
def command(db: str, as_json: bool) -> None:
    """Make the repositories of six made-up people, scan them, compare the people and write a page about each.

    The people join the cohort `demo` of the DuckDB file; the pages go into a folder beside it, named after it.
    Done again, it gives the same.
    """
    path = Path(db)
    folder = _folder(path.with_name(f"{path.stem}-reports"))
    dossiers = _scanned(path)
    pages = _pages(folder, dossiers)
    made = compare(dossiers)
    if as_json:
        show(json_.render(made))
    else:
        show(terminal.page(made, width(), colour=has_colour()))
        click.echo(f"\n{_where(path, pages)}")


def _scanned(path: Path) -> list[Dossier]:
    """Build and scan every portfolio, each through the ordinary pipeline into the store."""
    with Progress() as progress, TemporaryDirectory(prefix="shiptrace-demo-") as folder:
        progress("making the demo repositories")
        people = demo.build(Path(folder))
        dossiers = [outcome.mine_quietly(partial(_scan, person), path, progress).dossier for person in people]
    with store.Store.open(path) as opened:
        opened.add_to_cohort(demo.COHORT, [person.login for person in people])
    return dossiers


def _scan(person: demo.DemoPortfolio, progress: Progress) -> pipeline.Portfolio:
    targets = [pipeline.Target(git_dir, web=demo.HOST) for _, git_dir in person.repositories]
    candidate = candidate_for(person.login, person.emails)
    return pipeline.scan(targets, candidate, person.as_of, lambda text: progress(f"{person.login} {text}"))


def _folder(folder: Path) -> Path:
    """Make the folder of the pages, before the work rather than after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ShiptraceError(
            f"{folder} could not be made: {error.strerror}.", "Name another place with --db."
        ) from error
    return folder


def _pages(folder: Path, dossiers: Sequence[Dossier]) -> list[Path]:
    """Write a page about each person; older ones are replaced."""
    pages = [folder / f"{dossier.candidate.login}.html" for dossier in dossiers]
    for page, dossier in zip(pages, dossiers, strict=True):
        output.write(page, html.render(dossier))
    return pages


def _where(path: Path, pages: Sequence[Path]) -> str:
    option = f"--db {shlex.quote(str(path))}"
    lines = [
        "Pages to open in a browser:",
        *(f"  {page}" for page in pages),
        "Everything that was found, as one DuckDB file:",
        f"  {path}",
        "What to try next:",
        *(f"  shiptrace {text} {option}" for text in _NEXT),
    ]
    return "\n".join(map(printable, lines))
