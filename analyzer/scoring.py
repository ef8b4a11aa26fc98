"""From findings to values: a pure function with its weights in ``rubric.toml``.

The source is catalogue.md §6 with the fixed choices of design.md:

``w = b(level) · a · c(path class) · r(recency) · k(guards)``; a signal in a repository is ``1 − Π(1 − w)``, capped
by its best level; over repositories again ``1 − Π(1 − s)``; a dimension is the ordered weighted mean of its best
three signals, capped where nothing in it is lived-in.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analyzer.model import Attribution, Confidence, Factors
from signals.model import Dimension, Level, PathClass

MAX_WEIGHT = 0.999
_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Rubric:
    """The weights. All are factors in 0–1 except ``half_life_months``, ``max_repositories`` and ``version``."""

    version: str
    levels: Mapping[str, float]
    roles: Mapping[str, float]
    identity: Mapping[str, float]
    path_classes: Mapping[str, float]
    guards: Mapping[str, float]
    caps: Mapping[str, float]
    recency_floor: float
    half_life_months: float
    max_repositories: int
    dimension_weights: tuple[float, ...]
    without_lived_in: float


def parse_rubric(text: str) -> Rubric:
    """Read a rubric from TOML; raises ``ValueError`` or ``KeyError`` where it is not one."""
    data = tomllib.loads(text)
    return Rubric(
        version=data["version"],
        levels=data["levels"],
        roles=data["roles"],
        identity=data["identity"],
        path_classes=data["path_classes"],
        guards=data["guards"],
        caps=data["caps"],
        recency_floor=data["recency"]["floor"],
        half_life_months=data["recency"]["half_life_months"],
        max_repositories=data["signal"]["max_repositories"],
        dimension_weights=tuple(data["dimension"]["weights"]),
        without_lived_in=data["dimension"]["without_lived_in"],
    )


def weights(rubric: Rubric) -> Mapping[tuple[str, str], float]:
    """All that a value can be computed again from, by section and name of ``rubric.toml``."""
    sections: Mapping[str, Mapping[str, float]] = {
        "levels": rubric.levels,
        "roles": rubric.roles,
        "identity": rubric.identity,
        "path_classes": rubric.path_classes,
        "guards": rubric.guards,
        "caps": rubric.caps,
        "recency": {"floor": rubric.recency_floor, "half_life_months": rubric.half_life_months},
        "signal": {"max_repositories": rubric.max_repositories, "max_weight": MAX_WEIGHT},
        "dimension": {
            **{f"weight_{n}": weight for n, weight in enumerate(rubric.dimension_weights, 1)},
            "without_lived_in": rubric.without_lived_in,
        },
    }
    return {(section, name): float(value) for section, names in sections.items() for name, value in names.items()}


def of_weights(version: str, given: Mapping[tuple[str, str], float]) -> Rubric:
    """The rubric whose ``weights`` these are; raises ``KeyError`` where one is missing."""
    sections: dict[str, dict[str, float]] = {}
    for (section, name), value in given.items():
        sections.setdefault(section, {})[name] = value
    dimension = sections["dimension"]
    ranked = sorted((name for name in dimension if name.startswith("weight_")), key=lambda name: int(name[7:]))
    return Rubric(
        version=version,
        levels=sections["levels"],
        roles=sections["roles"],
        identity=sections["identity"],
        path_classes=sections["path_classes"],
        guards=sections["guards"],
        caps=sections["caps"],
        recency_floor=sections["recency"]["floor"],
        half_life_months=sections["recency"]["half_life_months"],
        max_repositories=int(sections["signal"]["max_repositories"]),
        dimension_weights=tuple(dimension[name] for name in ranked),
        without_lived_in=dimension["without_lived_in"],
    )


def recency(last_changed_at: int | None, as_of: date, rubric: Rubric) -> float:
    """``floor + (1 − floor) · 2^(−age / half life)`` on the last attributed change; future dates count as age 0."""
    if last_changed_at is None:
        return rubric.recency_floor
    months = max(0.0, (_day_number(as_of) - last_changed_at / 86_400) / _DAYS_PER_MONTH)
    return rubric.recency_floor + (1 - rubric.recency_floor) * 2 ** (-months / rubric.half_life_months)


def _day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def factors(
    level: Level,
    attribution: Attribution,
    path_class: PathClass | None,
    dimension: Dimension,
    last_changed_at: int | None,
    guards: Sequence[str],
    as_of: date,
    rubric: Rubric,
) -> Factors:
    """The five factors of a row. The path class never zeroes research rows."""
    whole = path_class is None or dimension is Dimension.RESEARCH
    return Factors(
        level=rubric.levels[level],
        attribution=attribution.share * attribution.role_weight * rubric.identity[attribution.confidence],
        path_class=1.0 if whole else rubric.path_classes[str(path_class)],
        recency=recency(last_changed_at, as_of, rubric),
        guards=math.prod(rubric.guards[guard] for guard in guards),
    )


def weight(f: Factors) -> float:
    """The product of the factors."""
    return f.level * f.attribution * f.path_class * f.recency * f.guards


def noisy_or(weights: Iterable[float]) -> float:
    """``1 − Π(1 − w)`` with each w at most 0.999, so that the sum of logarithms exists in SQL too."""
    return 1 - math.prod(1 - min(w, MAX_WEIGHT) for w in sorted(weights, reverse=True))


def signal_in_repository(weights: Sequence[float], best: Level, rubric: Rubric) -> float:
    """A signal's value in one repository, capped by its best level."""
    return min(noisy_or(weights), rubric.caps[best])


def signal_value(by_repository: Iterable[float], rubric: Rubric) -> float:
    """A signal's value over the best few repositories."""
    return noisy_or(sorted(by_repository, reverse=True)[: rubric.max_repositories])


def dimension_value(values: Sequence[float], n_signals: int, lived_in: bool, rubric: Rubric) -> float:
    """The ordered weighted mean of the best signals.

    ``n_signals`` is the number of active signals in the dimension; with fewer than there are weights these are
    renormalised.
    """
    used = rubric.dimension_weights[: max(1, n_signals)]
    best = sorted(values, reverse=True)[: len(used)]
    value = sum(w * v for w, v in zip(used, best, strict=False)) / sum(used)
    return value if lived_in else min(value, rubric.without_lived_in)


def confidence(months: int, coverage: float, identity: float, *, whole: bool = True) -> Confidence:
    """``(1 − e^(−O/9)) · coverage · identity`` in three bands: low below 0.35, medium below 0.7, high.

    ``months`` is the opportunity O: months of the candidate's activity where the thing can be expected. Without
    ``whole`` evidence, that is where all of it stands in examples, templates, tests or notebooks, it is at most medium:
    the place says that nobody relied on it.
    """
    value = (1 - math.exp(-months / 9)) * coverage * identity
    if value < 0.35:
        return Confidence.LOW
    return Confidence.MEDIUM if value < 0.7 or not whole else Confidence.HIGH
