"""``shiptrace interview``: what to ask somebody, and what to listen for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from analyzer import store
from analyzer.cli import profile
from analyzer.cli.screen import has_colour, show, width
from analyzer.errors import UnknownCandidate, UsageError
from analyzer.report import guide, json_
from analyzer.report.guide import Guide

_GENERAL = "`shiptrace interview --general` has questions that need no public work."


@click.command("interview")
@click.argument("login", metavar="[LOGIN]", required=False)
@click.option("--general", "is_general", is_flag=True, help="Questions for somebody without public work.")
@click.option("--format", "shape", type=click.Choice(["terminal", "md"]), default="terminal", help="How to show it.")
@click.option("--json", "as_json", is_flag=True, help="Write the questions as JSON.")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
def command(
    login: str | None, is_general: bool, shape: Literal["terminal", "md"], as_json: bool, db: str | None
) -> None:
    """Show questions for an interview: about a stored person's evidence, and about what public code cannot show.

    Each question stands with its reason, the place of the evidence, and what an answer from experience has in it.
    """
    if is_general == (login is not None):
        raise UsageError("Name a stored person or ask for the general questions.", f"Not both, not neither. {_GENERAL}")
    made = _stored(profile.named(login), Path(db) if db else store.default_path()) if login else guide.general()
    if as_json:
        show(json_.render(guide.document(made)))
    elif shape == "md":
        show(guide.markdown(made))
    else:
        show(guide.terminal(made, width(), colour=has_colour()))


def _stored(login: str, path: Path) -> Guide:
    try:
        return guide.of(store.read(path, login))
    except UnknownCandidate as unknown:
        raise UnknownCandidate(unknown.message, f"{unknown.way_out} {_GENERAL}") from unknown
