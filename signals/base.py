"""How a signal is declared, and how signals are found.

A signal is one module in a dimension's folder. It holds a docstring (the signal's page), ``SIGNAL`` (a
:class:`ContentRule` or a :class:`HistoryRule`), and the samples ``FIRES_ON`` and ``SILENT_ON``. The id is the file
name with ``-`` for ``_``; the dimension is the folder. There is no registry: :func:`discover` walks the package.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import cast

from signals.file import File
from signals.model import (
    Commit,
    Dimension,
    Evidence,
    Fact,
    History,
    Hit,
    PathClass,
    Room,
    Row,
    Summary,
    Track,
    kept_changing,
)
from signals.sample import HistorySample, Sample

NEVER_READ = frozenset({PathClass.VENDORED, PathClass.GENERATED, PathClass.ASSISTANT})
NOT_EVIDENCE = NEVER_READ | {PathClass.DOCS, PathClass.NOTEBOOK}


@dataclass(frozen=True, slots=True)
class Wants:
    """Which files a content signal asks for, in data, so that the tree is read once for all signals.

    ``paths``: patterns on the lower-cased path. ``*.py`` and ``dockerfile*`` (no slash) match the file name;
    a pattern with a slash matches the whole path, where ``**/`` stands for any number of folders.
    ``needles``: literal bytes of which at least one must stand in the file (case-sensitive); empty means every file.
    ``skip``: path classes that are not read. ``max_bytes``: larger files are counted as not read.
    """

    paths: tuple[str, ...]
    needles: tuple[bytes, ...] = ()
    skip: frozenset[PathClass] = NOT_EVIDENCE
    max_bytes: int = 1_000_000


def _never(_evidence: Evidence, _track: Track) -> bool:
    return False


def _kept_changing(_evidence: Evidence, track: Track) -> bool:
    return kept_changing(track)


@dataclass(frozen=True, slots=True)
class ContentRule:
    """A signal on the files at HEAD.

    ``find`` yields at most one :class:`Hit` for a file, and any number of facts.
    ``values`` names values in a file (a model's revision, an alert's threshold) whose changes over the file's history
    are handed to ``used_when`` and ``lived_in_when`` in the person's :class:`Track`; ``value`` is what one is called.
    ``whole_in`` are path classes in which this evidence weighs in full although others weigh less: a load test among
    tests, a postmortem among documents. ``room`` says where finding nothing tells something.
    """

    title: str
    proves: str
    claims: tuple[str, ...]
    cost: str
    wants: Wants
    find: Callable[[File], Iterable[Hit | Fact]]
    values: Callable[[File], Mapping[str, str]] | None = None
    value: str = "a value"
    used_when: Callable[[Evidence, Track], bool] = _never
    lived_in_when: Callable[[Evidence, Track], bool] = _kept_changing
    whole_in: frozenset[PathClass] = frozenset()
    room: Room = Room.CODE
    version: int = 1


def _row_never_lived_in(_row: Row) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class HistoryRule:
    """A signal on commits.

    ``find`` gives a row for a qualifying commit, whoever wrote it. Without ``summarise`` each of the person's rows is
    one piece of evidence and ``lived_in_when`` may raise it; with it, the person's rows of a repository (newest first)
    become at most one. ``deep`` asks for a closer look (changed methods) at the commits of its evidence. ``room`` says
    where finding nothing tells something.
    """

    title: str
    proves: str
    claims: tuple[str, ...]
    cost: str
    find: Callable[[Commit, History], Row | None]
    summarise: Callable[[Sequence[Row]], Summary | None] | None = None
    lived_in_when: Callable[[Row], bool] = _row_never_lived_in
    deep: bool = False
    room: Room = Room.CODE
    version: int = 1


Rule = ContentRule | HistoryRule


@dataclass(frozen=True, slots=True)
class Signal:
    """A discovered signal: its rule with the id, dimension, page and samples that its file gives it."""

    id: str
    dimension: Dimension
    page: str
    rule: Rule
    fires_on: tuple[Sample | HistorySample, ...]
    silent_on: tuple[Sample | HistorySample, ...]


class BadSignal(TypeError):
    """A module in a dimension's folder is not a well-formed signal."""


def discover(package: ModuleType) -> tuple[Signal, ...]:
    """Find every signal below ``package``, sorted by id.

    The package's sub-packages are named after dimensions; every public module in one of them is a signal.
    Raises :class:`BadSignal` for a module that is none, and for an id used twice.
    """
    found: dict[str, Signal] = {}
    for dimension in Dimension:
        try:
            folder = importlib.import_module(f"{package.__name__}.{dimension.value}")
        except ModuleNotFoundError:
            continue
        for info in pkgutil.iter_modules(folder.__path__):
            if info.name.startswith("_"):
                continue
            signal = _load(importlib.import_module(f"{folder.__name__}.{info.name}"), dimension)
            if signal.id in found:
                raise BadSignal(f"two signals have the id {signal.id!r}")
            found[signal.id] = signal
    return tuple(found[name] for name in sorted(found))


@cache
def active() -> tuple[Signal, ...]:
    """The signals that ship with Shiptrace."""
    return discover(importlib.import_module("signals"))


def _load(module: ModuleType, dimension: Dimension) -> Signal:
    name = module.__name__.rpartition(".")[2]
    rule: object = getattr(module, "SIGNAL", None)
    if not isinstance(rule, ContentRule | HistoryRule):
        raise BadSignal(f"{module.__name__} has no SIGNAL that is a ContentRule or HistoryRule")
    if not module.__doc__:
        raise BadSignal(f"{module.__name__} has no docstring; it is the signal's page")
    return Signal(
        id=name.replace("_", "-"),
        dimension=dimension,
        page=inspect.cleandoc(module.__doc__),
        rule=rule,
        fires_on=_samples(module, "FIRES_ON"),
        silent_on=_samples(module, "SILENT_ON"),
    )


def _samples(module: ModuleType, name: str) -> tuple[Sample | HistorySample, ...]:
    samples: object = getattr(module, name, None)
    if not isinstance(samples, tuple) or not samples:
        raise BadSignal(f"{module.__name__} has no samples in {name}")
    for sample in cast("tuple[object, ...]", samples):
        if not isinstance(sample, Sample | HistorySample):
            raise BadSignal(f"{module.__name__}.{name} holds something that is no sample: {sample!r}")
    return cast("tuple[Sample | HistorySample, ...]", samples)
