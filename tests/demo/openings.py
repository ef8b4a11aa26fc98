"""What a report of the demo opens with, as text that people can read and compare."""

from __future__ import annotations

from pathlib import Path

from analyzer import opening
from analyzer.model import Dossier, DossierEvidence

GOLDEN = Path(__file__).with_name("openings")


def told(dossier: Dossier) -> str:
    """The opening of a dossier with its badges; a place is named by what does not change with every edit."""
    opened = opening.of(dossier)
    lines = [
        f"kind: {opened.kind.value}",
        f"headline: {opened.headline}",
        f"story: {_story(opened.story) if opened.story else 'none'}",
        f"link: {opened.story.url if opened.story else 'none'}",
        f"confidence: {opened.confidence.value if opened.confidence else 'none'}",
        f"sure: {opened.sure}",
        f"not visible: {opened.not_visible}",
        *(f"ask: {question}" for question in opened.ask),
        f"badges: {', '.join(dossier.profile.badges) or 'none'}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _story(row: DossierEvidence) -> str:
    where = row.path if row.path is not None else row.snippet
    return f"{row.message} [{row.signal}, {row.level.value}, {row.repository}: {where}]"
