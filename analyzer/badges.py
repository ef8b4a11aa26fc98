"""Badges: two named combinations of evidence, each with gates that anybody can check (catalogue.md §6.2). Pure.

A badge is no grade, and nobody needs one. Beyond the catalogue, "operated in anger" counts only what lies in
repositories of something that runs, and wants one piece that no library has: who maintains a library comes back for
years too, takes changes back and sets time limits, but operates nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer import kind
from analyzer.model import Dossier, DossierEvidence
from analyzer.told import Badge, Gate
from signals.model import Dimension, Level, PathClass

ALSO_IN_LIBRARIES = frozenset(
    {
        "active-months",
        "bounded-retry",
        "ci-gate",
        "dependency-upkeep-by-human",
        "outbound-timeouts",
        "revert-commit",
        "time-to-revert",
    }
)
"""Signals of these fields that whoever maintains a library shows as well: alone they prove no operation."""

GROUPS_NEEDED = 3
MONTHS_NEEDED = 6
_GROUPS: tuple[tuple[str, frozenset[Dimension]], ...] = (
    ("monitoring", frozenset({Dimension.OBSERVABILITY, Dimension.ML_MONITORING})),
    ("rollback", frozenset({Dimension.ROLLBACK})),
    ("failure handling", frozenset({Dimension.RESILIENCE})),
    ("delivery", frozenset({Dimension.DELIVERY})),
    ("maintenance", frozenset({Dimension.MAINTENANCE})),
    ("operational ownership", frozenset({Dimension.OWNERSHIP})),
)
_WHOLE = (PathClass.CODE, PathClass.CI, None)


def judge(dossier: Dossier) -> tuple[Badge, ...]:
    """Every badge with its gates, given or not."""
    own = [e for e in dossier.evidence if e.attribution.share > 0 and e.weight > 0]
    return (_operated(dossier, own), _ml_in_production(dossier, own))


def _ids(rows: Iterable[DossierEvidence]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _badge(name: str, title: str, *gates: Gate) -> Badge:
    return Badge(name, title, all(gate.is_met for gate in gates), gates)


def _operated(dossier: Dossier, own: list[DossierEvidence]) -> Badge:
    running = {r.full_name for r in dossier.repositories if r.kind in kind.RUNNING}
    lived = [e for e in own if e.level is Level.LIVED_IN and e.repository in running]
    groups = [name for name, dimensions in _GROUPS if any(e.dimension in dimensions for e in lived)]
    counted = frozenset[Dimension]().union(*(dimensions for _, dimensions in _GROUPS))
    alone = [e for e in lived if e.dimension in counted and e.signal not in ALSO_IN_LIBRARIES]
    stayed = [e for e in own if e.repository in running and e.signal == "active-months" and _months(e) >= MONTHS_NEEDED]
    seen = f": {', '.join(groups)}" if groups else ""
    return _badge(
        "operated-in-anger",
        "Operated in anger",
        Gate(
            f"Lived-in evidence in {GROUPS_NEEDED} or more of {len(_GROUPS)} fields, in repositories of something that "
            f"runs ({len(groups)} seen{seen})",
            len(groups) >= GROUPS_NEEDED,
            _ids(e for e in lived if e.dimension in counted),
        ),
        Gate(
            "Some of it belongs to operation alone, such as alerts, deployment or incidents", bool(alone), _ids(alone)
        ),
        Gate(f"Active in such a repository in {MONTHS_NEEDED} or more different months", bool(stayed), _ids(stayed)),
    )


def _months(row: DossierEvidence) -> int:
    months = row.facts.get("months")
    return months if isinstance(months, int) else 0


def _ml_in_production(dossier: Dossier, own: list[DossierEvidence]) -> Badge:
    """Serving and care for the model must belong together, and what is taught or tried is not in production."""
    shown_only = {r.full_name for r in dossier.repositories if r.kind in kind.NOT_OPERATED}
    shown = [e for e in own if e.level.rank >= Level.USED.rank and e.path_class in _WHOLE]
    served = [e for e in shown if e.dimension is Dimension.DEPLOYMENT]
    cared = [e for e in shown if e.dimension is Dimension.ML_MONITORING or e.signal == "model-version-pin-swap"]
    together = {_owner(e) for e in served} & {_owner(e) for e in cared}
    served, cared = ([e for e in rows if _owner(e) in together] or rows for rows in (served, cared))
    kept = [e for e in (*served, *cared) if _owner(e) in together and e.repository not in shown_only]
    lived = [e for e in kept if e.level is Level.LIVED_IN]
    has_both = bool(served and cared)
    return _badge(
        "ml-in-production",
        "ML in production" if lived or not has_both else "ML serving code, operation not shown",
        Gate("Deployment or model serving that is set up and used", bool(served), _ids(served)),
        Gate("Model monitoring, data checks or swapped model versions, used", bool(cared), _ids(cared)),
        Gate(
            "Both by the same owner, and something of it lived-in where it is not only taught or tried",
            bool(lived),
            _ids(lived),
        ),
    )


def _owner(row: DossierEvidence) -> str:
    return row.repository.partition("/")[0].lower()
