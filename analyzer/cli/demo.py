"""``shiptrace demo``: the whole way on a portfolio made on the spot, without network."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analyzer import pipeline
from analyzer.cli.progress import Progress
from analyzer.demo import portfolio as demo
from analyzer.identity import candidate_for
from analyzer.report import json_, terminal
from analyzer.store import RunInfo, Store


@click.command("demo")
@click.option(
    "--db", metavar="FILE", default="shiptrace-demo.duckdb", show_default=True, help="The DuckDB file to write."
)
@click.option("--json", "as_json", is_flag=True, help="Write the whole dossier as JSON.")
def command(db: str, as_json: bool) -> int:
    """Make a demo person's repositories, scan them, show the result and store it."""
    with TemporaryDirectory(prefix="shiptrace-demo-") as folder, Progress() as progress:
        progress("making the demo repositories")
        made = demo.build(Path(folder))
        started_at = datetime.now(UTC).replace(tzinfo=None)
        targets = [pipeline.Target(path) for _, path in made.repositories]
        result = pipeline.scan(targets, candidate_for(made.login, made.emails), made.as_of, progress)
        with Store.open(Path(db)) as store:
            store.write(result.dossier, result.facts, RunInfo(started_at, datetime.now(UTC).replace(tzinfo=None)))
    sys.stdout.write(json_.render(result.dossier) if as_json else terminal.summary(result.dossier))
    if not as_json:
        click.echo(f"\nStored in {db}")
    return 0
