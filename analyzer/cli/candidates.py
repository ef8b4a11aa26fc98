"""``shiptrace candidates``: who is in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from analyzer.cli.screen import has_colour, show, width
from analyzer.report import words
from analyzer.report.clean import printable
from analyzer.report.page import BOLD, Page
from analyzer.store import Reader, default_path
from analyzer.store.people import StoredCandidate


@click.command("candidates")
@click.option("--db", metavar="FILE", envvar="SHIPTRACE_DB", help="The DuckDB file (default: in the data folder).")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(db: str | None, as_json: bool) -> None:
    """List everybody in the store: what was seen, on which basis, for what, in which cohorts, and until when."""
    with Reader.open(Path(db) if db else default_path()) as store:
        found = store.candidates()
    show(as_text(found, as_json=as_json))


def as_text(found: Sequence[StoredCandidate], *, as_json: bool) -> str:
    """The candidates as JSON, or as a page for the terminal; what is due is judged by today, UTC."""
    today = datetime.now(UTC).date()
    if as_json:
        records = [asdict(c) | {"is_due": _is_due(c, today)} for c in found]
        return json.dumps(records, indent=2, default=date.isoformat) + "\n"
    page = Page(width(), colour=has_colour())
    for candidate in found:
        page.line((printable(candidate.login), BOLD))
        for sentence in _sentences(candidate, today):
            page.paragraph(printable(sentence), indent=2, hang=2)
    page.line((_total(found, today), ""))
    return str(page)


def _is_due(candidate: StoredCandidate, today: date) -> bool:
    return candidate.delete_after is not None and candidate.delete_after < today


def _sentences(candidate: StoredCandidate, today: date) -> list[str]:
    """What is known beside the login, each on lines of its own."""
    repositories = words.count(candidate.n_repositories, "repository", "repositories")
    told = [candidate.summary, f"Judged from {candidate.as_of}, {repositories}."]
    if candidate.basis:
        told.append(f"Basis: {candidate.basis}" + (f", for: {candidate.purpose}" if candidate.purpose else ""))
    elif candidate.purpose:
        told.append(f"For: {candidate.purpose}")
    if candidate.cohorts:
        told.append(f"In: {', '.join(candidate.cohorts)}")
    if _is_due(candidate, today):
        told.append(f"DUE: to be erased after {candidate.delete_after}, with `shiptrace forget {candidate.login}`")
    elif candidate.delete_after:
        told.append(f"Kept until {candidate.delete_after}.")
    return told


def _total(found: Sequence[StoredCandidate], today: date) -> str:
    due = sum(_is_due(c, today) for c in found)
    return words.count(len(found), "candidate") + (f", {due} due to be erased" if due else "")
