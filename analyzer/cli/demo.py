"""``shiptrace demo``: the whole way on portfolios made on the spot, against a GitHub on this machine."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analyzer.cache import Cache
from analyzer.cli import output
from analyzer.cli.collecting import Collecting
from analyzer.cli.github import GitHubOptions
from analyzer.cli.portfolio import PersonOptions
from analyzer.cli.progress import Progress
from analyzer.cli.screen import has_colour, show, width
from analyzer.comparison import compare
from analyzer.demo import portfolio as demo
from analyzer.demo.simulator import Counts, Simulator, portfolios
from analyzer.errors import ShiptraceError
from analyzer.github.client import Client
from analyzer.github.host import host_at
from analyzer.github.token import Token
from analyzer.model import Dossier
from analyzer.report import compare as terminal
from analyzer.report import html, json_
from analyzer.report.clean import printable
from analyzer.report.words import count
from analyzer.selection import Limits

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
    """Collect six made-up people from a GitHub on this machine, compare them and write a page about each.

    The people join the cohort `demo` of the DuckDB file; the pages go into a folder beside it, named after it.
    Done again, it gives the same.
    """
    path = Path(db)
    folder = _folder(path.with_name(f"{path.stem}-reports"))
    dossiers, counts = _collected(path, db)
    pages = _pages(folder, dossiers)
    made = compare(dossiers)
    if as_json:
        show(json_.render(made))
    else:
        show(terminal.page(made, width(), colour=has_colour()))
        click.echo(f"\n{_asked(counts)}\n{_where(path, pages)}")


def _collected(path: Path, db: str) -> tuple[list[Dossier], Counts]:
    """Collect every portfolio as from GitHub, with real requests and clones; also what was asked on the way."""
    with Progress() as progress, TemporaryDirectory(prefix="shiptrace-demo-") as folder:
        progress("making the demo repositories")
        people = demo.build(Path(folder) / "repositories")
        cache = Path(folder) / "cache"
        with Simulator(portfolios.world(people)) as sim, Client(Token("of-the-demo"), host_at(sim.url)) as client:
            given = _given(sim.url, cache)
            collected = [
                Collecting(client, progress, client.host, Cache(cache), path, _about(person, db), given)
                .collect(person.login)
                .dossier
                for person in people
            ]
        return [dossier for dossier in collected if dossier], sim.counts


def _about(person: demo.DemoPortfolio, db: str) -> PersonOptions:
    """What somebody would have typed; the addresses stand on the application."""
    return PersonOptions(
        emails=person.emails,
        as_of=datetime.combine(person.as_of, time(), UTC),
        db=db,
        cohort=demo.COHORT,
        basis="applied",
        purpose="a demonstration with made-up people",
        delete_after=None,
    )


def _given(url: str, cache: Path) -> GitHubOptions:
    limits = Limits()
    return GitHubOptions(
        token_file=None,
        host=url,
        max_repositories=limits.max_repositories,
        max_size=limits.max_size_mb,
        include=(),
        exclude=(),
        cache=cache,
    )


def _asked(counts: Counts) -> str:
    """What the simulated GitHub was asked, the most frequent first."""
    lines = ["Asked of a GitHub on this machine, and of no other:"]
    for name, n in sorted(counts.requests.items(), key=lambda pair: (-pair[1], pair[0])):
        lines.append(f"  {n:>3}  {name.replace('_', ' ')}")
    requests = count(counts.requests.total(), "request")
    lines.append(f"  {requests}, {count(counts.points, 'point')}, {counts.bytes_out:,} bytes")
    return "\n".join(lines)


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


def program() -> str:
    """How this program is called from here: after `make demo` it is not where the shell looks."""
    called = Path(sys.argv[0])
    is_elsewhere = called.name == "shiptrace" and shutil.which("shiptrace") is None
    return shlex.quote(str(called)) if is_elsewhere else "shiptrace"


def _where(path: Path, pages: Sequence[Path]) -> str:
    option = f"--db {shlex.quote(str(path))}"
    lines = [
        "Pages to open in a browser:",
        *(f"  {page}" for page in pages),
        "Everything that was found, as one DuckDB file:",
        f"  {path}",
        "What to try next:",
        *(f"  {program()} {text} {option}" for text in _NEXT),
    ]
    return "\n".join(map(printable, lines))
