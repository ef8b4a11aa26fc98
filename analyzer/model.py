"""What the analyzer knows: candidates, identities, attribution, findings and the dossier.

The dossier classes are the JSON of ``shiptrace.dossier/1`` field by field (see ``report/dossier.schema.json``).
Shares and values lie in 0–1; times of day appear nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from signals.model import Commit, Dimension, Evidence, FactValue, Level, PathClass


class State(StrEnum):
    """Whether something was seen, and if not, why not. Never mixed, never scored down."""

    OBSERVED = "observed"
    ABSENT = "absent"
    NOT_OBSERVED = "not_observed"
    NOT_CHECKED = "not_checked"

    @classmethod
    def of_all(cls, states: Iterable[State]) -> State:
        """The state of several signals as one: observed if any is, else not checked if any is, and so on."""
        found = set(states)
        ladder = (cls.OBSERVED, cls.NOT_CHECKED, cls.NOT_OBSERVED, cls.ABSENT)
        return next((state for state in ladder if state in found), cls.NOT_CHECKED)


class Confidence(StrEnum):
    """Three bands, shown as words."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Role(StrEnum):
    """What a person did in a commit (catalogue.md §4)."""

    AUTHOR = "author"
    CO_AUTHOR = "co-author"
    COMMITTER = "committer"
    REVIEWER = "reviewer"
    NONE = "none"


class IdentitySource(StrEnum):
    """Why an address is taken for the candidate's."""

    GITHUB = "github"
    NOREPLY_ID = "noreply_id"
    NOREPLY_LOGIN = "noreply_login"
    GIVEN = "given"
    REPOSITORY_CONFIG = "repository_config"


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of the candidate, lower-cased; never printed and never stored in clear."""

    email: str
    source: IdentitySource
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """The person whose part is looked for."""

    login: str
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class OwnCommit:
    """A commit in which the candidate has a part. ``weight`` is the role's weight in 0–1."""

    commit: Commit
    role: Role
    weight: float
    identity: Identity


@dataclass(frozen=True, slots=True)
class Attribution:
    """How much of a piece of evidence is the candidate's: ``share × role × identity``.

    ``share`` is the candidate's share of the evidence lines (1 or 0 for a commit), and ``lines`` are those, ascending.
    ``method`` is ``none`` for a path that the candidate never changed. ``reason`` says it in plain words.
    """

    share: float
    role: Role
    role_weight: float
    identity: IdentitySource | None
    confidence: Confidence
    method: Literal["none", "blame", "patch", "commit"]
    reason: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of evidence with the candidate's part in it and the level it reaches for this person.

    ``shown``, declared or used, is what content and own changes of values show; ``history`` says those in words.
    """

    evidence: Evidence
    repository: str
    attribution: Attribution
    shown: Level
    level: Level
    caps: tuple[str, ...]
    last_changed_at: int | None
    supports: tuple[str, ...]
    facts: Mapping[str, FactValue]
    history: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be looked at, in plain words. ``signal`` is empty when it concerns them all."""

    what: str
    repository: str
    signal: str
    reason: str


# --- the dossier, as it is written -----------------------------------------

PlaceKind = Literal["lines", "commit", "api"]
RepositoryState = Literal["complete", "partial", "skipped", "failed"]
JsonFacts = Mapping[str, str | int | float | bool | tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class DossierIdentity:
    """``email_hash``: the first 16 hex digits of SHA-256(login + ":" + lower-cased address)."""

    email_hash: str
    source: IdentitySource
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class DossierCandidate:
    login: str
    identities: tuple[DossierIdentity, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Versions of the signal rules and of the rubric that made the dossier."""

    version: str
    rubric: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Files that some signal asked for, those that were read, and those that could not be read or parsed."""

    eligible: int
    read: int
    failed: int


@dataclass(frozen=True, slots=True)
class DossierRepository:
    full_name: str
    sha: str
    kind: str
    kind_reasons: tuple[str, ...]
    commits: int
    candidate_commits: int
    first_commit: str | None
    last_commit: str | None
    state: RepositoryState
    reason: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class DossierApi:
    kind: str
    id: str
    url: str
    at: str


@dataclass(frozen=True, slots=True)
class DossierAttribution:
    share: float
    role: Role
    identity: IdentitySource | None
    method: Literal["none", "blame", "patch", "commit"]
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors whose product is ``weight``: b(level) · a · c · r · k of catalogue.md §6.2."""

    level: float
    attribution: float
    path_class: float
    recency: float
    guards: float


@dataclass(frozen=True, slots=True)
class DossierEvidence:
    """``id`` is a hash of signal, repository, place, blob and rule version."""

    id: str
    signal: str
    dimension: Dimension
    repository: str
    place_kind: PlaceKind
    sha: str | None
    path: str | None
    line_start: int | None
    line_end: int | None
    more_lines: tuple[int, ...]
    commit: str | None
    api: DossierApi | None
    supports: tuple[str, ...]
    content_level: Literal["declared", "used"]
    level: Level
    caps: tuple[str, ...]
    path_class: PathClass | None
    attribution: DossierAttribution
    weight: float
    factors: Factors
    message: str
    snippet: str
    facts: JsonFacts
    url: str | None


@dataclass(frozen=True, slots=True)
class SignalInRepository:
    full_name: str
    state: State
    content_level: Literal["declared", "used"] | None
    n_evidence: int
    reason: str


@dataclass(frozen=True, slots=True)
class SignalScore:
    """``value`` is null unless the signal is observed."""

    signal: str
    dimension: Dimension
    state: State
    value: float | None
    evidence: tuple[str, ...]
    by_repository: tuple[SignalInRepository, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class DimensionScore:
    dimension: Dimension
    state: State
    value: float | None
    best_level: Level | None
    confidence: Confidence | None
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Research:
    value: float | None
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileCoverage:
    """Dimensions observed, of those that have active signals."""

    observed: int
    of: int


@dataclass(frozen=True, slots=True)
class Profile:
    summary: str
    badges: tuple[str, ...]
    coverage: ProfileCoverage


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that was found about one candidate, in a fixed order; ``as_of`` is ``YYYY-MM-DD``."""

    candidate: DossierCandidate
    as_of: str
    rules: Rules
    repositories: tuple[DossierRepository, ...]
    evidence: tuple[DossierEvidence, ...]
    signals: tuple[SignalScore, ...]
    dimensions: tuple[DimensionScore, ...]
    research: Research
    profile: Profile
    gaps: tuple[Gap, ...]
    schema: Literal["shiptrace.dossier/1"] = field(default="shiptrace.dossier/1")


# --- what the store keeps besides the dossier ------------------------------


class CommitRow(NamedTuple):
    """A commit of the candidate, or one that a chain names. Counts of lines are None where they were not looked at.

    ``kind`` is a word such as ``revert``; ``role`` is the candidate's part in it; ``subject`` is redacted.
    """

    sha: str
    authored_at: int | None
    committed_at: int | None
    month: str
    kind: str
    role: str
    is_merge: bool
    is_trivial: bool
    n_changes: int
    added: int | None
    deleted: int | None
    subject: str


class ChangeRow(NamedTuple):
    """A path changed by a commit of the candidate; ``status`` is git's letter."""

    sha: str
    path: str
    status: str
    old_blob: str
    new_blob: str
    path_class: str
    is_ops: bool
    added: int | None
    deleted: int | None


class ActivityRow(NamedTuple):
    """How often a path was changed in a month, by the candidate or by all others together."""

    path: str
    path_class: str
    is_ops: bool
    month: str
    by_candidate: bool
    n_commits: int
    added: int | None
    deleted: int | None


class RefRow(NamedTuple):
    """A tag and the commit it leads to; ``tagged_at`` is None where the tag has no date of its own."""

    name: str
    sha: str
    tagged_at: int | None = None


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """What the store keeps of one repository's history for one candidate; streams of any length, read once."""

    full_name: str
    commits: Iterable[CommitRow] = ()
    changes: Iterable[ChangeRow] = ()
    activity: Iterable[ActivityRow] = ()
    refs: Iterable[RefRow] = ()


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What the dossier leaves out of a run: its times (UTC), the tool's version and why the candidate is looked at.

    Where basis, purpose or ``delete_after`` are None the store keeps what stands there.
    """

    started_at: datetime
    finished_at: datetime
    tool_version: str = ""
    basis: Literal["applied", "consented", "self"] | None = None
    purpose: str | None = None
    delete_after: date | None = None
