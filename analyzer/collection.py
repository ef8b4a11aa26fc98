"""The order of the steps from a login to what is stored: ask GitHub, choose, clone, read.

Each step is a function of its own, so that the caller can say between them what is about to happen, and can leave it at
that. Whether there is anything new is known after two or three requests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from analyzer import pipeline
from analyzer.cache import Cache
from analyzer.dossier import rules_version
from analyzer.errors import NothingUsable, RepositoryUnusable, ServiceFailed
from analyzer.git import clone, naming
from analyzer.github.collector import Collected, Known, Listing
from analyzer.github.host import Host
from analyzer.github.records import OwnedRepository
from analyzer.identity import candidate_for, is_address, merged
from analyzer.model import Candidate, Gap, IdentitySource
from analyzer.selection import Limits, seconds
from analyzer.told import LEFT_OUT, NO_PUBLIC_WORK
from signals.base import active
from signals.wording import counted

Notify = Callable[[str], None]

STATE_HOLDS = timedelta(days=7)
"""How long a listing without news is taken for no news: commits to other people's repositories are not in it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. ``emails`` are addresses that the user gave besides those that GitHub tells."""

    login: str
    limits: Limits
    emails: tuple[str, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is about to happen, for people."""

    n_repositories: int
    n_chosen: int
    minutes: int

    def __str__(self) -> str:
        repositories = counted(self.n_repositories, "repository", "repositories")
        return f"{repositories}, {self.n_chosen:,} to read, about {counted(self.minutes, 'minute')}"


def estimate(collected: Collected) -> Estimate:
    """How much there is to read and how long that takes."""
    minutes = max(1, round(seconds(collected.selection.chosen) / 60))
    return Estimate(collected.n_repositories, len(collected.chosen), minutes)


# --- is there anything new -------------------------------------------------


def state_of(listing: Listing, wish: Wish, *, has_token: bool) -> str:
    """A hash of what GitHub listed and of what was wished: the same as long as there is nothing new to find."""
    account, limits = listing.account, wish.limits
    told = {
        "account": (account.number, account.login, account.years, account.n_merged),
        "repositories": sorted(_listed(owned) for owned in listing.repositories),
        "limits": (limits.max_repositories, limits.max_size_mb, sorted(limits.include), sorted(limits.exclude)),
        "emails": sorted(email.lower() for email in wish.emails),
        "has_token": has_token,
        "rules": (rules_version(active()), pipeline.rubric().version),
    }
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _listed(owned: OwnedRepository) -> str:
    """A repository as far as it decides what is read: stars come and go, and where the head is known it tells all."""
    ref = replace(owned.ref, disk_kb=0, pushed_at=None if owned.head else owned.ref.pushed_at)
    return repr(replace(owned, ref=ref, n_stars=0, language="", languages=()))


def holds(stored_as_of: date, wish: Wish) -> bool:
    """Whether what was judged as of one day still answers the wish, when GitHub lists nothing new."""
    return timedelta(0) <= wish.as_of - stored_as_of < STATE_HOLDS


# --- reading ---------------------------------------------------------------


def mine(collected: Collected, wish: Wish, host: Host, cache: Cache, state: str, notify: Notify) -> pipeline.Portfolio:
    """Clone what was chosen, one after the other, and read it.

    Raises :class:`NothingUsable` when not one of them could be cloned, and :class:`ServiceFailed` when no address is
    known: their own commits would then look like somebody else's.
    """
    if not collected.knows_addresses and not wish.emails:
        raise ServiceFailed(
            f"GitHub did not tell which addresses are {collected.account.login}'s, so no commit could be known as "
            "theirs. What was stored before is as it was.",
            "Try again later, or give an address with --identity EMAIL.",
        )
    cache.note(wish.login, (clone.folder_of(_address(host, one), one.ref.full_name) for one in collected.chosen))
    targets, lost = _cloned(collected.chosen, host, cache.clones, notify)
    if lost and not targets:
        raise NothingUsable("\n".join(sorted(lost.values())), "What was stored before is as it was.")
    left_out = collected.selection.left_out
    unread = {entry.full_name: entry.reason for entry in left_out if entry.is_limit} | {**lost}
    nothing_there = [Gap(LEFT_OUT, entry.full_name, "", entry.reason) for entry in left_out if not entry.is_limit]
    portfolio = pipeline.scan(
        targets,
        candidate_of(collected, wish),
        wish.as_of,
        notify,
        unread=pipeline.Unread(unread, (*collected.gaps, *nothing_there)),
    )
    is_whole = collected.is_whole and not lost and not portfolio.unusable
    named = {r.full_name for r in portfolio.dossier.repositories}
    hosted = replace(
        collected.hosted,
        repositories={name: known for name, known in collected.hosted.repositories.items() if name in named},
        state=state if is_whole else None,
    )
    return replace(portfolio, hosted=hosted)


def without_account(reference: str, as_of: date) -> pipeline.Portfolio:
    """The portfolio of somebody who gave no account: nothing to see, which says nothing about them."""
    gap = Gap("account", "", "", NO_PUBLIC_WORK)
    return pipeline.scan((), candidate_for(reference, ()), as_of, unread=pipeline.Unread(gaps=(gap,)))


def candidate_of(collected: Collected, wish: Wish) -> Candidate:
    """The account with its addresses: GitHub's own two, those it maps to the account, those that were given."""
    login = collected.account.login
    noreply = collected.account.noreply_addresses() if collected.account.number else ()
    mapped = [email for email in collected.addresses if is_address(email)]
    told = candidate_for(login, (*noreply, *mapped), IdentitySource.GITHUB)
    return merged(told, candidate_for(login, wish.emails))


def _cloned(
    chosen: Sequence[Known], host: Host, folder: Path, notify: Notify
) -> tuple[list[pipeline.Target], Mapping[str, str]]:
    """What could be cloned, and the reason for each that could not."""
    targets: list[pipeline.Target] = []
    lost: dict[str, str] = {}
    for n, one in enumerate(chosen, 1):
        name = one.ref.full_name
        notify(f"{n}/{len(chosen)} {name}: cloning {one.ref.disk_kb / 1024:,.1f} MB")
        if not naming.is_full_name(name):
            lost[name] = "its name is none that a repository can have"
            continue
        try:
            made = clone.clone_url(_address(host, one), folder, full_name=name, head=one.head)
        except RepositoryUnusable as error:
            lost[name] = error.message
        else:
            targets.append(pipeline.Target(made.git_dir, name, _web(host, one)))
    return targets, lost


def _address(host: Host, one: Known) -> str:
    """Where it is cloned from: built from the name, whatever address the API gives."""
    return f"{host.git}/{one.ref.full_name}.git"


def _web(host: Host, one: Known) -> str:
    """Below which address people see it; only a GitHub on this machine, which nobody else can open, names another."""
    told = one.ref.url.removesuffix(f"/{one.ref.full_name}")
    return told if host.is_loopback and told != one.ref.url and told.startswith("https://") else host.git
