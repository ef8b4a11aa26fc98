"""The demo portfolios as dossiers, by the ordinary pipeline."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from analyzer import pipeline
from analyzer.demo import portfolio
from analyzer.identity import candidate_for
from analyzer.model import Dossier


def dossiers() -> dict[str, Dossier]:
    """Build and scan every portfolio; the dossiers by login."""
    with TemporaryDirectory() as folder:
        return {person.login: _dossier(person) for person in portfolio.build(Path(folder))}


def _dossier(person: portfolio.DemoPortfolio) -> Dossier:
    targets = [pipeline.Target(git_dir, web=portfolio.HOST) for _, git_dir in person.repositories]
    return pipeline.scan(targets, candidate_for(person.login, person.emails), person.as_of).dossier
