"""What assembling a dossier starts from: the frame of the question and the result of each repository. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from analyzer import scoring
from analyzer.kind import Judged
from analyzer.model import Candidate, Coverage, Finding, Gap, RepositoryState
from signals.base import Signal
from signals.kernel import Failure

NOTHING_READ = Coverage(0, 0, 0)
Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RepositoryResult:
    """What was found in one repository.

    ``own_shas`` are the commits in which the candidate has a part, ``own_months`` the months in which they did more
    than touch up prose, data or white space. ``not_checked`` maps a signal to the reason why it could not be looked at
    here; ``first_day`` and ``last_day`` are the days of the oldest and the newest commit.
    """

    full_name: str
    sha: str
    web_url: str | None
    kind: Judged | None
    state: RepositoryState
    reason: str
    commits: int = 0
    candidate_commits: int = 0
    first_day: str | None = None
    last_day: str | None = None
    coverage: Coverage = NOTHING_READ
    own_shas: frozenset[str] = frozenset()
    own_months: int = 0
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    not_checked: Mapping[str, str] = field(default_factory=dict[str, str])
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row needs; ``clean`` takes secrets and addresses out of foreign text."""

    candidate: Candidate
    as_of: date
    signals: tuple[Signal, ...]
    rubric: scoring.Rubric
    clean: Clean
