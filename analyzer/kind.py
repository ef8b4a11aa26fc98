"""What kind of repository this is, by rules with reasons, and what can be expected of it. Pure.

The kind decides where finding nothing says something: a library has nowhere to put a deployment. Where the files do
not tell who runs a program, nothing is guessed: it is an application, and less is expected of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from signals import paths as path_rules
from signals.model import Dimension, Evidence, Level, Lines, PathClass, Room, Tree, TreeEntry


class Kind(StrEnum):
    """Repository kinds, from the most to the least room for operations."""

    SERVICE = "service"
    INFRASTRUCTURE = "infrastructure"
    APPLICATION = "application"
    LIBRARY = "library"
    RESEARCH = "research"
    NOTEBOOKS = "notebooks"
    TEACHING = "template or course"
    DOTFILES = "dotfiles"
    OTHER = "other"


RUNNING = frozenset({Kind.SERVICE, Kind.INFRASTRUCTURE})
"""Kinds that describe something which runs, and which those who write it run."""

_RUNS = RUNNING | {Kind.APPLICATION}

NOT_OPERATED = frozenset({Kind.RESEARCH, Kind.NOTEBOOKS, Kind.TEACHING, Kind.DOTFILES})
"""Kinds in which operations files are shown, taught or tried rather than relied on."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A kind with the reasons in plain words.

    ``deploys`` says that the repository itself describes where its software runs, ``has_model`` that it trains or
    serves a model; what stands beside those can be expected only then.
    """

    kind: Kind
    reasons: tuple[str, ...]
    deploys: bool = True
    has_model: bool = True


# --- what can be expected --------------------------------------------------

_ANY_CODE = frozenset({Dimension.MAINTENANCE, Dimension.TESTING, Dimension.SIMPLICITY})
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
    Kind.APPLICATION: _ANY_CODE
    | {Dimension.OBSERVABILITY, Dimension.DEPLOYMENT, Dimension.DELIVERY, Dimension.RESILIENCE, Dimension.PERFORMANCE},
    # How long to wait and how often to try again is decided by the program that calls a library.
    Kind.LIBRARY: _ANY_CODE | {Dimension.DELIVERY},
    Kind.RESEARCH: frozenset(),
    Kind.NOTEBOOKS: frozenset(),
    Kind.TEACHING: frozenset(),
    Kind.DOTFILES: frozenset(),
    Kind.OTHER: _ANY_CODE,
}


def why_not_here(judged: Judged | None, dimension: Dimension, room: Room) -> str:
    """Why the repository is no place to expect a signal of the dimension that needs ``room``; "" where it is one."""
    if judged is None:
        return "a repository of unknown kind is no place to expect it"
    elsewhere = room is Room.RUNTIME and not judged.deploys
    if dimension not in _EXPECTED[judged.kind] or (elsewhere and judged.kind not in _RUNS):
        return f"a repository of kind {judged.kind.value} is no place to expect it"
    if elsewhere:
        return "nothing here says where this software runs; what belongs to that is kept elsewhere"
    if room is Room.MODEL and not judged.has_model:
        return "no model is trained or served from this repository"
    return ""


# --- what is looked at -----------------------------------------------------

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
_PIPELINES = (".gitlab-ci.yml", ".travis.yml", ".circleci/config.yml")
_PROCESSES = frozenset({"procfile", "fly.toml", "render.yaml"})
MAX_READ = 100
MAX_BYTES = 200_000


def wanted(tree: Tree) -> tuple[TreeEntry, ...]:
    """The few files that say whether the software is published: the root's manifests and the pipelines."""
    return tuple(e for e in tree.entries if _is_wanted(e.path.lower()) and 0 <= e.size <= MAX_BYTES)[:MAX_READ]


def _is_wanted(path: str) -> bool:
    return path in _MANIFESTS or path in _PIPELINES or path.startswith(".github/workflows/")


_PUBLISHES: Mapping[str, re.Pattern[bytes]] = {
    "a package": re.compile(
        rb"gh-action-pypi-publish|\btwine upload|\b(?:poetry|uv|flit|hatch|npm|pnpm|yarn|cargo|maturin) publish\b"
        rb"|changesets/action|nexus-staging|publishToMavenCentral|\bartifactoryPublish\b|\bgem push\b"
    ),
    "a chart": re.compile(rb"chart-releaser|\bhelm (?:push|package)\b"),
    "an image": re.compile(rb"docker/build-push-action|\bdocker push\b|\bko publish\b"),
    "a release": re.compile(rb"action-gh-release|\bgh release (?:create|upload)\b|\bgoreleaser\b|/release-action@"),
}
_DESCRIBED: Mapping[str, re.Pattern[bytes]] = {
    "setup.py": re.compile(rb"Programming Language ::"),
    "setup.cfg": re.compile(rb"Programming Language ::"),
    "pyproject.toml": re.compile(rb"Programming Language ::"),
    "pom.xml": re.compile(rb"nexus-staging|central-publishing|maven-gpg-plugin"),
}
_UNPUBLISHED = re.compile(rb"Private ::")


@dataclass(frozen=True, slots=True)
class _Published:
    """What leaves the repository for others to use, each with the file that says so; ``described`` is metadata."""

    by_pipeline: Mapping[str, str]
    described: str

    @classmethod
    def of(cls, texts: Mapping[str, bytes]) -> _Published:
        by_pipeline: dict[str, str] = {}
        described = ""
        for path in sorted(texts):
            said = _DESCRIBED.get(path.lower())
            if said is not None and said.search(texts[path]) and not _UNPUBLISHED.search(texts[path]):
                described = described or path
            elif path.lower() not in _MANIFESTS:
                for what, pattern in _PUBLISHES.items():
                    if what not in by_pipeline and pattern.search(texts[path]):
                        by_pipeline[what] = path
        return cls(by_pipeline, described)

    @property
    def package(self) -> str:
        """Why it is taken for something that others install; "" where it is not."""
        for what in ("a package", "a chart"):
            if what in self.by_pipeline:
                return f"{what} of it is published ({self.by_pipeline[what]})"
        return f"{self.described} describes a package for others" if self.described else ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the evidence says about running, whoever wrote it; only what lies outside tests, docs and examples counts.

    ``deploys`` is why the repository is taken to deploy its software, ``elsewhere`` that another one is told to.
    """

    deploys: str
    elsewhere: bool
    describes: bool
    runs: bool
    serves: bool
    tracked: bool
    paper: bool
    trains: bool
    has_model: bool

    @classmethod
    def of(cls, evidence: Sequence[Evidence], names: Iterable[str]) -> _Seen:
        own = [e for e in evidence if e.path_class in (PathClass.CODE, PathClass.CI) and not e.guards]
        used = {e.signal for e in own if e.level is Level.USED}
        any_level = {e.signal for e in own}
        images = [e for e in own if e.signal == "container-image"]
        processes = any(name.rpartition("/")[2] in _PROCESSES for name in names)
        deploying = sorted(_deploying(own))
        return cls(
            deploys=deploying[0][1] if deploying else "",
            elsewhere=bool(deploying) and all(elsewhere for elsewhere, _ in deploying),
            describes=bool({"alert-rules", "orchestrator-manifest"} & used),
            runs=processes
            or any(e.facts.get("starts_something") or e.facts.get("format") == "Blubber" for e in images)
            or (bool(images) and "metrics-instrumentation" in used),
            serves="metrics-instrumentation" in used
            or _answers(own)
            or any(e.facts.get("health_check") for e in images),
            tracked=processes
            or "error-tracking" in used
            or any(e.facts.get("format") == "Blubber" and e.level is Level.USED for e in images),
            paper=any(e.signal == "paper-artifact" and e.level is Level.USED for e in evidence),
            trains="training-only-code" in any_level,
            has_model=bool(_ABOUT_MODELS & {e.signal for e in evidence}),
        )


_ABOUT_MODELS = frozenset(
    {
        "drift-detection",
        "inference-server-config",
        "model-registry-promotion",
        "model-version-pin-swap",
        "training-only-code",
        "notebook-share",
    }
)
_ELSEWHERE = "an environment that another repository deploys"
_BY_HAND = {"workflow_dispatch"}


def _deploying(own: Iterable[Evidence]) -> Iterator[tuple[bool, str]]:
    """The pipelines that deploy by themselves, or at the hand of whoever works here."""
    for e in own:
        if e.signal != "runtime-deploy-workflow" or not isinstance(e.place, Lines):
            continue
        targets, triggers = e.facts.get("targets"), e.facts.get("triggers")
        elsewhere = isinstance(targets, tuple) and targets == (_ELSEWHERE,)
        if e.level is Level.USED:
            yield elsewhere, f"{e.place.path} deploys it"
        elif isinstance(triggers, tuple) and set(triggers) == _BY_HAND:
            yield elsewhere, f"{e.place.path} deploys it when somebody starts it"


def _answers(own: Iterable[Evidence]) -> bool:
    """Whether program text answers the question for health; settings of containers may be for tests only."""
    return any(
        e.signal == "health-probes" and isinstance(e.place, Lines) and path_rules.language_family(e.place.path)
        for e in own
    )


# --- the judgement ---------------------------------------------------------

_TEMPLATE_MARKS = ("copier.yml", "copier.yaml", "cookiecutter.json")
_TEACHING = """
awesome boilerplate bootcamp cookiecutter course demo demos example examples exercises guide homework playground sample
samples scaffold skeleton starter template templates tutorial tutorials workshop zoomcamp
"""
_INFRASTRUCTURE = """
charts cluster deploy deployment deployments gitops infra infrastructure kubernetes ops terraform
"""
_TEACHING_WORDS = frozenset(_TEACHING.split())
_INFRASTRUCTURE_WORDS = frozenset(_INFRASTRUCTURE.split())
_FEW = 5


def judge(
    full_name: str, tree: Tree, classes: Sequence[PathClass], evidence: Sequence[Evidence], texts: Mapping[str, bytes]
) -> Judged:
    """Judge by the paths at HEAD, all evidence in them, the files of :func:`wanted` and the repository's own name.

    ``classes`` go with ``tree.entries``.
    """
    names = {e.path.lower() for e in tree.entries}
    n, seen, published = _Counts.of(tree, classes), _Seen.of(evidence, names), _Published.of(texts)
    words = set(re.split(r"[^a-z0-9]+", re.split(r"[/+]", full_name)[-1].lower()))
    kind, reasons = _shown(words, names, n, seen, published) or _by_content(names, n, seen, published)
    deploys = kind is Kind.INFRASTRUCTURE or (kind is Kind.SERVICE and not seen.elsewhere and bool(seen.deploys))
    return Judged(kind, reasons, deploys, seen.has_model or n.notebooks > 0)


Answer = tuple[Kind, tuple[str, ...]]


def _shown(words: set[str], names: set[str], n: _Counts, seen: _Seen, published: _Published) -> Answer | None:
    """Kinds in which things are shown or described rather than run."""
    if any(mark in names for mark in _TEMPLATE_MARKS):
        return Kind.TEACHING, ("it is set up to generate other projects",)
    if words & _TEACHING_WORDS and not published.package:
        return Kind.TEACHING, (f"its name says {' and '.join(sorted(words & _TEACHING_WORDS))}",)
    if seen.paper and not seen.deploys and not published.by_pipeline:
        return Kind.RESEARCH, ("its README presents a paper",)
    if n.ops >= _FEW and n.ops > 2 * n.code and n.ops >= n.total * 0.2:
        return Kind.INFRASTRUCTURE, (f"{n.ops:,} of {n.total:,} files are operations files",)
    if words & _INFRASTRUCTURE_WORDS and (seen.deploys or seen.describes):
        return Kind.INFRASTRUCTURE, (f"its name says {' and '.join(sorted(words & _INFRASTRUCTURE_WORDS))}",)
    return None


def _by_content(names: set[str], n: _Counts, seen: _Seen, published: _Published) -> Answer:
    """Kinds by what the software is, and who runs it."""
    if seen.deploys:
        return Kind.SERVICE, (seen.deploys, *([published.package] if published.package else []))
    if published.package:
        if seen.runs and seen.serves:
            return Kind.APPLICATION, (published.package, "it runs as a server of its own")
        return Kind.LIBRARY, (published.package,)
    if n.teaching > n.total / 2:
        return Kind.TEACHING, (f"{n.teaching:,} of {n.total:,} files are examples, lessons or templates",)
    if n.notebooks and n.notebooks >= n.code:
        return Kind.NOTEBOOKS, (f"{n.notebooks:,} notebooks beside {n.code:,} source files",)
    if seen.trains and not seen.serves:
        return Kind.RESEARCH, ("its code trains models and serves none",)
    if seen.runs or seen.tracked:
        return _program(seen, published)
    if n.code == 0 and seen.describes:
        return Kind.INFRASTRUCTURE, ("it holds descriptions of what runs, and no program text",)
    manifest = next((m for m in _MANIFESTS if m in names), None)
    if manifest is not None and n.code:
        return Kind.LIBRARY, (f"{manifest} at its root and nothing that runs by itself",)
    if n.code == 0 and n.total and sum(name.startswith(".") for name in names) * 2 > n.total:
        return Kind.DOTFILES, ("mostly hidden configuration files",)
    return Kind.OTHER, ("no rule fits",)


def _program(seen: _Seen, published: _Published) -> Answer:
    """A program that runs, without a word on who deploys it: its own people, if it goes to nobody else."""
    if seen.tracked and not published.by_pipeline:
        why = "it is wired to what watches or starts it in production, and is published nowhere"
        return Kind.SERVICE, (why, "what deploys it is not in this repository")
    released = sorted(published.by_pipeline)
    said = f"; published: {', '.join(released)}" if released else ""
    return Kind.APPLICATION, (f"it runs by itself{said}", "who runs it is not said in this repository")


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
