"""What every scanning command ends with: the store written, the dossier shown, the exit code."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from analyzer import scoring, store
from analyzer.cli.portfolio import Options, PersonOptions
from analyzer.cli.progress import Progress
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import NothingUsable
from analyzer.model import Dossier, RunInfo, State
from analyzer.pipeline import Portfolio, rubric
from analyzer.report import json_, story, terminal
from analyzer.report.clean import printable
from signals.base import active

DONE, WITH_GAPS = 0, 3
Work = Callable[[Progress], Portfolio]


def deliver(work: Work, path: Path, *, as_json: bool, options: Options | None = None) -> int:
    """Mine, write the store, show the summary or the JSON; give the exit code. Raises as :func:`mine`."""
    portfolio = mine(work, path, options)
    dossier = portfolio.dossier
    show(json_.render(dossier) if as_json else terminal.summary(story.of(dossier), width(), colour=has_colour()))
    if not as_json:
        where = ["--db", str(path)] if options and options["db"] else []
        again = shlex.join(["shiptrace", "report", dossier.candidate.login, *where])
        click.echo(f"The evidence: {printable(again)}", err=True)
    return exit_code(dossier)


def mine(work: Work, path: Path | None, options: Options | None = None) -> Portfolio:
    """Mine with progress and write the store, if there is to be one; say on stderr what was not usable and where it is.

    Raises :class:`NothingUsable` when no repository could be read, and then writes nothing.
    """
    with Progress() as progress:
        portfolio = mine_quietly(work, path, progress, options)
    for error in portfolio.unusable:
        click.echo(f"shiptrace: {printable(str(error))}", err=True)
    if path:
        join(path, portfolio.dossier.candidate.login, options["cohort"] if options else None)
        click.echo(f"Stored in {printable(str(path))}", err=True)
    return portfolio


def mine_quietly(work: Work, path: Path | None, progress: Progress, options: PersonOptions | None = None) -> Portfolio:
    """Mine and write the store, if there is to be one, and say nothing but the progress. Raises as :func:`mine`."""
    started_at = now()
    with ExitStack() as stack:
        writer = stack.enter_context(store.Writer(path)) if path else None
        portfolio = work(progress)
        if portfolio.unusable and len(portfolio.unusable) == len(portfolio.dossier.repositories):
            raise NothingUsable("\n".join(str(error) for error in portfolio.unusable))
        if writer:
            progress("writing the store")
            run = run_info(started_at, options)
            weights = scoring.weights(rubric())
            writer.write(portfolio.dossier, portfolio.facts, run, active(), weights, portfolio.hosted)
    return portfolio


def run_info(started_at: datetime, options: PersonOptions | None) -> RunInfo:
    """What is kept of a run besides what it found."""
    run = RunInfo(started_at, now(), _version())
    if options is None:
        return run
    delete_after = options["delete_after"].date() if options["delete_after"] else None
    return replace(run, basis=options["basis"], purpose=options["purpose"], delete_after=delete_after)


def join(path: Path, login: str, cohort: str | None) -> None:
    """Put the person into the cohort; only then is DuckDB loaded here."""
    if cohort is not None:
        with store.Store.open(path) as opened:
            opened.add_to_cohort(cohort, [login])


def exit_code(dossier: Dossier) -> int:
    """0 when everything was looked at, 3 when a repository or a signal was not; single bad files are gaps only."""
    whole = all(r.state == "complete" for r in dossier.repositories)
    checked = all(e.state is not State.NOT_CHECKED for s in dossier.signals for e in s.by_repository)
    return DONE if whole and checked else WITH_GAPS


def now() -> datetime:
    """The moment, naive UTC as in the store."""
    return datetime.now(UTC).replace(tzinfo=None)


def _version() -> str:
    """The tool's version; empty when it runs from a folder and is not installed."""
    try:
        return version("shiptrace")
    except PackageNotFoundError:
        return ""
