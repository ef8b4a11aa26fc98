"""The dossier as one HTML page: for a laptop, a phone and paper, offline, for somebody who is no engineer."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer import badges
from analyzer.model import Dossier, DossierRepository
from analyzer.report import chapters, guide, story, timeline
from analyzer.report.clean import printable
from analyzer.report.html_page import page
from analyzer.report.story import Read, Story
from analyzer.report.timeline import Timeline


@dataclass(frozen=True, slots=True)
class _Repository:
    """A repository with what the story says of it and when the person changed what in it."""

    read: Read
    given: DossierRepository
    timeline: Timeline | None


def render(dossier: Dossier) -> str:
    """The whole report as one self-contained page."""
    told = story.of(dossier)
    return page(
        "dossier.html",
        story=told,
        chapters=chapters.of(dossier, told),
        research=chapters.research(dossier, told),
        repositories=_repositories(dossier, told),
        badges=badges.judge(dossier) if told.has_levels else (),
        guide=guide.of(dossier),
        rules=dossier.rules,
    )


def _repositories(dossier: Dossier, told: Story) -> list[_Repository]:
    given = {printable(r.full_name): r for r in dossier.repositories}
    return [
        _Repository(read, given[read.full_name], timeline.of(dossier, given[read.full_name]))
        for read in told.repositories
    ]
