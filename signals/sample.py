"""Samples: the tests that live in a signal's own file.

A line of a sample that ends in ``⟵`` is a line where evidence is expected (the primary line or one of ``more``); the
mark and the blanks before it are removed before the signal sees the text. For whole-file evidence mark line 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from signals.model import Level

MARK = "⟵"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file, or several that belong together.

    ``level`` is the level that every marked file's evidence has after facts were joined (None: not compared).
    ``others`` are further files of the repository, by path; they may carry marks too.
    """

    path: str
    text: str
    level: Level | None = None
    others: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def files(self) -> dict[str, str]:
        """All files of the sample with their marks, by path."""
        return {self.path: self.text, **self.others}


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of a history sample, oldest first.

    ``files`` maps a path to its new text (None: deleted). ``me`` says whether the person wrote the commit.
    ``day`` counts days from 2024-01-01; ``revert_of`` puts the SHA of that step (0-based) for ``{sha}`` in the message.
    ``evidence`` marks the step at which evidence of the person is expected.
    """

    message: str
    files: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    day: float = 0.0
    me: bool = True
    revert_of: int | None = None
    evidence: bool = False
    merge: bool = False


@dataclass(frozen=True, slots=True)
class HistorySample:
    """A short history, oldest step first; for a content rule with ``values`` the marked step is one in ``supports``.

    ``level`` is the level that every marked piece of evidence reaches, lived-in included (None: not compared).
    """

    steps: tuple[Step, ...]
    level: Level | None = None


def unmark(text: str) -> tuple[str, frozenset[int]]:
    """Split a marked text into the plain text and the 1-based numbers of its marked lines."""
    lines = text.split("\n")
    marked = frozenset(n for n, line in enumerate(lines, 1) if line.rstrip().endswith(MARK))
    plain = [line.rstrip()[: -len(MARK)].rstrip() if n in marked else line for n, line in enumerate(lines, 1)]
    return "\n".join(plain), marked
