"""The client: questions in, records out.

What an answer means is decided in :mod:`analyzer.github.wire`; how often and how patiently to ask, in
:mod:`analyzer.github.client.line`. Here a question that is too large is asked in smaller portions, one that the token
may not ask in full without its optional part, and lists are followed to their end, within the API and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from analyzer.errors import AccessRefused, AnswerUnusable, AuthenticationFailed, NotVisible, ServiceFailed
from analyzer.github import reading
from analyzer.github.budget import Budget
from analyzer.github.client.line import FREE, RETRIES, Line
from analyzer.github.clock import Clock
from analyzer.github.etags import EtagStore, Kept, Key, lean
from analyzer.github.fields import Json, Node
from analyzer.github.host import GITHUB, Host, joined, login_part, repository_part
from analyzer.github.limits import Limit
from analyzer.github.portions import Page, Query, Single, Step
from analyzer.github.queries import document
from analyzer.github.records import Account, OwnedRepository, Points
from analyzer.github.refusals import NEW_TOKEN
from analyzer.github.token import Token
from analyzer.github.token_report import TokenReport, scopes_in
from analyzer.github.wire import (
    GRAPHQL,
    REST,
    Answer,
    Moved,
    Refused,
    Request,
    TooMuch,
    Unchanged,
    Usable,
    judge,
    judge_graphql,
    next_link,
    parse,
    question,
)

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

MOST_LISTED_PAGES = 100
"""Pages of a REST list, of 100 each."""

_MOVES = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """A REST answer: the data, the headers, and the address that gave it, another than asked when it has moved."""

    data: Json
    answer: Answer
    url: str


class Client:
    """GitHub, asked politely. Use it in a ``with`` block; it may be shared by threads, which then wait for each other.

    ``patience`` is the longest single wait, in seconds, that is not worth an error; ``retries`` how often a request is
    sent again for trouble of the moment. ``on_wait`` is told of each wait before it begins. Without a token only REST
    is answered.
    """

    def __init__(
        self,
        token: Token | None = None,
        host: Host = GITHUB,
        *,
        etags: EtagStore | None = None,
        patience: float = 120.0,
        retries: int = RETRIES,
        on_wait: Callable[[Limit, float], None] | None = None,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.host = host
        self.budget = Budget()
        self._token = token
        self._etags = etags
        self._line = Line(
            token,
            host,
            self.budget,
            patience=patience,
            retries=retries,
            on_wait=on_wait,
            clock=clock or Clock(),
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def has_token(self) -> bool:
        """Whether GraphQL can be asked at all."""
        return self._token is not None

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    # --- GraphQL -----------------------------------------------------------

    def one(self, query: Single[T]) -> T:
        """The answer to a question that has one."""
        (item,) = self.all(query).items
        return item

    def all(self, query: Query[T]) -> Page[T]:
        """Every page in one."""
        pages = list(self.pages(query))
        totals = [page.total for page in pages if page.total is not None]
        return Page(
            tuple(item for page in pages for item in page.items),
            tuple(gap for page in pages for gap in page.gaps),
            totals[-1] if totals else None,
        )

    def pages(self, query: Query[T]) -> Iterator[Page[T]]:
        """Page by page, each asked for when it is wanted; in smaller portions where GitHub finds one too large."""
        todo = [] if query.is_empty else [query]
        while todo:
            step = self._step(todo.pop())
            todo.extend(reversed(step.then))
            if step.page.items or step.page.gaps or step.page.total is not None:
                yield step.page

    def _step(self, query: Query[T]) -> Step[T]:
        if self._token is None:
            raise AuthenticationFailed("GitHub answers this only to those who have a token.", NEW_TOKEN)
        body = question(document(query.document), query.variables)
        smaller = query.smaller()
        request = Request(self.host.graphql, query.document, GRAPHQL, body)
        _, verdict = self._line.settled(request, judge_graphql, may_shrink=bool(smaller))
        match verdict:
            case Usable(data, problems):
                root = Node(data, "data")
                self._line.count_points(root.inside("rateLimit").whole("cost") or 1)
                return query.read(root, problems)
            case TooMuch() if smaller:
                return Step(Page(()), smaller)
            case TooMuch(_, reason):
                given_up = query.given_up(reason)
                if given_up is None:
                    raise ServiceFailed(f"GitHub did not answer {query.document}: {reason}.", "Try again later.")
                return given_up
            case Refused(error):
                modest = query.modest()
                if isinstance(error, AccessRefused) and modest:
                    return Step(Page(()), modest)
                raise error
            case _:
                raise AnswerUnusable(f"GitHub answered {query.document} with a redirect or with nothing new.")

    # --- REST --------------------------------------------------------------

    def account(self, login: str) -> Account:
        """The account without GraphQL: no node id, no years."""
        return reading.rest_account(_node(self.get(f"/users/{login_part(login)}", "user")))

    def repositories(self, login: str) -> Iterator[Page[OwnedRepository]]:
        """The public repositories that it owns, without GraphQL: one request for 100."""
        path = f"/users/{login_part(login)}/repos?type=owner&sort=pushed&per_page=100"
        for data in self.listed(path, "user_repositories"):
            repositories = [reading.rest_repository(Node(entry, "repository")) for entry in data]
            yield Page(tuple(found for found in repositories if not found.ref.is_private))

    def repository(self, full_name: str) -> OwnedRepository:
        """One repository; its ``full_name`` is another one than asked for when it was renamed."""
        owner, name = repository_part(full_name)
        return reading.rest_repository(_node(self.get(f"/repos/{owner}/{name}", "repository")))

    def check(self) -> TokenReport:
        """Whom the token belongs to, what it may do, what is left. Raises :class:`AuthenticationFailed`."""
        login, scopes, expires = "", None, ""
        if self._token is not None:
            try:
                reply = self.get("/user", "token_owner", keep=False)
            except AccessRefused:  # an app's token stands for no person
                pass
            else:
                login = _node(reply).text("login")
                scopes = scopes_in(reply.answer.headers)
                expires = reply.answer.headers.get("github-authentication-token-expiration", "")
        return TokenReport(login, scopes, expires, self.points())

    def points(self) -> dict[str, Points]:
        """What is left of this hour's limits; asking costs nothing. Empty where a server has no limits."""
        try:
            return reading.rest_points(_node(self.get("/rate_limit", FREE, keep=False)))
        except NotVisible:
            return {}

    def listed(self, path: str, name: str) -> Iterator[list[Json]]:
        """The pages of a REST list. The next one is where the answer says, within the API and never in a circle."""
        url = path
        seen: set[str] = set()
        while url:
            reply = self.get(url, name)
            if not isinstance(reply.data, list):
                raise AnswerUnusable(f"GitHub's answer to {name} is no list.")
            yield reply.data
            seen.add(reply.url)
            url = next_link(reply.answer.headers)
            if url in seen or (url and len(seen) >= MOST_LISTED_PAGES):
                raise AnswerUnusable(f"The list {name} does not end.", f"{len(seen)} pages were read.")

    def get(self, path: str, name: str, *, keep: bool = True) -> Reply:
        """One REST answer, by path or by an address the API gave. ``name`` is what it is counted under."""
        url = f"{self.host.rest}{path}" if path.startswith("/") else path
        for _ in range(_MOVES):
            if not self.host.allows(url):
                raise AnswerUnusable(f"{name} leads outside of GitHub's API.", "It was not asked for.")
            reply = self._get_once(url, name, keep=keep)
            if isinstance(reply, Reply):
                return reply
            url = joined(url, reply.location)
        raise AnswerUnusable(f"{name} was moved more than {_MOVES} times.")

    def _get_once(self, url: str, name: str, *, keep: bool) -> Reply | Moved:
        key = Key(url, self._token.fingerprint if self._token else "")
        kept = self._etags.find(key) if self._etags and keep else None
        request = Request(url, name, REST, etag=kept.etag if kept else "")
        answer, verdict = self._line.settled(request, judge)
        match verdict:
            case Usable(data):
                if self._etags and keep and "etag" in answer.headers:
                    self._etags.keep(key, Kept(answer.headers["etag"], answer.headers.get("link", ""), lean(data)))
                return Reply(data, answer, url)
            case Unchanged() if kept is not None:
                self.budget.n_unchanged += 1
                stored = Answer(200, {**answer.headers, "link": kept.link}, kept.body)
                return Reply(parse(kept.body), stored, url)
            case Moved():
                return verdict
            case Refused(error):
                raise error
            case _:
                raise AnswerUnusable(f"GitHub answered {name} with nothing new, but nothing is stored.")


def _node(reply: Reply) -> Node:
    return Node(reply.data, "answer")
