"""The opening of a report: what is there, how sure, what could not be seen, what to ask. Pure.

Everything is derived from the dossier's evidence and states; the headline is also ``profile.summary``. The words claim
no more than the evidence: "kept running" needs lived-in operations work on something that runs, and no words at all are
said about somebody of whom there is too little to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.badges import ALSO_IN_LIBRARIES
from analyzer.kind import NOT_OPERATED, RUNNING
from analyzer.model import Confidence, Dossier, DossierEvidence, DossierRepository, IdentitySource, State
from analyzer.told import NO_PUBLIC_WORK, Opening, OpeningKind
from signals.model import Dimension, Level
from signals.wording import listed

FEW_COMMITS = 20
FEW_SIGNALS = 2
PART_SHARE = 0.25
MAX_NAMED = 4

_OPERATIONS = frozenset(
    {
        Dimension.OBSERVABILITY,
        Dimension.ML_MONITORING,
        Dimension.DEPLOYMENT,
        Dimension.ROLLBACK,
        Dimension.RESILIENCE,
        Dimension.PERFORMANCE,
        Dimension.DELIVERY,
        Dimension.OWNERSHIP,
    }
)
_OPERATES_BY_ITSELF = frozenset({"alert-rules", "postmortem", "runtime-deploy-workflow"})
"""Signals that show operation whatever the repository is taken for."""

_TELLING: dict[str, int] = {
    "incident-driven-fix": 3,
    "revert-commit": 3,
    "model-version-pin-swap": 3,
    "postmortem": 3,
    "alert-rules": 2,
    "drift-detection": 2,
    "runtime-deploy-workflow": 2,
    "ops-files-lived-in": 2,
    "regression-test-with-fix": 2,
    "active-months": 0,
    "ci-gate": 0,
    "time-to-revert": 0,
}
"""How much of a story a signal tells, 1 where nothing is said; among equals of a level it decides before the weight."""

_OF_THE_ACCOUNT = frozenset({IdentitySource.GITHUB, IdentitySource.NOREPLY_ID, IdentitySource.NOREPLY_LOGIN})

_SINGLE = frozenset({"incident-driven-fix", "revert-commit"})
"""History signals whose rows are single commits; the supports of the others are what a sum is made of."""


def of(dossier: Dossier) -> Opening:
    """The opening of a dossier's report; ``dossier.profile`` is not read."""
    own = [e for e in dossier.evidence if e.attribution.share > 0 and e.weight > 0]
    production = [e for e in own if e.dimension is not Dimension.RESEARCH]
    kind = _kind(dossier, own, production)
    story = _story(kind, production, dossier)
    confidence = _confidence(dossier, story)
    return Opening(
        kind=kind,
        headline=_headline(kind, dossier, own, story),
        story=story,
        confidence=confidence,
        sure=_sure(kind, dossier, confidence),
        not_visible=_not_visible(kind, dossier),
        ask=_ask(kind, dossier, story),
    )


# --- which opening ---------------------------------------------------------


def _kind(dossier: Dossier, own: Sequence[DossierEvidence], production: Sequence[DossierEvidence]) -> OpeningKind:
    kinds = {r.full_name: r.kind for r in dossier.repositories}
    lived = [e for e in production if e.level is Level.LIVED_IN and kinds[e.repository] not in NOT_OPERATED]
    operations = [e for e in production if _is_operations(e)]
    if _is_operated(lived, operations, own, kinds):
        return OpeningKind.OPERATED
    stayed = {e.repository for e in own if e.signal == "active-months" and e.level.rank >= Level.USED.rank}
    if any(e.repository in stayed for e in lived) or any(kinds[name] not in NOT_OPERATED for name in stayed):
        return OpeningKind.MAINTAINED
    is_research = any(s.state is State.OBSERVED and s.dimension is Dimension.RESEARCH for s in dossier.signals)
    settled = [e for e in operations if kinds[e.repository] not in ("research", "notebooks")]
    if is_research and not any(e.level.rank >= Level.USED.rank for e in settled):
        return OpeningKind.RESEARCH
    commits = sum(r.candidate_commits for r in dossier.repositories)
    if lived or (operations and (len({e.signal for e in operations}) > FEW_SIGNALS or commits >= FEW_COMMITS)):
        return OpeningKind.ARTEFACTS
    return OpeningKind.RESEARCH if is_research else OpeningKind.LITTLE


def _is_operations(row: DossierEvidence) -> bool:
    return row.dimension in _OPERATIONS or row.signal == "ops-files-lived-in"


def _is_operated(
    lived: Sequence[DossierEvidence],
    operations: Sequence[DossierEvidence],
    own: Sequence[DossierEvidence],
    kinds: dict[str, str],
) -> bool:
    """Whether something that runs was kept running: two lived-in signals of operation, or one and half a year."""
    proofs = [e for e in lived if e in operations]
    by_itself = {e.signal for e in proofs if e.signal in _OPERATES_BY_ITSELF}
    running = [e for e in proofs if kinds[e.repository] in RUNNING]
    deciding = {e.signal for e in running if e.signal not in ALSO_IN_LIBRARIES}
    if len(by_itself) >= 2 or (deciding and len({e.signal for e in running}) >= 2):
        return True
    stayed = {e.repository for e in own if e.signal == "active-months" and e.level.rank >= Level.USED.rank}
    return any(e.repository in stayed and e.signal in deciding for e in running)


def _story(kind: OpeningKind, rows: Sequence[DossierEvidence], dossier: Dossier) -> DossierEvidence | None:
    """The strongest piece, of operations where the opening speaks of operations."""
    match kind:
        case OpeningKind.LITTLE | OpeningKind.RESEARCH:
            return None
        case OpeningKind.OPERATED | OpeningKind.ARTEFACTS:
            return _strongest([e for e in rows if _is_operations(e)] or rows, dossier)
        case OpeningKind.MAINTAINED:
            return _strongest(rows, dossier)


def _strongest(rows: Sequence[DossierEvidence], dossier: Dossier) -> DossierEvidence | None:
    kinds = {r.full_name: r.kind for r in dossier.repositories}
    return min(
        rows,
        key=lambda e: (kinds[e.repository] in NOT_OPERATED, -e.level.rank, -telling(e), -e.weight, e.id),
        default=None,
    )


def telling(row: DossierEvidence) -> int:
    """How much of a story a piece tells, 0 to 3; a sum over many commits tells less than one commit or file."""
    told = _TELLING.get(row.signal, 1)
    return min(told, 1) if row.commit is not None and row.supports and row.signal not in _SINGLE else told


# --- the words -------------------------------------------------------------


def _headline(
    kind: OpeningKind, dossier: Dossier, own: Sequence[DossierEvidence], story: DossierEvidence | None
) -> str:
    match kind:
        case OpeningKind.OPERATED | OpeningKind.MAINTAINED:
            return _kept(kind, dossier, own, story)
        case OpeningKind.ARTEFACTS:
            return (
                "Operations files are present, but their use over time is not shown; this is normal for templates and "
                "teaching."
            )
        case OpeningKind.RESEARCH:
            return (
                "The public work is research-style; it offers little public place to look for operations, so this says "
                "nothing about ability there."
            )
        case OpeningKind.LITTLE:
            if not dossier.repositories:
                return f"{NO_PUBLIC_WORK[0].upper()}{NO_PUBLIC_WORK[1:]}; do not rank this person below others."
            others = any(e.attribution.share == 0 for e in dossier.evidence)
            found = "What was found here is the work of others. " if others else ""
            return (
                f"{found}There is too little public work by this person to say; do not rank this person below others."
            )


def _kept(kind: OpeningKind, dossier: Dossier, own: Sequence[DossierEvidence], story: DossierEvidence | None) -> str:
    """Over how many months, from the repository where most that is lived-in was found."""
    repository = _main_repository(kind, dossier, own) or (story.repository if story else "")
    months = next((e for e in own if e.signal == "active-months" and e.repository == repository), None)
    part = "part of " if _is_part(dossier, repository) else ""
    done = f"Kept {part}{repository} running" if kind is OpeningKind.OPERATED else f"Maintained {part}{repository}"
    others = {e.repository for e in own if e.level is Level.LIVED_IN} - {repository}
    also = f", and kept up {len(others)} more {'repository' if len(others) == 1 else 'repositories'}" if others else ""
    if months is None:
        return f"{done}, coming back over months{also}."
    first, last = str(months.facts["first"])[:7], str(months.facts["last"])[:7]
    active = f"{first} to {last}, active in {months.facts['months']} of them"
    return f"{done} over {_span(first, last)} months ({active}){also}."


def _span(first: str, last: str) -> int:
    """Calendar months from first to last, both counted."""
    (y1, m1), (y2, m2) = (tuple(map(int, month.split("-"))) for month in (first, last))
    return (y2 - y1) * 12 + m2 - m1 + 1


def _main_repository(kind: OpeningKind, dossier: Dossier, own: Sequence[DossierEvidence]) -> str:
    candidates: dict[str, list[DossierEvidence]] = {}
    for row in own:
        if row.level is Level.LIVED_IN and (kind is OpeningKind.MAINTAINED or _is_operations(row)):
            candidates.setdefault(row.repository, []).append(row)
    kinds = {r.full_name: r.kind for r in dossier.repositories}
    return min(
        candidates,
        key=lambda name: (
            kinds[name] in NOT_OPERATED,
            kind is OpeningKind.OPERATED and kinds[name] not in RUNNING,
            -len({row.signal for row in candidates[name]}),
            -sum(row.weight for row in candidates[name]),
            name,
        ),
        default="",
    )


def _repository(dossier: Dossier, name: str) -> DossierRepository | None:
    return next((r for r in dossier.repositories if r.full_name == name), None)


def _is_part(dossier: Dossier, name: str) -> bool:
    repository = _repository(dossier, name)
    return repository is not None and repository.candidate_commits < PART_SHARE * repository.commits


def _confidence(dossier: Dossier, story: DossierEvidence | None) -> Confidence | None:
    if story is None:
        return None
    return next((d.confidence for d in dossier.dimensions if d.dimension is story.dimension), None)


def _sure(kind: OpeningKind, dossier: Dossier, confidence: Confidence | None) -> str:
    if kind is OpeningKind.LITTLE:
        return "nothing is claimed"
    how = _identity(dossier)
    if confidence is None:
        return f"the kind of work is plain to see; {how}"
    little = ", for there was little to look at" if confidence is Confidence.LOW else ""
    return f"{confidence.value} confidence{little}; {how}"


def _identity(dossier: Dossier) -> str:
    sources = {i.source for i in dossier.candidate.identities}
    if sources - _OF_THE_ACCOUNT:
        also = " and by addresses that GitHub gives the account" if sources & _OF_THE_ACCOUNT else ""
        return f"the commits were matched by addresses that were given for this person{also}"
    return "the commits were matched by addresses that GitHub gives the account"


def _not_visible(kind: OpeningKind, dossier: Dossier) -> str:
    if kind is OpeningKind.LITTLE:
        return "whatever was done in private code, which is most of what people do for a living"
    unseen = _names(d.dimension for d in dossier.dimensions if d.signals and d.state is State.NOT_OBSERVED)
    unchecked = _names(d.dimension for d in dossier.dimensions if d.signals and d.state is State.NOT_CHECKED)
    parts = [f"{unseen}: no public place to look"] if unseen else []
    parts += [f"{unchecked}: could not check"] if unchecked else []
    return "; ".join(parts) or "private code and what no file shows, such as reviews and talks"


def _names(dimensions: Iterable[Dimension]) -> str:
    named = [d.value.replace("_", " ").replace("ml ", "model ") for d in dimensions]
    return listed(named, MAX_NAMED)


def _ask(kind: OpeningKind, dossier: Dossier, story: DossierEvidence | None) -> tuple[str, ...]:
    unseen = [d.dimension for d in dossier.dimensions if d.signals and d.state is not State.OBSERVED]
    unseen.sort(key=lambda d: d is Dimension.ML_MONITORING and not _has_models(dossier))
    elsewhere = f"How did you handle {_names(unseen[:1])} in work that is not public?" if unseen else ""
    match kind:
        case OpeningKind.OPERATED:
            asked = (*_about(story), "What told you that something was wrong, and who noticed first?", elsewhere)
        case OpeningKind.MAINTAINED:
            asked = (*_about(story), "How did you learn what a release broke for its users?", elsewhere)
        case OpeningKind.ARTEFACTS:
            asked = (
                "Which of these ran, for whom and for how long?",
                "What did you change afterwards, and what made you?",
            )
        case OpeningKind.RESEARCH:
            asked = (
                "Has any of this served users, and what happened then?",
                "What have you run and kept running that is not public?",
            )
        case OpeningKind.LITTLE:
            asked = ("What have you run and kept running that is not public?", "Tell me about the last time it broke.")
    return tuple(question for question in asked if question)


def _has_models(dossier: Dossier) -> bool:
    """Whether anything here, whoever wrote it, has to do with models."""
    return any(
        e.dimension is Dimension.RESEARCH or "model" in e.signal or "inference" in e.signal for e in dossier.evidence
    )


def _about(story: DossierEvidence | None) -> tuple[str, ...]:
    if story is None:
        return ()
    if story.commit is not None and story.snippet and len(story.supports) <= MAX_NAMED:
        return (f"Tell me about “{story.snippet}”: what had happened, and what did you do afterwards?",)
    return ("The strongest piece above: how did it come about, and what did you change in it since?",)
