"""``shiptrace demo``: the whole way on portfolios made on the spot, without network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analyzer import pipeline, scoring
from analyzer.cli.progress import Progress
from analyzer.demo import portfolio as demo
from analyzer.identity import candidate_for
from analyzer.report import json_
from analyzer.store import RunInfo, Writer
from signals.base import active


@click.command("demo")
@click.option(
    "--db", metavar="FILE", default="shiptrace-demo.duckdb", show_default=True, help="The DuckDB file to write."
)
@click.option("--json", "as_json", is_flag=True, help="Write the dossiers as a JSON list.")
def command(db: str, as_json: bool) -> None:
    """Make six demo people's repositories, scan them, show the results and store them."""
    path = Path(db)
    with TemporaryDirectory(prefix="shiptrace-demo-") as folder, Progress() as progress:
        progress("making the demo repositories")
        mined = [_scanned(person, path, progress) for person in demo.build(Path(folder))]
    if as_json:
        dossiers: list[object] = [json.loads(json_.render(one.dossier)) for one in mined]
        click.echo(json.dumps(dossiers, indent=2))
        return
    for one in mined:
        click.echo(f"{one.dossier.candidate.login}: {one.dossier.profile.summary}")
    click.echo(f"\nStored in {path}")


def _scanned(person: demo.DemoPortfolio, path: Path, progress: Progress) -> pipeline.Portfolio:
    started_at = _now()
    with Writer(path) as writer:
        targets = [pipeline.Target(git_dir) for _, git_dir in person.repositories]
        candidate = candidate_for(person.login, person.emails)
        mined = pipeline.scan(targets, candidate, person.as_of, lambda text: progress(f"{person.login}: {text}"))
        info, weights = RunInfo(started_at, _now()), scoring.weights(pipeline.rubric())
        writer.write(mined.dossier, mined.facts, info, active(), weights)
    return mined


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
