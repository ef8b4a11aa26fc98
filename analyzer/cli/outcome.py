"""What every scanning command ends with: the store written, the dossier shown, the exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from analyzer import scoring
from analyzer.cli.progress import Progress
from analyzer.errors import NothingUsable
from analyzer.model import State
from analyzer.pipeline import Portfolio, rubric
from analyzer.report import json_, story, terminal
from analyzer.report.clean import printable
from analyzer.store import RunInfo, Writer
from signals.base import active

DONE, WITH_GAPS = 0, 3


def deliver(mine: Callable[[Progress], Portfolio], path: Path, *, as_json: bool) -> int:
    """Mine with progress, write the store, show the dossier; give the exit code.

    Raises :class:`NothingUsable` when no repository could be read, and then writes nothing.
    """
    started_at = _now()
    with Progress() as progress, Writer(path) as writer:
        portfolio = mine(progress)
        if len(portfolio.unusable) == len(portfolio.dossier.repositories):
            raise NothingUsable("\n".join(str(error) for error in portfolio.unusable) or "No repository was given.")
        progress("writing the store")
        info, weights = RunInfo(started_at, _now()), scoring.weights(rubric())
        writer.write(portfolio.dossier, portfolio.facts, info, active(), weights)
    for error in portfolio.unusable:
        click.echo(f"shiptrace: {printable(str(error))}", err=True)
    if as_json:
        sys.stdout.write(json_.render(portfolio.dossier))
    else:
        sys.stdout.write(terminal.summary(story.of(portfolio.dossier), width=width(), colour=has_colour()))
        click.echo(f"\nStored in {path}")
    return exit_code(portfolio)


def exit_code(portfolio: Portfolio) -> int:
    """0 when everything was looked at, 3 when a repository or a signal was not; single bad files are gaps only."""
    dossier = portfolio.dossier
    whole = all(r.state == "complete" for r in dossier.repositories)
    checked = all(e.state is not State.NOT_CHECKED for s in dossier.signals for e in s.by_repository)
    return DONE if whole and checked else WITH_GAPS


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def width() -> int:
    """Columns to write for: the terminal's within reason, 80 where there is none."""
    return max(60, min(100, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else 80


def has_colour() -> bool:
    """Whether colour is welcome: on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it."""
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
