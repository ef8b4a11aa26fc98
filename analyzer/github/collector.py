"""The plan of requests for one account: what is listed first, what is asked about what was chosen.

First the profile and the list of repositories, which tell whether there is anything new. Then commits and merged pull
requests in other people's repositories, over all years, for that is where most production work is; the histories of
what is to be read, which also tell the account's addresses; releases and deployments; answers to issues in at most
three repositories that the account looks after. One part that GitHub does not give costs that part and is named.

Without a token there are the profile and the list only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from analyzer.errors import AuthenticationFailed, NotVisible, RateLimited, ServiceError, ServiceFailed
from analyzer.github import hosting, queries
from analyzer.github.client import Client
from analyzer.github.portions import Page, Query
from analyzer.github.records import (
    Account,
    ContributionWindow,
    Issue,
    MergedPullRequest,
    Operations,
    OwnedRepository,
    RepositoryHistory,
    RepositoryRef,
)
from analyzer.hosted import Hosted
from analyzer.model import Gap
from analyzer.selection import Limits, Offer, Selection, forks_to_ask, select

T = TypeVar("T")

MAX_MAINTAINED = 3
"""Repositories whose issues are looked at, the newest fifty each."""

WITHOUT_TOKEN = (
    Gap("merged pull requests", "", "", "no token was given, and GitHub lists them only with one"),
    Gap("releases and deployments", "", "", "no token was given, and GitHub lists them only with one"),
    Gap("other people's repositories", "", "", "no token was given, so GitHub does not tell where they contributed"),
    Gap("addresses", "", "", "no token was given, so GitHub does not tell which are theirs; --identity EMAIL does"),
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What every run asks: the account and the repositories that it owns."""

    account: Account
    repositories: tuple[OwnedRepository, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A repository that could be read, with all that is known of it; ``owned`` is None for somebody else's."""

    offer: Offer
    ref: RepositoryRef
    owned: OwnedRepository | None = None

    @property
    def head(self) -> str:
        """The commit of its default branch, empty when GitHub did not say."""
        return self.owned.head if self.owned else ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What GitHub told about one account. ``addresses`` are those that it maps to the account, never to be shown.

    ``chosen`` are in the order of ``selection``. ``is_whole`` is False when a part could not be asked or has holes that
    may be gone the next time, ``knows_addresses`` when GitHub showed none of the histories that tell the addresses.
    """

    account: Account
    selection: Selection
    chosen: tuple[Known, ...]
    addresses: tuple[str, ...] = field(repr=False)
    hosted: Hosted
    gaps: tuple[Gap, ...]
    is_whole: bool
    knows_addresses: bool = True

    @property
    def n_repositories(self) -> int:
        """All repositories that were considered."""
        return len(self.selection.chosen) + len(self.selection.left_out)


class Collector:
    """Asks one client about accounts. ``clean`` takes secrets and addresses out of titles."""

    def __init__(self, client: Client, limits: Limits, clean: hosting.Clean, notify: Callable[[str], None]) -> None:
        self._client = client
        self._limits = limits
        self._clean = clean
        self._notify = notify
        self._gaps: list[Gap] = []
        self._failed = 0
        self._is_cut = False

    def listing(self, login: str) -> Listing:
        """The account and its repositories. Raises :class:`NotVisible` for a login that nobody has."""
        self._notify("asking GitHub for the profile")
        try:
            if not self._client.has_token:
                account = self._client.account(login)
                pages = list(self._client.repositories(account.login))
                return Listing(account, tuple(one for page in pages for one in page.items), ())
            account = self._client.one(queries.profile(login))
        except NotVisible as error:
            raise NotVisible(
                f"GitHub shows no account {login}: misspelt, deleted, suspended, or an organisation.",
                "Check the login on the page of the account.",
            ) from error
        self._notify("asking GitHub for the repositories")
        page = self._client.all(queries.repositories(account.login))
        return Listing(account, page.items, page.gaps)

    def collect(self, listing: Listing) -> Collected:
        """Everything else. Raises :class:`RateLimited` and :class:`AuthenticationFailed`, and when GitHub is down."""
        self._gaps, self._failed, self._is_cut = [*listing.gaps], 0, bool(listing.gaps)
        account = listing.account
        if not self._client.has_token:
            return self._listed_only(listing)
        windows = self._all("contributions", queries.contributions(account.login, account.years), bool(account.years))
        commits = None if self._failed else windows
        pulls = self._all("merged pull requests", queries.merged_pull_requests(account.login))
        known = _known(listing, commits, pulls)
        known |= self._included(known)
        known, asked = self._with_forks(known, account)
        selection = select((one.offer for one in known.values()), self._limits)
        chosen = [known[offer.full_name] for offer in selection.chosen]
        names = {one.ref.node_id: one.ref.full_name for one in chosen}
        unknown = {node_id: name for node_id, name in names.items() if node_id not in asked}
        histories = [*asked.values(), *self._histories(unknown, account)]
        operations = self._all("releases and deployments", queries.operations(names), bool(names))
        issues = self._issues(_maintained(chosen, operations, pulls))
        self._note_samples(operations, windows)
        return Collected(
            account=account,
            selection=selection,
            chosen=tuple(chosen),
            addresses=tuple(sorted({a.email for history in histories for a in history.addresses})),
            hosted=self._hosted(account.login, chosen, operations, issues, pulls),
            gaps=tuple(self._gaps),
            is_whole=not self._is_cut and not self._failed,
            knows_addresses=bool(histories) or not names,
        )

    def _listed_only(self, listing: Listing) -> Collected:
        known = _known(listing, None, ())
        known |= self._included(known)
        selection = select((one.offer for one in known.values()), self._limits)
        chosen = [known[offer.full_name] for offer in selection.chosen]
        hosted = self._hosted(listing.account.login, chosen, (), {}, ())
        gaps = (*self._gaps, *WITHOUT_TOKEN)
        return Collected(listing.account, selection, tuple(chosen), (), hosted, gaps, is_whole=not self._failed)

    # --- the parts ---------------------------------------------------------

    def _all(self, what: str, query: Query[T] | None, wanted: bool = True) -> tuple[T, ...]:
        """Every record, or none and a gap. Two parts that fail are an outage, which a later run does better with."""
        if not wanted or query is None:
            return ()
        self._notify(f"asking GitHub for {what}")
        page = self._part(what, "", lambda: self._client.all(query))
        self._note(page)
        return page.items

    def _note(self, page: Page[T]) -> None:
        """Keep the gaps of a page. What the token may not see is no reason to ask again, every other hole is."""
        self._gaps += page.gaps
        self._is_cut |= any(gap.what != queries.DEPLOYMENTS for gap in page.gaps)

    def _part(self, what: str, repository: str, ask: Callable[[], Page[T]]) -> Page[T]:
        try:
            return ask()
        except (AuthenticationFailed, RateLimited):
            raise
        except ServiceError as error:
            self._failed += 1
            if isinstance(error, ServiceFailed) and self._failed > 1:
                raise
            self._gaps.append(Gap(what, repository, "", error.message))
            return Page(())

    def _included(self, known: Mapping[str, Known]) -> dict[str, Known]:
        """Repositories that the user named and nothing else led to: one request each."""
        there = {name.lower() for name in known}
        found: dict[str, Known] = {}
        for name in sorted(self._limits.include):
            if name.lower() in there:
                continue
            page = self._part("repository", name, lambda name=name: Page((self._client.repository(name),)))
            for owned in page.items:
                if not owned.ref.is_private:
                    found[owned.ref.full_name] = _other(owned.ref, 0, 0)
        return found

    def _with_forks(
        self, known: Mapping[str, Known], account: Account
    ) -> tuple[dict[str, Known], dict[str, RepositoryHistory]]:
        """Forks with the commits that are the account's, where their history has to tell."""
        forks = forks_to_ask((one.offer for one in known.values()), self._limits)
        asked = self._histories({known[f.full_name].ref.node_id: f.full_name for f in forks}, account)
        by_node = {one.ref.node_id: one for one in known.values()}
        found = dict(known)
        for history in asked:
            one = by_node[history.node_id]
            offer = replace(one.offer, n_commits=history.n_candidate_commits)
            found[offer.full_name] = replace(one, offer=offer)
        return found, {history.node_id: history for history in asked}

    def _histories(self, names: Mapping[str, str], account: Account) -> tuple[RepositoryHistory, ...]:
        return self._all("histories", queries.histories(names, account.node_id) if names else None)

    def _issues(self, maintained: Sequence[str]) -> dict[str, tuple[Issue, ...]]:
        """The newest issues of each, by name."""
        found: dict[str, tuple[Issue, ...]] = {}
        for name in maintained:
            self._notify(f"asking GitHub for the issues of {name}")
            page = self._part("issues", name, lambda name=name: self._first(queries.issues(name)))
            self._note(page)
            if not page.gaps:
                self._gaps += _sample("issues", name, len(page.items), page.total or 0)
            found[name] = page.items
        return found

    def _first(self, query: Query[T]) -> Page[T]:
        return next(iter(self._client.pages(query)), Page(()))

    def _hosted(
        self,
        login: str,
        chosen: Iterable[Known],
        operations: Iterable[Operations],
        issues: Mapping[str, tuple[Issue, ...]],
        pulls: Iterable[MergedPullRequest],
    ) -> Hosted:
        by_node = {one.node_id: one for one in operations}
        repositories = {
            one.ref.full_name: hosting.repository(
                login, by_node.get(one.ref.node_id), issues.get(one.ref.full_name, ()), one.owned
            )
            for one in chosen
        }
        rows = (hosting.contribution(login, pull, self._clean) for pull in pulls)
        return Hosted(repositories, tuple(row for row in rows if row is not None))

    def _note_samples(self, operations: Iterable[Operations], windows: Iterable[ContributionWindow]) -> None:
        """Say what is only a part of what GitHub counts, and that there is work nobody outside can see."""
        for one in operations:
            self._gaps += _sample("releases", one.full_name, len(one.releases), one.n_releases)
            if one.deployments is not None:
                self._gaps += _sample("deployments", one.full_name, len(one.deployments), one.n_deployments)
        hidden = sum(window.n_restricted for window in windows)
        if hidden:
            reason = f"GitHub counts {hidden:,} contributions to private repositories, which nobody outside can see"
            self._gaps.append(Gap("private work", "", "", reason))


# --- what there is to choose from ------------------------------------------


def _known(
    listing: Listing, windows: Sequence[ContributionWindow] | None, pulls: Iterable[MergedPullRequest]
) -> dict[str, Known]:
    """Every repository of the account and every other one it worked in; ``windows`` is None when not known."""
    commits: Counter[int] = Counter()
    others: dict[int, RepositoryRef] = {}
    for entry in (entry for window in windows or () for entry in window.repositories):
        commits[entry.repository.number] += entry.n_commits
        others.setdefault(entry.repository.number, entry.repository)
    merged: Counter[int] = Counter()
    for pull in pulls:
        merged[pull.repository.number] += 1
        others.setdefault(pull.repository.number, pull.repository)
    found: dict[str, Known] = {}
    for owned in listing.repositories:
        others.pop(owned.ref.number, None)
        n_commits = None if windows is None or owned.ref.is_fork else commits[owned.ref.number]
        found[owned.ref.full_name] = _own(owned, n_commits, merged[owned.ref.number])
    for number, ref in others.items():
        found.setdefault(ref.full_name, _other(ref, commits[number], merged[number]))
    return found


def _own(owned: OwnedRepository, n_commits: int | None, n_merged: int) -> Known:
    ref = owned.ref
    offer = Offer(
        full_name=ref.full_name,
        is_own=True,
        disk_kb=ref.disk_kb,
        created_at=owned.created_at,
        pushed_at=ref.pushed_at,
        parent=owned.parent,
        template=owned.template,
        is_fork=ref.is_fork,
        is_template=owned.is_template,
        is_empty=bool(owned.is_empty),
        is_disabled=owned.is_disabled or owned.is_locked,
        is_mirror=owned.is_mirror,
        n_commits=n_commits,
        n_merged=n_merged,
    )
    return Known(offer, ref, owned)


def _other(ref: RepositoryRef, n_commits: int, n_merged: int) -> Known:
    offer = Offer(
        full_name=ref.full_name,
        is_own=False,
        disk_kb=ref.disk_kb,
        pushed_at=ref.pushed_at,
        is_fork=ref.is_fork,
        n_commits=n_commits,
        n_merged=n_merged,
    )
    return Known(offer, ref)


def _maintained(
    chosen: Iterable[Known], operations: Iterable[Operations], pulls: Iterable[MergedPullRequest]
) -> tuple[str, ...]:
    """The repositories with issues that the account may answer for, the largest part of it first."""
    with_issues = {one.full_name for one in operations if one.n_open_issues + one.n_closed_issues}
    trusted = {pull.repository.full_name for pull in pulls if pull.association in hosting.WITH_A_SAY}
    names = [one.ref.full_name for one in chosen if one.owned is not None or one.ref.full_name in trusted]
    return tuple(name for name in names if name in with_issues)[:MAX_MAINTAINED]


def _sample(what: str, full_name: str, n: int, total: int) -> list[Gap]:
    return [Gap(what, full_name, "", f"the newest {n} of {total:,} were looked at")] if n < total else []
