"""``shiptrace demo``: the whole way on a portfolio made on the spot, without network."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analyzer import pipeline
from analyzer.cli.outcome import deliver
from analyzer.cli.progress import Progress
from analyzer.demo import portfolio as demo
from analyzer.identity import candidate_for


@click.command("demo")
@click.option(
    "--db", metavar="FILE", default="shiptrace-demo.duckdb", show_default=True, help="The DuckDB file to write."
)
@click.option("--json", "as_json", is_flag=True, help="Write the whole dossier as JSON.")
def command(db: str, as_json: bool) -> int:
    """Make a demo person's repositories, scan them, show the result and store it."""
    with TemporaryDirectory(prefix="shiptrace-demo-") as folder:

        def mine(progress: Progress) -> pipeline.Portfolio:
            progress("making the demo repositories")
            made = demo.build(Path(folder))
            targets = [pipeline.Target(path) for _, path in made.repositories]
            return pipeline.scan(targets, candidate_for(made.login, made.emails), made.as_of, progress)

        return deliver(mine, Path(db), as_json=as_json)
