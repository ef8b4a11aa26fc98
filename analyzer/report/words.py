"""The words people read for levels, states, dimensions and confidence. The same in every format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from analyzer.model import Confidence, State
from signals.base import active
from signals.model import Dimension, Level, PathClass
from signals.wording import counted

STATE = {
    State.OBSERVED: "seen",
    State.ABSENT: "looked, nothing found in public code",
    State.NOT_OBSERVED: "no public place to look",
    State.NOT_CHECKED: "could not check",
}
UNSEEN = {
    State.ABSENT: "There was room for it for six months or more. It may have been done in code that is not public.",
    State.NOT_OBSERVED: "No repository here with six months of their work is a place to expect it, or all of it.",
    State.NOT_CHECKED: "A limit, an error or missing data stood in the way.",
}
"""Why a dimension was not seen. Nothing is held against anybody for any of these."""

BY_OTHERS = (
    "looked, nothing by this person found in public code",
    "It is there, as the work of others; this person had room for it for six months or more.",
)
"""What is said, and why, of a dimension in which only others left something."""

count = counted
"""A number with its noun: "1 commit", "1,204 commits"."""

REVERT = "Taking a change back quickly counts in favour."
"""Stands beside each revert, in every format."""

SET_BACK = "A value here was set back to what it had been."
"""Stands beside a file whose values show a revert, before the sentence above."""

GIVEN = "Given because all of this was found:"
"""Stands above the gates of a badge."""

NOTHING_HELD = "Nothing found in public code does not mean never done, and nothing is scored down for it."

LEVEL = {
    Level.LIVED_IN: "changed by this person over months, or tied to a revert or an incident",
    Level.USED: "configured and called in the code; whether it ever ran is not shown",
    Level.DECLARED: "present in a file; presence alone is cheap",
}
CELL = {
    State.OBSERVED: "seen",
    State.ABSENT: "nothing found",
    State.NOT_OBSERVED: "no place to look",
    State.NOT_CHECKED: "could not check",
}
"""The states where there is no room for more, as in a table; what they stand for is said beside it."""

CELL_MEANS = {**STATE, State.ABSENT: f"{STATE[State.ABSENT]} by this person; others may have left something there"}
"""What the words of ``CELL`` stand for. A cell has no room to say of each dimension whether others were there."""

BADGE = {"operated-in-anger": "Operated in anger", "ml-in-production": "ML in production"}
"""The titles of badges that were given."""

APART = "This person is not compared with the others."

TIE = "no difference that the evidence can carry"

CAP = {
    "not_the_persons_lines": "none of the evidence lines is this person's",
    "weak_identity": "the address is only weakly tied to the person",
    "path_class": "the file is not one of code or operations",
    "role": "the person neither wrote it nor helped to write it",
}
"""What kept evidence from being lived-in for this person."""

CONFIDENCE = {
    Confidence.HIGH: "high confidence",
    Confidence.MEDIUM: "medium confidence",
    Confidence.LOW: "low confidence",
}
DIMENSION = {
    Dimension.OBSERVABILITY: "Observability and monitoring",
    Dimension.ML_MONITORING: "Model monitoring and data checks",
    Dimension.DEPLOYMENT: "Deployment and model serving",
    Dimension.ROLLBACK: "Rollback and reversibility",
    Dimension.RESILIENCE: "Failure handling",
    Dimension.PERFORMANCE: "Latency, throughput and cost",
    Dimension.DELIVERY: "Delivery and releases",
    Dimension.MAINTENANCE: "Long-lived maintenance",
    Dimension.OWNERSHIP: "Operational ownership",
    Dimension.TESTING: "Testing and reproducibility",
    Dimension.SIMPLICITY: "Simplicity",
    Dimension.RESEARCH: "Research-style work",
}
ASIDE = {
    PathClass.TEMPLATE: "in a template",
    PathClass.EXAMPLE: "in an example",
    PathClass.TEST: "in a test",
    PathClass.DOCS: "in a document",
    PathClass.NOTEBOOK: "in a notebook",
}
"""Where a piece of evidence weighs less than in code; said beside it."""


def signal(name: str) -> str:
    """A signal's title, such as "Taking a change back"; the id as words where no rule has it any more."""
    return _titles().get(name) or name.replace("-", " ").capitalize()


@cache
def _titles() -> Mapping[str, str]:
    return {s.id: s.rule.title for s in active()}


def more_pieces(n: int) -> str:
    """How many pieces of the person's evidence a report leaves out."""
    return f"{count(n, 'more piece', 'more pieces')} of evidence by this person: shiptrace explain has them all."


def others(n: int) -> str:
    """How many pieces are context only."""
    if n == 1:
        return "1 more piece of evidence here is other people's work and weighs nothing."
    return f"{n:,} more pieces of evidence here are other people's work and weigh nothing."


def more_missed(n: int) -> str:
    """How many gaps a report leaves out."""
    return f"And {count(n, 'more gap')}: the JSON report has them all."
