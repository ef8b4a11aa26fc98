"""What is told to people, all of it derived from the dossier: openings, badges and questions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from analyzer.model import Confidence, DossierEvidence
from signals.model import Dimension

LEFT_OUT = "left out"
"""What the gap of a repository is about that was not read because it has nothing to look at."""


NO_PUBLIC_WORK = "no public work given: use the interview guide"
"""What is said of somebody without a repository to read; it is no judgement."""


class OpeningKind(StrEnum):
    """What the public work is, as far as a first look goes; decides the words a report opens with."""

    OPERATED = "operated"
    MAINTAINED = "maintained"
    ARTEFACTS = "artefacts"
    RESEARCH = "research"
    LITTLE = "little"


@dataclass(frozen=True, slots=True)
class Opening:
    """The first thing a reader sees. ``headline`` is also ``profile.summary``.

    ``story`` is the strongest piece of evidence, ``sure`` how far it can be trusted, ``not_visible`` what public code
    could not show, ``ask`` at most three questions. With ``LITTLE`` no values or levels are to be shown.
    """

    kind: OpeningKind
    headline: str
    story: DossierEvidence | None
    confidence: Confidence | None
    sure: str
    not_visible: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of a badge in plain words, whether it is met, and the evidence that meets it."""

    condition: str
    is_met: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """A named combination of evidence with transparent gates (catalogue.md §6.2); never a grade."""

    badge: str
    title: str
    is_given: bool
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question for an interview: about a piece of evidence, or about what could not be seen.

    ``why`` says where the question comes from, ``listen_for`` what an answer from experience has in it. ``evidence``
    are ids, empty for a gap; ``dimension`` is None where the question is about the work as a whole.
    """

    topic: Literal["evidence", "gap", "general"]
    dimension: Dimension | None
    text: str
    why: str
    listen_for: tuple[str, ...]
    evidence: tuple[str, ...]
