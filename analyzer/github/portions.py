"""Questions in portions: pages of a list, batches of repositories, windows of time.

A query knows its variables and reads its answer; what follows (the next page, the next repositories) comes with the
records. When GitHub finds it too large, :meth:`Query.smaller` gives what to ask instead, together the same: a shorter
page, half of the batch, half of the window. Nothing here asks anything; the client works the queries off like a stack.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from analyzer.errors import AnswerUnusable
from analyzer.github.fields import Json, Node
from analyzer.github.records import ContributionWindow
from analyzer.github.wire import Problem
from analyzer.model import Gap

T = TypeVar("T")

MOST_PAGES = 200
"""Pages of one list; a list that goes on is cut there, with a gap."""

SHORTEST_WINDOW = timedelta(days=31)
"""A window of contributions is not halved below a month."""

_PAGE = 50
_MOST_REPOSITORIES = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What one answer held. ``gaps`` says what could not be looked at, ``total`` how many there are in a list."""

    items: tuple[T, ...]
    gaps: tuple[Gap, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """A page, and what is to be asked after it."""

    page: Page[T]
    then: tuple[Query[T], ...] = ()


@dataclass(frozen=True, slots=True)
class Query(ABC, Generic[T]):
    """One question, ready to be asked. ``subject`` is whom or what it is about: a login or ``owner/name``."""

    document: str
    subject: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return False

    @property
    @abstractmethod
    def variables(self) -> Mapping[str, Json]:
        """The variables of the document."""

    @abstractmethod
    def read(self, data: Node, problems: Sequence[Problem]) -> Step[T]:
        """Records from the answer, and what follows."""

    def smaller(self) -> tuple[Query[T], ...]:
        """The same in smaller portions; nothing when it cannot be smaller."""
        return ()

    def modest(self) -> tuple[Query[T], ...]:
        """The same without what a token may lack the right to see; nothing when all of it is needed."""
        return ()

    def given_up(self, reason: str) -> Step[T] | None:
        """A page that says what is missing, and what follows; None when without this answer there is nothing."""
        del reason
        return None


# --- one answer ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Single(Query[T]):
    """A question with one answer."""

    asked: Mapping[str, Json]
    root: str
    reader: Callable[[Node], T] = field(repr=False)

    @property
    def variables(self) -> Mapping[str, Json]:
        """As given."""
        return self.asked

    def read(self, data: Node, problems: Sequence[Problem]) -> Step[T]:
        """The one record."""
        del problems
        return Step(Page((self.reader(data.inside(self.root)),)))


# --- a list ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed(Query[T]):
    """A list that is read page by page. ``seen`` counts what came before and is compared with GitHub's total.

    ``place`` is where the list stands in the answer. ``reader`` gives None for what is not to be looked at.
    """

    asked: Mapping[str, Json]
    place: tuple[str, str]
    what: str
    reader: Callable[[Node], T | None] = field(repr=False)
    size: int = _PAGE
    cursor: str | None = None
    seen: int = 0
    pages: int = 1

    @property
    def variables(self) -> Mapping[str, Json]:
        """With the size of the page and where it begins."""
        return {**self.asked, "pageSize": self.size, "cursor": self.cursor}

    def read(self, data: Node, problems: Sequence[Problem]) -> Step[T]:
        """The records of the page; places that GitHub leaves empty count as missing."""
        del problems
        root, key = self.place
        connection = data.inside(root).inside(key)
        nodes = connection.children("nodes")
        info = connection.inside("pageInfo")
        cursor, more = info.text_or_none("endCursor"), info.flag("hasNextPage")
        if more and (cursor is None or cursor == self.cursor or not nodes):
            raise AnswerUnusable(f"GitHub's list of {self.what} does not go on where it says.")
        total, seen = connection.count("totalCount"), self.seen + len(nodes)
        read = tuple(item for item in map(self.reader, nodes) if item is not None)
        if more and self.pages < MOST_PAGES:
            return Step(Page(read, (), total), (replace(self, cursor=cursor, seen=seen, pages=self.pages + 1),))
        gaps = () if seen == total else (self._gap(f"GitHub counts {total}, {seen} were listed"),)
        return Step(Page(read, gaps, total))

    def smaller(self) -> tuple[Query[T], ...]:
        """Half the page, from here on."""
        return (replace(self, size=self.size // 2),) if self.size > 1 else ()

    def given_up(self, reason: str) -> Step[T]:
        """Without this page there is no way to the next."""
        return Step(Page((), (self._gap(f"the list ends after {self.seen}: {reason}"),)))

    def _gap(self, reason: str) -> Gap:
        return Gap(self.what, self.subject if "/" in self.subject else "", "", reason)


# --- a batch of repositories -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Batch(Query[T]):
    """Repositories by node id, ``size`` at once. ``names`` says for gaps how each is called.

    ``optional`` is the variable that switches on what a token may lack the right to see, and what that is in words.
    ``refused`` is set when it was switched off for that reason.
    """

    asked: Mapping[str, Json]
    names: Mapping[str, str] = field(repr=False)
    ids: tuple[str, ...]
    what: str
    reader: Callable[[Node], T] = field(repr=False)
    size: int
    optional: tuple[str, str] | None = None
    refused: bool = False

    @property
    def is_empty(self) -> bool:
        """Nobody may have chosen any."""
        return not self.ids

    @property
    def variables(self) -> Mapping[str, Json]:
        """With the ids of this portion."""
        return {**self.asked, "ids": list(self._portion)}

    def read(self, data: Node, problems: Sequence[Problem]) -> Step[T]:
        """The records; a gap for what GitHub does not show; the refused ones once more without the optional part."""
        places = data.places("nodes")
        if len(places) != len(self._portion):
            raise AnswerUnusable(f"GitHub answered for {len(places)} repositories instead of {len(self._portion)}.")
        met = {problem.path[1]: problem for problem in problems if len(problem.path) > 1}
        items: list[T] = []
        again: list[str] = []
        gaps: list[Gap] = []
        for index, (one, node) in enumerate(zip(self._portion, places, strict=True)):
            problem = met.get(index)
            if node is not None and node.text("id"):
                items.append(self.reader(node))
                gaps += self._refusal_gap(one)
            elif problem is not None and problem.is_refusal and self._has_optional:
                again.append(one)
            else:
                gaps.append(self._gap(one, problem.message if problem else "GitHub does not show it any more"))
        return Step(Page(tuple(items), tuple(gaps)), (*self._without(tuple(again)), *self._rest))

    def smaller(self) -> tuple[Query[T], ...]:
        """Two halves of the portion, then the others."""
        half = len(self._portion) // 2
        if half == 0:
            return ()
        first, second = self._portion[:half], self._portion[half:]
        return (replace(self, ids=first), replace(self, ids=second), *self._rest)

    def modest(self) -> tuple[Query[T], ...]:
        """The portion without the optional part, then the others."""
        return (*self._without(self._portion), *self._rest) if self._has_optional else ()

    def given_up(self, reason: str) -> Step[T]:
        """The others do not suffer from these."""
        return Step(Page((), tuple(self._gap(one, reason) for one in self._portion)), self._rest)

    @property
    def _portion(self) -> tuple[str, ...]:
        return self.ids[: self.size]

    @property
    def _rest(self) -> tuple[Query[T], ...]:
        rest = self.ids[self.size :]
        return (replace(self, ids=rest),) if rest else ()

    @property
    def _has_optional(self) -> bool:
        return self.optional is not None and bool(self.asked[self.optional[0]])

    def _without(self, ids: tuple[str, ...]) -> tuple[Query[T], ...]:
        if not ids or self.optional is None:
            return ()
        return (replace(self, ids=ids, asked={**self.asked, self.optional[0]: False}, refused=True),)

    def _refusal_gap(self, one: str) -> tuple[Gap, ...]:
        if not self.refused or self.optional is None:
            return ()
        return (Gap(self.optional[1], self.names[one], "", "the token may not see them"),)

    def _gap(self, one: str, reason: str) -> Gap:
        return Gap(self.what, self.names[one], "", reason)


# --- a window of time ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window(Query[ContributionWindow]):
    """Contributions between two times, of which both belong to the window; one window after the other.

    GitHub takes a year at most, and lists at most 100 repositories without a way to the others.
    """

    windows: tuple[tuple[datetime, datetime], ...]
    reader: Callable[[Node], tuple[ContributionWindow, int]] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """An account that never contributed has no windows."""
        return not self.windows

    @property
    def variables(self) -> Mapping[str, Json]:
        """Login and ends."""
        begins_at, ends_at = self.windows[0]
        return {
            "login": self.subject,
            "from": stamp(begins_at),
            "to": stamp(ends_at),
            "maxRepositories": _MOST_REPOSITORIES,
        }

    def read(self, data: Node, problems: Sequence[Problem]) -> Step[ContributionWindow]:
        """The window. More repositories than GitHub lists make it two smaller ones, or a gap if that is out."""
        del problems
        window, n_unlisted = self.reader(data.inside("user").inside("contributionsCollection"))
        if n_unlisted <= 0:
            return Step(Page((window,)), self._rest)
        halves = self.smaller()
        if halves:
            return Step(Page(()), halves)
        return Step(Page((window,), (self._gap(f"{n_unlisted} more repositories are not listed"),)), self._rest)

    def smaller(self) -> tuple[Query[ContributionWindow], ...]:
        """Two halves that share no day, as GitHub counts by days; then the other windows."""
        begins_at, ends_at = self.windows[0]
        if ends_at - begins_at <= SHORTEST_WINDOW:
            return ()
        middle = (begins_at + (ends_at - begins_at) / 2).replace(hour=0, minute=0, second=0, microsecond=0)
        halves = (begins_at, middle - timedelta(seconds=1)), (middle, ends_at)
        return (replace(self, windows=(*halves, *self.windows[1:])),)

    def given_up(self, reason: str) -> Step[ContributionWindow]:
        """The other windows do not suffer from this."""
        return Step(Page((), (self._gap(reason),)), self._rest)

    @property
    def _rest(self) -> tuple[Query[ContributionWindow], ...]:
        return (replace(self, windows=self.windows[1:]),) if self.windows[1:] else ()

    def _gap(self, reason: str) -> Gap:
        begins_at, ends_at = self.windows[0]
        return Gap(f"contributions {begins_at:%Y-%m-%d} to {ends_at:%Y-%m-%d}", "", "", reason)


def stamp(time: datetime) -> str:
    """A time as GraphQL takes it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
