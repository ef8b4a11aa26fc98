"""The words people read for levels, states, dimensions and confidence. The same in every format."""

from __future__ import annotations

from analyzer.model import Confidence, State
from signals.model import Dimension, Level

STATE = {
    State.OBSERVED: "seen",
    State.ABSENT: "looked, nothing found in public code",
    State.NOT_OBSERVED: "no public place to look",
    State.NOT_CHECKED: "could not check",
}
UNSEEN = {
    State.ABSENT: "there was room for it here for six months or more; it may have been done in code that is not public",
    State.NOT_OBSERVED: "no repository here in which it could be expected and this person worked for half a year",
    State.NOT_CHECKED: "a limit, an error or missing data stood in the way",
}
"""Why a dimension was not seen. Nothing is held against anybody for any of these."""

REVERT = "Taking a change back quickly counts in favour."
"""Stands beside each revert, in every format."""

NOTHING_HELD = "Nothing found in public code does not mean never done, and nothing is scored down for it."

LEVEL = {
    Level.LIVED_IN: "changed by this person over months, or tied to a revert or an incident",
    Level.USED: "configured and called, not only written down",
    Level.DECLARED: "present in a file; presence alone is cheap",
}
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


def signal(name: str) -> str:
    """A signal's id as words: ``alert-rules`` is "alert rules"."""
    return name.replace("-", " ")


def count(n: int, thing: str, things: str = "") -> str:
    """A number with its noun: "1 commit", "1,204 commits"."""
    return f"{n:,} {thing if n == 1 else things or thing + 's'}"
