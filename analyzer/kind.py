"""What kind of repository this is, by rules with reasons. Pure.

The kind decides what can be expected: a library has nowhere to put a deployment, so finding none there says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from signals import paths as path_rules
from signals.model import Dimension, PathClass, Tree


class Kind(StrEnum):
    """Repository kinds, from the most to the least room for operations."""

    SERVICE = "service"
    INFRASTRUCTURE = "infrastructure"
    LIBRARY = "library"
    RESEARCH = "research"
    NOTEBOOKS = "notebooks"
    TEACHING = "template or course"
    DOTFILES = "dotfiles"
    OTHER = "other"


RUNNING = frozenset({Kind.SERVICE, Kind.INFRASTRUCTURE})
"""Kinds that describe something which runs."""

NOT_OPERATED = frozenset({Kind.RESEARCH, Kind.NOTEBOOKS, Kind.TEACHING, Kind.DOTFILES})
"""Kinds in which operations files are shown, taught or tried rather than relied on."""

_EVERYWHERE = {Dimension.DELIVERY, Dimension.MAINTENANCE, Dimension.OWNERSHIP, Dimension.TESTING, Dimension.SIMPLICITY}
_EXPECTED: Mapping[Kind, frozenset[Dimension]] = {
    Kind.SERVICE: frozenset(Dimension) - {Dimension.RESEARCH},
    Kind.INFRASTRUCTURE: frozenset(
        {
            Dimension.OBSERVABILITY,
            Dimension.DEPLOYMENT,
            Dimension.ROLLBACK,
            Dimension.DELIVERY,
            Dimension.MAINTENANCE,
            Dimension.OWNERSHIP,
            Dimension.SIMPLICITY,
        }
    ),
    Kind.LIBRARY: frozenset(_EVERYWHERE | {Dimension.RESILIENCE, Dimension.PERFORMANCE}),
    Kind.RESEARCH: frozenset(),
    Kind.NOTEBOOKS: frozenset(),
    Kind.TEACHING: frozenset(),
    Kind.DOTFILES: frozenset(),
    Kind.OTHER: frozenset({Dimension.MAINTENANCE, Dimension.TESTING, Dimension.SIMPLICITY}),
}

_SERVING = frozenset({"container-image", "runtime-deploy-workflow", "alert-rules", "metrics-instrumentation"})
_MANIFESTS = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "cargo.toml",
    "go.mod",
    "package.json",
    "pom.xml",
    "build.gradle",
)
_TEMPLATE_MARKS = ("copier.yml", "copier.yaml", "cookiecutter.json")


@dataclass(frozen=True, slots=True)
class Judged:
    """A kind with the reasons in plain words."""

    kind: Kind
    reasons: tuple[str, ...]


def expected(kind: Kind, dimension: Dimension) -> bool:
    """Whether a repository of this kind is a place to look for the dimension."""
    return dimension in _EXPECTED[kind]


def judge(tree: Tree, classes: Sequence[PathClass], production_signals: Collection[str]) -> Judged:
    """Judge by the paths at HEAD and the signals seen on production paths; ``classes`` go with ``tree.entries``."""
    names = {e.path.lower() for e in tree.entries}
    n = _Counts.of(tree, classes)
    if any(mark in names for mark in _TEMPLATE_MARKS):
        return Judged(Kind.TEACHING, ("it is set up to generate other projects",))
    if n.teaching > n.total / 2:
        return Judged(Kind.TEACHING, (f"{n.teaching} of {n.total} files are examples, lessons or templates",))
    if n.notebooks and n.notebooks >= n.code:
        return Judged(Kind.NOTEBOOKS, (f"{n.notebooks} notebooks beside {n.code} source files",))
    if n.ops > 2 * n.code and n.ops >= n.total * 0.3:
        return Judged(Kind.INFRASTRUCTURE, (f"{n.ops} of {n.total} files are operations files",))
    serving = sorted(set(production_signals) & _SERVING)
    if "paper-artifact" in production_signals:
        return Judged(Kind.RESEARCH, ("its README presents a paper",))
    if serving:
        return Judged(Kind.SERVICE, tuple(f"{signal} outside tests and examples" for signal in serving))
    manifest = next((m for m in _MANIFESTS if m in names), None)
    if manifest is not None and n.code:
        return Judged(Kind.LIBRARY, (f"{manifest} at its root and no deployment seen",))
    if n.code == 0 and n.total and sum(name.startswith(".") for name in names) * 2 > n.total:
        return Judged(Kind.DOTFILES, ("mostly hidden configuration files",))
    return Judged(Kind.OTHER, ("no rule fits",))


@dataclass(frozen=True, slots=True)
class _Counts:
    total: int
    code: int
    notebooks: int
    ops: int
    teaching: int

    @classmethod
    def of(cls, tree: Tree, classes: Sequence[PathClass]) -> _Counts:
        kept = [
            (e.path, c)
            for e, c in zip(tree.entries, classes, strict=True)
            if c not in (PathClass.VENDORED, PathClass.GENERATED, PathClass.DOCS, PathClass.ASSISTANT)
        ]
        return cls(
            total=len(kept),
            code=sum(path_rules.is_code(p) for p, _ in kept),
            notebooks=sum(p.lower().endswith(".ipynb") for p, _ in kept),
            ops=sum(path_rules.is_ops(p) for p, _ in kept),
            teaching=sum(c in (PathClass.EXAMPLE, PathClass.TEMPLATE) for _, c in kept),
        )
