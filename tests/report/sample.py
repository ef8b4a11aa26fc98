"""A dossier made by hand with every kind of value in it, for the tests of the report and of the store."""

from __future__ import annotations

from dataclasses import replace

from analyzer.model import (
    Confidence,
    Coverage,
    DimensionScore,
    Dossier,
    DossierApi,
    DossierAttribution,
    DossierCandidate,
    DossierEvidence,
    DossierIdentity,
    DossierRepository,
    Factors,
    Gap,
    IdentitySource,
    Profile,
    ProfileCoverage,
    Research,
    Role,
    Rules,
    SignalInRepository,
    SignalScore,
    State,
)
from signals.model import Dimension, Level, PathClass

HEAD = "a1" * 20
REVERT = "b2" * 20
FIX = "c3" * 20

ALERTS = DossierEvidence(
    id="0123456789abcdef",
    signal="alert-rules",
    dimension=Dimension.OBSERVABILITY,
    repository="acme/predictor",
    place_kind="lines",
    sha=HEAD,
    path="deploy/alerts/latency.yaml",
    line_start=12,
    line_end=14,
    more_lines=(30, 41),
    commit=None,
    api=None,
    supports=(FIX, REVERT),
    content_level="used",
    level=Level.LIVED_IN,
    caps=(),
    path_class=PathClass.CODE,
    attribution=DossierAttribution(
        share=2 / 3,
        role=Role.AUTHOR,
        identity=IdentitySource.GIVEN,
        method="blame",
        confidence=Confidence.MEDIUM,
        reason="2 of 3 evidence lines last changed by this person as author, by an address given for the candidate",
    ),
    weight=0.7 * 0.85 * 2 / 3,
    factors=Factors(level=0.7, attribution=0.85 * 2 / 3, path_class=1.0, recency=1.0, guards=1.0),
    message="An alert on request latency is routed to a receiver",
    snippet="expr: histogram_quantile(0.99, rate(request_seconds_bucket[5m])) > 0.5",
    facts={"receiver": "pager", "n_rules": 3, "threshold": 0.5, "for": ("5m", "10m"), "silenced": False, "owner": None},
    url=f"https://github.com/acme/predictor/blob/{HEAD}/deploy/alerts/latency.yaml#L12-L14",
)
REVERTED = replace(
    ALERTS,
    id="1123456789abcdef",
    signal="revert-commit",
    dimension=Dimension.ROLLBACK,
    place_kind="commit",
    sha=None,
    path=None,
    line_start=None,
    line_end=None,
    more_lines=(),
    commit=REVERT,
    supports=(),
    level=Level.USED,
    caps=("revert_not_linked",),
    path_class=None,
    attribution=DossierAttribution(
        1.0, Role.AUTHOR, IdentitySource.NOREPLY_ID, "commit", Confidence.HIGH, "author of the commit"
    ),
    weight=0.3,
    factors=Factors(0.3, 1.0, 1.0, 1.0, 1.0),
    message="A change was taken back 3 hours after it went out",
    snippet='Revert "Use the new tokenizer"',
    facts={"hours": 3.25},
    url=f"https://github.com/acme/predictor/commit/{REVERT}",
)
OTHERS = replace(
    ALERTS,
    id="2123456789abcdef",
    signal="container-image",
    dimension=Dimension.DEPLOYMENT,
    path="Dockerfile",
    line_start=1,
    line_end=1,
    more_lines=(),
    supports=(),
    level=Level.USED,
    caps=("not_the_persons_lines",),
    attribution=DossierAttribution(
        0.0, Role.NONE, None, "none", Confidence.HIGH, "no commit of this person changes the path"
    ),
    weight=0.0,
    factors=Factors(0.3, 0.0, 1.0, 0.6, 1.0),
    message="An image is built and rolled out",
    snippet="FROM python:3.12-slim",
    facts={},
    url=None,
)
RELEASED = replace(
    REVERTED,
    id="3123456789abcdef",
    signal="release-notes",
    dimension=Dimension.DELIVERY,
    place_kind="api",
    commit=None,
    api=DossierApi("release", "42", "https://github.com/acme/predictor/releases/42", "2026-01-02T03:04:05Z"),
    level=Level.DECLARED,
    content_level="declared",
    caps=(),
    message="A release was published",
    snippet="",
    facts={},
    url="https://github.com/acme/predictor/releases/42",
)

PREDICTOR = DossierRepository(
    full_name="acme/predictor",
    sha=HEAD,
    kind="ml_service",
    kind_reasons=("a model is served", "an image is rolled out"),
    commits=5310,
    candidate_commits=1204,
    first_commit="2019-02-03",
    last_commit="2026-10-30",
    state="complete",
    reason="",
    coverage=Coverage(40, 40, 0),
)
LIBRARY = replace(
    PREDICTOR,
    full_name="acme/library",
    sha="d4" * 20,
    kind="library",
    kind_reasons=(),
    candidate_commits=0,
    state="partial",
    reason="3 of 12 files could not be read",
    coverage=Coverage(12, 9, 3),
)
GONE = DossierRepository(
    "acme/gone", "", "unknown", (), 0, 0, None, None, "skipped", "acme/gone is empty.", Coverage(0, 0, 0)
)


def _signal(e: DossierEvidence, state: State, value: float | None, reason: str) -> SignalScore:
    own = (e.id,) if state is State.OBSERVED else ()
    places = (
        SignalInRepository("acme/gone", State.NOT_CHECKED, None, 0, "acme/gone is empty."),
        SignalInRepository("acme/library", State.NOT_OBSERVED, None, 0, "nothing found; no commit here"),
        SignalInRepository("acme/predictor", state, e.content_level, len(own), reason),
    )
    return SignalScore(e.signal, e.dimension, state, value, own, places, reason)


_STATES = {
    Dimension.OBSERVABILITY: (State.OBSERVED, 0.4, Level.LIVED_IN, Confidence.MEDIUM),
    Dimension.ROLLBACK: (State.OBSERVED, None, Level.USED, Confidence.HIGH),
    Dimension.DELIVERY: (State.OBSERVED, 0.08, Level.DECLARED, Confidence.LOW),
    Dimension.DEPLOYMENT: (State.ABSENT, None, None, None),
    Dimension.RESILIENCE: (State.NOT_CHECKED, None, None, None),
}


def _dimension(dimension: Dimension) -> DimensionScore:
    state, value, level, confidence = _STATES.get(dimension, (State.NOT_OBSERVED, None, None, None))
    signals = tuple(e.signal for e in (ALERTS, REVERTED, OTHERS, RELEASED) if e.dimension is dimension)
    return DimensionScore(dimension, state, value, level, confidence, signals)


def dossier() -> Dossier:
    """Three repositories, four pieces of evidence, every state, every level, every kind of place."""
    return Dossier(
        candidate=DossierCandidate(
            "octo-builder",
            (
                DossierIdentity("00112233aabbccdd", IdentitySource.NOREPLY_ID, Confidence.HIGH),
                DossierIdentity("ff112233aabbccdd", IdentitySource.GIVEN, Confidence.MEDIUM),
            ),
        ),
        as_of="2026-11-21",
        rules=Rules("5f1e9c0a7b32", "1"),
        repositories=(GONE, LIBRARY, PREDICTOR),
        evidence=(ALERTS, REVERTED, RELEASED, OTHERS),
        signals=(
            _signal(ALERTS, State.OBSERVED, 0.4, "seen in 1 of 3 repositories"),
            _signal(OTHERS, State.ABSENT, None, "1 present, none of it by this person"),
            _signal(RELEASED, State.OBSERVED, 0.08, "seen in 1 of 3 repositories"),
            _signal(REVERTED, State.OBSERVED, None, "seen in 1 of 3 repositories"),
        ),
        dimensions=tuple(_dimension(d) for d in Dimension if d is not Dimension.RESEARCH),
        research=Research(None, ("notebook-share",)),
        profile=Profile(
            "Kept changing over months or taken back and repaired: observability.", ("on-call",), ProfileCoverage(3, 4)
        ),
        gaps=(
            Gap("repository", "acme/gone", "", "acme/gone is empty."),
            Gap("deploy/broken.yaml", "acme/library", "alert-rules", "not YAML: line 3"),
        ),
    )
