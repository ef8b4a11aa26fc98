"""Questions for an interview: about the strongest evidence, and about what public code could not show. Pure.

A trace in public code is a good question, not an answer; so is a gap. The questions are the same for everybody whose
dossier has the same shape, and somebody without any public work gets the general ones, which need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from analyzer import opening
from analyzer.model import Dossier, DossierEvidence, State
from analyzer.told import OpeningKind, Question
from signals.model import Dimension, Level

MAX_ABOUT_EVIDENCE = 6
MAX_ABOUT_GAPS = 4


class _Asked(NamedTuple):
    """What is asked about a dimension: by its evidence, without evidence, and what to listen for."""

    about_evidence: str
    about_gap: str
    listen_for: tuple[str, ...]


_BY_DIMENSION: Mapping[Dimension, _Asked] = {
    Dimension.OBSERVABILITY: _Asked(
        "What did this tell you that you would not have known, and what did you change in it afterwards?",
        "How did you learn that a service of yours was not well: from an alert, a dashboard, or a user?",
        ("a concrete case with what was seen first", "alerts removed because nobody acted on them"),
    ),
    Dimension.ML_MONITORING: _Asked(
        "When did this check speak up, and what was wrong: the data, the model or the check?",
        "How would you have noticed that a model of yours had become worse without any error being raised?",
        ("which limit was chosen and why", "labels that come late, and what stood in for them"),
    ),
    Dimension.DEPLOYMENT: _Asked(
        "Walk me through the way of a change from here until it runs. Which step failed most often?",
        "How did what you built get to where it runs, and who could press the button?",
        ("steps that were automated after they went wrong", "resources chosen by measuring"),
    ),
    Dimension.ROLLBACK: _Asked(
        "When was the way back used, who decided it, and how long did it take?",
        "Tell me about a change that you had to take back. How long did it take, and what was in the way?",
        ("going back first, looking for the cause afterwards", "what made the next one easier"),
    ),
    Dimension.RESILIENCE: _Asked(
        "Which failure was this made for, and did it behave as meant when the failure came?",
        "What did your software do when something it depends on was slow or gone?",
        ("limits and pauses chosen from measurements", "a failure that the handling itself made worse"),
    ),
    Dimension.PERFORMANCE: _Asked(
        "What did you measure, what did you change, and what was the figure afterwards?",
        "How did you know how much load a service of yours could take, and what it cost?",
        ("figures with their conditions", "something made slower or dearer on purpose, and why"),
    ),
    Dimension.DELIVERY: _Asked(
        "How long from a merged change to users having it, and what would you still cut from that?",
        "How often did you ship, and what stood between a finished change and its users?",
        ("small changes, shipped often", "a check that was dropped because it found nothing"),
    ),
    Dimension.MAINTENANCE: _Asked(
        "What made you come back to this over such a time, and what had you got wrong at first?",
        "Tell me about something of yours that you still had to change a year later.",
        ("regret about an early decision, and how it was undone", "what was left alone on purpose"),
    ),
    Dimension.OWNERSHIP: _Asked(
        "What did you change in the system because of this, and did the same thing happen again?",
        "Who was called when it broke at night, and what did you write down afterwards?",
        ("causes in the system, not in persons", "follow-ups that were done"),
    ),
    Dimension.TESTING: _Asked(
        "Take one of these: how did it get past the tests that were there, and what else did you find by looking?",
        "Tell me about an error that your tests should have found and did not.",
        ("a test that fails without the fix", "tests that were deleted because they cost more than they gave"),
    ),
    Dimension.SIMPLICITY: _Asked(
        "What was here before, and how did you know that it could go?",
        "What is the best thing you ever deleted or decided not to build?",
        ("how its users were found out", "complexity that was refused, with a reason"),
    ),
}
_BY_SIGNAL: Mapping[str, str] = {
    "revert-commit": "What happened before this was taken back: who noticed, after how long, and how did you decide?",
    "time-to-revert": "Take one of these: who noticed, and why did you take it back rather than repair it?",
    "model-version-pin-swap": "How did you know that the new version was no worse, and what would have told you?",
    "incident-driven-fix": "How did you learn of this failure, and what would have shown it earlier?",
}
"""What is asked about a signal instead of its dimension's question."""

_GENERAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "What have you run and kept running for others that is not public? Who used it, and for how long?",
        ("real users, real dates", "their own part, kept apart from the team's"),
    ),
    (
        "Tell me about the last time it broke. Who noticed first, and what did you do in the first ten minutes?",
        (
            "going back to what worked before looking for the cause",
            "what was changed so that it shows earlier next time",
        ),
    ),
    (
        "How did you swap or roll back a model or a version, and how did you know that the new one was no worse?",
        ("one step forward, one step back, both tried", "a figure that was watched after the swap"),
    ),
    (
        "What did you leave out or take away to be able to change it next week?",
        ("something simple that held", "a tool or service that was not worth its care"),
    ),
)


def questions(dossier: Dossier) -> tuple[Question, ...]:
    """Questions about evidence, then about gaps; the general ones where little is public or nothing is lived-in."""
    about = () if opening.of(dossier).kind is OpeningKind.LITTLE else tuple(_about_evidence(dossier))
    gaps = tuple(_about_gaps(dossier))
    has_story = any(e.level is Level.LIVED_IN for e in dossier.evidence if e.attribution.share > 0)
    return (*about, *gaps) if has_story and about else (*about, *general(), *gaps)


def general() -> tuple[Question, ...]:
    """The questions that need no public work."""
    return tuple(
        Question("general", None, text, "asked of everybody whose work is mostly not public", listen_for, ())
        for text, listen_for in _GENERAL
    )


def _about_evidence(dossier: Dossier) -> Iterable[Question]:
    """One question for each dimension with evidence of the person's own, the best levels first."""
    own = [e for e in dossier.evidence if e.attribution.share > 0 and e.dimension in _BY_DIMENSION and e.weight > 0]
    best: dict[Dimension, DossierEvidence] = {}
    for row in sorted(own, key=lambda e: (-e.level.rank, -opening.telling(e), -e.weight, e.id)):
        best.setdefault(row.dimension, row)
    chosen = sorted(best.values(), key=lambda e: (-e.level.rank, -opening.telling(e), -e.weight, e.id))[
        :MAX_ABOUT_EVIDENCE
    ]
    for row in chosen:
        asked = _BY_DIMENSION[row.dimension]
        text = _BY_SIGNAL.get(row.signal, asked.about_evidence)
        yield Question("evidence", row.dimension, text, row.message, asked.listen_for, (row.id,))


def _about_gaps(dossier: Dossier) -> Iterable[Question]:
    """What could not be seen, in the order of the dimensions; nothing found is asked about in the same words."""
    by_others = {e.dimension for e in dossier.evidence}
    unseen = [d for d in dossier.dimensions if d.signals and d.state is not State.OBSERVED]
    unseen.sort(key=lambda d: d.state is State.ABSENT)
    for d in unseen[:MAX_ABOUT_GAPS]:
        asked = _BY_DIMENSION[d.dimension]
        why = _BY_OTHERS if d.state is State.ABSENT and d.dimension in by_others else _WHY[d.state]
        yield Question("gap", d.dimension, asked.about_gap, why, asked.listen_for, ())


_BY_OTHERS = "it is there in what was read, as the work of others"
_WHY: Mapping[State, str] = {
    State.OBSERVED: "",
    State.ABSENT: "nothing was found in public code, which does not mean that it was never done",
    State.NOT_OBSERVED: "there is no public place to look",
    State.NOT_CHECKED: "it could not be checked",
}
