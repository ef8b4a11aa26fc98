"""One account after the other: is there anything new, what is to be read, read it, store it.

All that a command says about it meanwhile goes to stderr.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import click

from analyzer import collection, store
from analyzer.cache import Cache
from analyzer.cli import github, outcome
from analyzer.cli.portfolio import PersonOptions, as_of_day
from analyzer.cli.progress import Progress
from analyzer.collection import Wish
from analyzer.credentials import token_for, variables
from analyzer.errors import UnknownCandidate
from analyzer.github.client import Client
from analyzer.github.collector import Collected, Collector, Listing
from analyzer.github.etags import EtagStore
from analyzer.github.host import Host
from analyzer.github.limits import Limit
from analyzer.model import Dossier
from analyzer.pipeline import Portfolio
from analyzer.report.clean import printable, redact
from analyzer.report.words import count

_LESS = (
    "shiptrace: without a token GitHub tells the list of repositories and nothing else; the report names what is "
    "missing. A token without any scope is enough: put it into {variable}."
)


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended for one account. ``dossier`` is None for a plan; ``collected`` where nothing was new."""

    login: str
    state: Literal["stored", "unchanged", "planned"]
    dossier: Dossier | None
    collected: Collected | None
    n_requests: int
    points: int
    code: int = outcome.DONE


@dataclass(frozen=True, slots=True)
class Collecting:
    """What all accounts of a command share. ``path`` is the store; None keeps nothing but the clones."""

    client: Client
    progress: Progress
    host: Host
    cache: Cache
    path: Path | None
    about: PersonOptions
    given: github.GitHubOptions
    is_asked_again: bool = False

    def collect(self, login: str, *, is_dry_run: bool = False) -> Done:
        """One account. Raises :class:`ShiptraceError`, and then what was stored of it before is as it was."""
        wish = Wish(login, github.limits(self.given), self.about["emails"], as_of_day(self.about))
        before = self.client.budget.n_requests, self.client.budget.points
        collector = Collector(self.client, wish.limits, redact, self.progress)
        listing = collector.listing(login)
        state = collection.state_of(listing, wish, has_token=self.client.has_token)
        known = None if is_dry_run else self._known(wish, state)
        if known is not None:
            code = outcome.exit_code(known)
            return Done(known.candidate.login, "unchanged", known, None, *self._spent(before), code)
        collected = collector.collect(listing)
        spent = self._spent(before)
        self._say(f"{collected.account.login}: {collection.estimate(collected)}, {self._of_the_hour(*spent)}")
        if is_dry_run:
            return Done(collected.account.login, "planned", None, collected, *spent)
        portfolio = self._mined(collected, wish, listing, state)
        code = outcome.exit_code(portfolio.dossier) if collected.is_whole else outcome.WITH_GAPS
        return Done(portfolio.dossier.candidate.login, "stored", portfolio.dossier, collected, *spent, code)

    def _mined(self, collected: Collected, wish: Wish, listing: Listing, state: str) -> Portfolio:
        def work(progress: Progress) -> Portfolio:
            return collection.mine(collected, wish, self.host, self.cache, state, progress)

        portfolio = outcome.mine_quietly(work, self.path, self.progress, self.about)
        for error in portfolio.unusable:
            self._say(f"shiptrace: {error}")
        if self.path:
            outcome.join(self.path, listing.account.login, self.about["cohort"])
        return portfolio

    # --- nothing new -------------------------------------------------------

    def _known(self, wish: Wish, state: str) -> Dossier | None:
        """The stored dossier where it still answers the wish."""
        if self.path is None or not self.path.exists() or self.is_asked_again:
            return None
        try:
            with store.Reader.open(self.path) as reader:
                if reader.source_state(wish.login) != state:
                    return None
                dossier = reader.read(wish.login)
        except UnknownCandidate:
            return None
        as_of = date.fromisoformat(dossier.as_of)
        fits = as_of == wish.as_of if self.about["as_of"] else collection.holds(as_of, wish)
        if fits:
            self._note_reason(dossier)
        return dossier if fits else None

    def _note_reason(self, dossier: Dossier) -> None:
        """The reason of today counts also where nothing is new; so does the cohort."""
        assert self.path is not None
        with store.Store.open(self.path) as opened:
            opened.give_reason(dossier.candidate.login, outcome.run_info(outcome.now(), self.about))
        outcome.join(self.path, dossier.candidate.login, self.about["cohort"])

    # --- what it costs -----------------------------------------------------

    def _spent(self, before: tuple[int, int]) -> tuple[int, int]:
        n_requests, points = before
        return self.client.budget.n_requests - n_requests, self.client.budget.points - points

    def _of_the_hour(self, n_requests: int, points: int) -> str:
        spent = points if self.client.has_token else n_requests
        what = "points" if self.client.has_token else "requests"
        left = self.client.budget.remaining("graphql" if self.client.has_token else "core")
        return f"{spent} of {left + spent:,} {what}" if left is not None else f"{spent} {what}"

    def _say(self, text: str) -> None:
        self.progress.clear()
        click.echo(printable(text), err=True)


@contextmanager
def collecting(
    about: PersonOptions, given: github.GitHubOptions, path: Path | None, *, is_asked_again: bool = False
) -> Generator[Collecting]:
    """The client with its token, ready to ask; nothing has been asked yet. Raises :class:`AuthenticationFailed`."""
    host, cache = github.host(given), Cache(given["cache"])
    token = token_for(host, given["token_file"])
    with Progress() as progress:

        def waits(limit: Limit, seconds: float) -> None:
            progress(f"GitHub's {limit} limit: waiting {count(round(seconds), 'second')}")

        if token is None:
            click.echo(_LESS.format(variable=variables(host)[0]), err=True)
        kept = EtagStore(cache.answers) if token is None else None
        with Client(token, host, etags=kept, on_wait=waits) as client:
            yield Collecting(client, progress, host, cache, path, about, given, is_asked_again)
