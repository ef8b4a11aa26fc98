"""Which repositories are worth reading, and why the others are not. Pure.

The order is that of the candidate's own part: commits, or merged pull requests where there are more of those. Stars,
followers and the age of an account have no say. Every repository is either chosen or left out with a reason; one that
only a limit left out counts as *could not check*, the others hold nothing to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FEW_ACTS = 3
"""Fewer commits and pull requests than this in somebody else's repository show nothing over time."""

MAX_FORKS_ASKED = 20
"""How many forks are worth a look at their history: what one request holds."""

_SETTLED = timedelta(minutes=10)
"""Making a repository from a template, or a fork, takes that long."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """A repository that could be read. ``disk_kb`` is GitHub's own figure for the whole history.

    ``n_commits`` and ``n_merged`` are the candidate's; None where GitHub was not asked. ``parent`` and ``template``
    are what it was forked and made from.
    """

    full_name: str
    is_own: bool
    disk_kb: int = 0
    created_at: datetime | None = None
    pushed_at: datetime | None = None
    parent: str = ""
    template: str = ""
    is_fork: bool = False
    is_template: bool = False
    is_empty: bool = False
    is_disabled: bool = False
    is_mirror: bool = False
    n_commits: int | None = None
    n_merged: int = 0

    @property
    def part(self) -> int:
        """The candidate's part in it, as a number of acts. A pull request that was squashed is a commit as well."""
        return max(self.n_commits or 0, self.n_merged)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was pushed since it was made."""
        if self.created_at is None or self.pushed_at is None:
            return False
        return self.pushed_at <= self.created_at + _SETTLED


@dataclass(frozen=True, slots=True)
class Limits:
    """How much to read. Names as ``owner/name``: ``include`` is read whatever else would speak against it."""

    max_repositories: int = 40
    max_size_mb: int = 500
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    def includes(self, offer: Offer) -> bool:
        """Whether the user wants it."""
        return _named(offer.full_name, self.include)

    def excludes(self, offer: Offer) -> bool:
        """Whether the user does not."""
        return _named(offer.full_name, self.exclude)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A repository that is not read. ``is_limit`` says that there would have been something to look at."""

    full_name: str
    reason: str
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read, the largest part of the candidate first, and everything else by name."""

    chosen: tuple[Offer, ...]
    left_out: tuple[LeftOut, ...]


def select(offers: Iterable[Offer], limits: Limits) -> Selection:
    """Choose. The order of ``offers`` makes no difference."""
    left_out: list[LeftOut] = []
    worth: list[Offer] = []
    every = list(offers)
    read = _read_anyway(every, limits)
    for offer in every:
        found = _why_not(offer, limits, read)
        if found is None:
            worth.append(offer)
        else:
            left_out.append(found)
    worth.sort(key=lambda offer: (not limits.includes(offer), *_rank(offer)))
    n = max(limits.max_repositories, sum(map(limits.includes, worth)))
    reason = f"the limit of {n} repositories was reached"
    left_out += [LeftOut(offer.full_name, reason, is_limit=True) for offer in worth[n:]]
    return Selection(tuple(worth[:n]), tuple(sorted(left_out, key=lambda entry: entry.full_name)))


def forks_to_ask(offers: Iterable[Offer], limits: Limits) -> tuple[Offer, ...]:
    """The forks of which only their history can tell whether the candidate worked there, last pushed first."""
    every = list(offers)
    read = _read_anyway(every, limits)
    unknown = [
        offer
        for offer in every
        if offer.is_fork and offer.n_commits is None and _why_not(offer, limits, read) == _no_commits(offer)
    ]
    return tuple(sorted(unknown, key=_rank)[:MAX_FORKS_ASKED])


def _read_anyway(offers: Iterable[Offer], limits: Limits) -> set[str]:
    """The originals that are read, in lower case: what was done in their forks is looked for there."""
    originals = (offer for offer in offers if not offer.is_fork and offer.part)
    return {offer.full_name.lower() for offer in originals if _why_not(offer, limits, set()) is None}


def _why_not(offer: Offer, limits: Limits, read: set[str]) -> LeftOut | None:
    """Why it is not read; None when it is worth it. What holds nothing comes before what only a limit keeps out."""
    if limits.excludes(offer):
        return LeftOut(offer.full_name, "left out on request")
    if offer.is_empty:
        return LeftOut(offer.full_name, "empty: it has no commit")
    if offer.is_disabled:
        return LeftOut(offer.full_name, "GitHub has disabled or locked it", is_limit=True)
    if limits.includes(offer):
        return None
    return _nothing_there(offer, read) or _too_much(offer, limits)


def _nothing_there(offer: Offer, read: set[str]) -> LeftOut | None:
    name = offer.full_name
    if offer.is_mirror:
        return LeftOut(name, "a mirror: the work is done elsewhere")
    if offer.is_fork and offer.is_own:
        if offer.is_untouched:
            return LeftOut(name, "a fork to which nothing was pushed since it was made")
        if offer.parent.lower() in read:
            return LeftOut(name, f"a fork: their commits are looked for in {offer.parent}")
        if not offer.part:
            return _no_commits(offer)
    if offer.template and offer.is_untouched:
        return LeftOut(name, f"made from the template {offer.template} and not changed since")
    if not offer.is_own and offer.part < FEW_ACTS:
        acts = f"{offer.part} commit or pull request" if offer.part == 1 else f"{offer.part} commits or pull requests"
        return LeftOut(name, f"somebody else's, with only {acts} of theirs")
    return None


def _no_commits(offer: Offer) -> LeftOut:
    return LeftOut(offer.full_name, "a fork without commits of theirs")


def _too_much(offer: Offer, limits: Limits) -> LeftOut | None:
    size_mb = offer.disk_kb / 1024
    if size_mb <= limits.max_size_mb:
        return None
    return LeftOut(offer.full_name, f"{size_mb:,.0f} MB, the limit is {limits.max_size_mb:,} MB", is_limit=True)


def _rank(offer: Offer) -> tuple[object, ...]:
    """The larger part first, then what runs before what is a template for others, then what was pushed last."""
    pushed_at = offer.pushed_at or _NEVER
    return (-offer.part, offer.is_template, -pushed_at.timestamp(), offer.full_name)


def _named(full_name: str, names: Iterable[str]) -> bool:
    return full_name.lower() in {name.lower() for name in names}


# --- how long it takes -----------------------------------------------------

_SECONDS_EACH = 2.0
_SECONDS_PER_MB = 0.35


def seconds(chosen: Sequence[Offer]) -> float:
    """About how long cloning and reading takes: a rough figure from the sizes, for people."""
    return sum(_SECONDS_EACH + _SECONDS_PER_MB * offer.disk_kb / 1024 for offer in chosen)
