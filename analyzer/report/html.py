"""The dossier as one HTML page: for a laptop, a phone and paper, offline, for somebody who is no engineer.

The page is safe whatever a repository holds. Every value a template prints is made visible with ``printable`` and then
escaped; only https addresses become links; there is no script, and the content security policy allows nothing but the
page's own style, named by its hash. So the same dossier gives the same bytes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from analyzer import badges
from analyzer.model import Coverage, Dossier, DossierRepository
from analyzer.report import chapters, guide, story, timeline, words
from analyzer.report.clean import printable
from analyzer.report.story import Read, Story
from analyzer.report.timeline import Timeline
from signals.model import Level

_HTTPS = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?(?:/[\w.~:/?#@&+,=%-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Repository:
    """A repository with what the story says of it and when the person changed what in it."""

    read: Read
    why: tuple[str, ...]
    coverage: Coverage
    timeline: Timeline | None


def render(dossier: Dossier) -> str:
    """The whole report as one self-contained page."""
    told = story.of(dossier)
    return _page(
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
    return [_repository(dossier, read, given[read.full_name]) for read in told.repositories]


def _repository(dossier: Dossier, read: Read, given: DossierRepository) -> _Repository:
    """Reasons for a kind may begin with the id of a signal, which becomes its title."""
    parts = (reason.partition(" ") for reason in given.kind_reasons)
    why = tuple(f"{words.signal(first)}{space}{rest}" for first, space, rest in parts)
    return _Repository(read, why, given.coverage, timeline.of(dossier, given))


def _page(template: str, **content: object) -> str:
    style = files("analyzer.report").joinpath("templates/report.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(style=style, policy=policy, **content)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("analyzer.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    cast("dict[str, object]", made.globals).update(words=words, levels=tuple(reversed(Level)))
    made.filters.update(https=https, sentence=_sentence)
    return made


def _shown(value: object) -> object:
    """What a template prints, before it is escaped: nothing invisible, nothing that turns the direction of text."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _sentence(text: str) -> str:
    """The text with exactly one full stop at its end and a capital at its start."""
    return f"{text[:1].upper()}{text[1:].rstrip('. ')}."


def https(url: str | None) -> str:
    """The address if it is https in plain characters, with a host and nothing before it; else empty."""
    return url if url and _HTTPS.fullmatch(url) else ""
