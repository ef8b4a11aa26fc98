"""The types every signal speaks: places, hits, facts, evidence, commits and trees.

Nothing here knows a candidate, a score, the network, a clock or a disk.
Paths are text decoded with ``surrogateescape``, so that ``os.fsencode`` gives git's bytes back;
times are seconds since the epoch in UTC, or ``None`` where the commit object holds no usable date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

FactValue = str | int | float | bool | None | Sequence[str]
Facts = Mapping[str, FactValue]

_DAY = 86_400


class Dimension(StrEnum):
    """The eleven dimensions of production evidence and the research axis beside them."""

    OBSERVABILITY = "observability"
    ML_MONITORING = "ml_monitoring"
    DEPLOYMENT = "deployment"
    ROLLBACK = "rollback"
    RESILIENCE = "resilience"
    PERFORMANCE = "performance"
    DELIVERY = "delivery"
    MAINTENANCE = "maintenance"
    OWNERSHIP = "ownership"
    TESTING = "testing"
    SIMPLICITY = "simplicity"
    RESEARCH = "research"


class Level(StrEnum):
    """How much a piece of evidence shows. Content alone never reaches ``LIVED_IN``."""

    DECLARED = "declared"
    USED = "used"
    LIVED_IN = "lived-in"

    @property
    def rank(self) -> int:
        """0, 1 or 2: a higher rank always outranks any number of lower ones."""
        return _LEVEL_RANK[self]


_LEVEL_RANK = {Level.DECLARED: 0, Level.USED: 1, Level.LIVED_IN: 2}


class PathClass(StrEnum):
    """What a path is for (catalogue.md §1.2); ``signals.paths.classify`` assigns it."""

    VENDORED = "vendored"
    GENERATED = "generated"
    ASSISTANT = "assistant-config"
    TEMPLATE = "template"
    EXAMPLE = "example"
    TEST = "test"
    DOCS = "docs"
    NOTEBOOK = "notebook"
    CI = "ci"
    CODE = "code"


class Room(StrEnum):
    """What a repository must hold to be a place to look for a signal, besides being of a fitting kind."""

    CODE = "code"
    RUNTIME = "runtime"  # the description of where the software runs, which many keep in another repository
    MODEL = "model"


# --- places ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a path at a commit, 1-based and inclusive; ``more`` are further deciding lines."""

    sha: str
    path: str
    start: int
    end: int
    more: tuple[int, ...] = ()

    @property
    def all_lines(self) -> tuple[int, ...]:
        """Every evidence line once, ascending."""
        return tuple(sorted({*range(self.start, self.end + 1), *self.more}))


@dataclass(frozen=True, slots=True)
class AtCommit:
    """A commit as a whole."""

    sha: str


@dataclass(frozen=True, slots=True)
class ApiRecord:
    """A record that only the hosting service holds; ``at`` is ISO 8601 in UTC."""

    kind: str
    id: str
    url: str
    at: str


Location = Lines | AtCommit | ApiRecord


# --- what a signal yields --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """A content signal's finding in one file: at most one per file.

    ``line`` is the first deciding construct (1 for the whole file), ``more`` the others.
    ``level`` is ``DECLARED`` or ``USED``. ``lives`` is False where the history of the path says
    nothing about this evidence, such as a dependency that a manifest merely names.
    ``guards`` names factors below 1 that apply (keys of the rubric's guard table).
    """

    line: int
    level: Level
    message: str
    end: int | None = None
    more: tuple[int, ...] = ()
    facts: Facts = field(default_factory=dict[str, FactValue])
    guards: tuple[str, ...] = ()
    lives: bool = True


class FactKind(StrEnum):
    """The two halves of a cross-file test."""

    DEFINES = "defines"
    REFERS = "refers"


@dataclass(frozen=True, slots=True)
class Fact:
    """``defines(noun, name)`` or ``refers(noun, name)``, seen on one line of a file.

    When another file outside tests, docs and examples refers to what a file defines, the evidence of the
    signal that yielded the definition is raised from declared to used.
    """

    kind: FactKind
    noun: str
    name: str
    line: int


def defines(noun: str, name: str, line: int) -> Fact:
    """State that this file defines ``name``, a thing of kind ``noun``."""
    return Fact(FactKind.DEFINES, noun, name, line)


def refers(noun: str, name: str, line: int) -> Fact:
    """State that this file refers to ``name``, a thing of kind ``noun``."""
    return Fact(FactKind.REFERS, noun, name, line)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding with exactly one primary place, not yet attributed to anybody."""

    signal: str
    place: Location
    level: Level
    path_class: PathClass | None
    message: str
    snippet: str
    facts: Facts
    blob: str = ""
    guards: tuple[str, ...] = ()
    lives: bool = True
    supports: tuple[str, ...] = ()


# --- history ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an address exactly as a commit object holds them; both are untrusted text."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Change:
    """One path changed by a commit. ``status`` is git's letter (A, M, D, T); a missing side's blob is zeros."""

    path: str
    status: str
    old_blob: str
    new_blob: str


_SUBJECT_PR = re.compile(r"\s*\(#\d+\)\s*$")
_MERGED = re.compile(r"Merge pull request #\d|Auto merge of #\d|Merged in .{1,200} \(pull request #\d")
_MERGED_BRANCH = re.compile(r"Merge branch '")
_MERGE_REQUEST = "See merge request "


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with the paths it changed. Merges have none, unless they were looked up (:attr:`History.load`)."""

    sha: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    authored_at: int | None
    committed_at: int | None
    message: str
    changes: tuple[Change, ...] = ()

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0].strip()

    @property
    def title(self) -> str:
        """What the change is called: the title of the proposal that a merge takes in, or else the subject."""
        return merged_title(self.message) or self.subject

    @property
    def body(self) -> str:
        """The message without its first line."""
        return self.message.split("\n", 1)[1].strip() if "\n" in self.message else ""

    @property
    def is_merge(self) -> bool:
        """Whether the commit has more than one parent."""
        return len(self.parents) > 1

    @property
    def month(self) -> str:
        """``YYYY-MM`` of the author time if within 24 h of the committer time, else of the committer time."""
        return month_of(self.authored_at, self.committed_at)


def plain_subject(subject: str) -> str:
    """A subject without its trailing pull-request number, for comparing subjects."""
    return _SUBJECT_PR.sub("", subject).strip()


def merged_title(message: str) -> str:
    """The title of the proposal that a merge's message names below its first line, or ""."""
    subject, _, body = message.partition("\n")
    if not _MERGED.match(subject) and not (_MERGED_BRANCH.match(subject) and _MERGE_REQUEST in body):
        return ""
    title = body.strip().partition("\n")[0].strip()
    return "" if title.startswith(_MERGE_REQUEST) else title


def month_of(authored_at: int | None, committed_at: int | None) -> str:
    """The UTC month a commit counts for, or ``""`` where no usable date exists."""
    at = committed_at
    if authored_at is not None and (committed_at is None or abs(authored_at - committed_at) <= _DAY):
        at = authored_at
    if at is None or not 0 < at < 4_102_444_800:  # the year 2100
        return ""
    return _month_of_day(at // _DAY)


@lru_cache(maxsize=32_768)
def _month_of_day(day: int) -> str:
    return datetime.fromtimestamp(day * _DAY, UTC).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class CommitRef:
    """What the history keeps of every commit: enough to resolve links."""

    sha: str
    committed_at: int | None


def _no_lines(_sha: str) -> Mapping[str, tuple[int, int]]:
    return {}


@dataclass(frozen=True, slots=True)
class History:
    """Read-only look-ups over all commits reachable from HEAD.

    ``by_prefix`` resolves 7 to 40 hex digits to exactly one reachable commit.
    ``by_subject`` lists the commits whose subject, or the title of the proposal that they merge, equals the given one
    after ``plain_subject``, newest first.
    ``load`` reads one reachable commit in full, or gives None where it cannot be read. A merge comes with what it
    changed in its first parent.
    ``is_person`` says whether an address belongs to the person whose rows are being collected.
    ``lines_of`` gives added and deleted lines by path for one of the person's commits, as far as pass B counted them.
    """

    by_prefix: Callable[[str], CommitRef | None]
    by_subject: Callable[[str], Sequence[CommitRef]]
    load: Callable[[str], Commit | None]
    is_person: Callable[[Person], bool]
    own_commits: Sequence[Commit] = ()
    lines_of: Callable[[str], Mapping[str, tuple[int, int]]] = _no_lines


@dataclass(frozen=True, slots=True)
class Row:
    """A history signal's row: one qualifying commit with typed facts."""

    commit: Commit
    level: Level
    message: str
    facts: Facts = field(default_factory=dict[str, FactValue])
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a history signal makes of one person's rows in one repository.

    ``rows`` are the supporting rows; the evidence is placed at the newest of them.
    ``level`` may be ``LIVED_IN`` here, because it rests on the person's own history.
    """

    level: Level
    message: str
    rows: Sequence[Row]
    facts: Facts = field(default_factory=dict[str, FactValue])


@dataclass(frozen=True, slots=True)
class ValueChange:
    """The person's commit that changed a named value of an evidence file.

    ``seen_before`` is True when the new value stood there earlier: a change taken back.
    """

    sha: str
    committed_at: int
    name: str
    old: str
    new: str
    seen_before: bool


@dataclass(frozen=True, slots=True)
class Track:
    """What one person did at the place of a piece of content evidence, over time.

    ``months`` are the distinct months in which the person changed the path, ``span_days`` the days between the
    first and the last such change, ``changes`` the person's changes of named values (oldest first), and
    ``linked_fixes`` the person's later commits that changed the evidence lines and revert a resolvable commit or
    resolve a tracker or incident link.
    """

    months: tuple[str, ...] = ()
    span_days: int = 0
    changes: tuple[ValueChange, ...] = ()
    linked_fixes: tuple[str, ...] = ()


def kept_changing(track: Track) -> bool:
    """The general lived-in test: three months over 90 days, or a linked later fix of the lines."""
    return (len(track.months) >= 3 and track.span_days >= 90) or bool(track.linked_fixes)


# --- tree ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file at HEAD. ``size`` is in bytes; ``mode`` is git's (100644, 100755, 120000)."""

    path: str
    blob: str
    size: int
    mode: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The files at HEAD, sorted by path; ``truncated`` when the listing was cut at a limit."""

    sha: str
    entries: tuple[TreeEntry, ...]
    truncated: bool = False
