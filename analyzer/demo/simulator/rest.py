"""REST, as far as the client uses it: accounts, their repositories, what is left of the hour."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from analyzer.demo.simulator import rest_views as views
from analyzer.demo.simulator.exchange import Request, Response, answer, refused
from analyzer.demo.simulator.quotas import Quotas
from analyzer.demo.simulator.world import Account, Repository, World

UNKNOWN = "/…"
"""The form of every path that nothing is known at."""

_MOST = 100
_USUAL = 30


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the token, the login that it belongs to, and its scopes (None where a kind of token has none)."""

    token: str = ""
    login: str = ""
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers on one world. ``base`` is the simulator's own address."""

    world: World
    base: str
    quotas: Quotas

    def answer(self, request: Request, asker: Asker) -> Response:
        """The answer, before limits: with an ETag, and 304 for what the request names it."""
        name, parts = route(request.path)
        if request.method != "GET" or name == UNKNOWN:
            return refused(404, "Not Found")
        answered = _ANSWERS[name](self, request, parts, asker)
        if answered.status != 200:
            return answered
        etag = f'W/"{sha256(answered.body + request.target.encode()).hexdigest()}"'
        headers = {**answered.headers, "etag": etag, "cache-control": "private, max-age=60, s-maxage=60"}
        if name == "/rate_limit":
            return answered
        if request.headers.get("if-none-match") == etag:
            return Response(304, headers)
        return Response(200, headers, answered.body)

    def user(self, _: Request, parts: Mapping[str, str], __: Asker) -> Response:
        """``/users/{login}``."""
        account = self.world.by_login.get(parts["login"].lower())
        return answer(200, views.user(account, self.world, self.base)) if account else refused(404, "Not Found")

    def token_owner(self, _: Request, __: Mapping[str, str], asker: Asker) -> Response:
        """``/user``."""
        account = self.world.by_login.get(asker.login.lower())
        if not asker.token:
            return refused(401, "Requires authentication")
        if account is None:
            return refused(403, "Resource not accessible by integration")
        return answer(200, views.user(account, self.world, self.base))

    def repositories_by_login(self, request: Request, parts: Mapping[str, str], _: Asker) -> Response:
        """``/users/{login}/repos``."""
        return self._listed(request, self.world.by_login.get(parts["login"].lower()))

    def repositories_by_id(self, request: Request, parts: Mapping[str, str], _: Asker) -> Response:
        """``/user/{id}/repos``, where the next pages are."""
        return self._listed(request, next((a for a in self.world.accounts if a.number == int(parts["id"])), None))

    def repository(self, _: Request, parts: Mapping[str, str], __: Asker) -> Response:
        """``/repos/{owner}/{repo}``; 301 for an earlier name."""
        full_name = f"{parts['owner']}/{parts['repo']}"
        found = self.world.found(full_name, by_former=False)
        moved = None if found else self.world.found(full_name)
        if moved is None:
            return self._shown(found)
        url = f"{self.base}/repositories/{moved.number}"
        return answer(301, {"message": "Moved Permanently", "url": url}, {"location": url})

    def repository_by_id(self, _: Request, parts: Mapping[str, str], __: Asker) -> Response:
        """``/repositories/{id}``."""
        return self._shown(next((one for one in self.world.public.values() if one.number == int(parts["id"])), None))

    def rate_limit(self, _: Request, __: Mapping[str, str], asker: Asker) -> Response:
        """``/rate_limit``."""
        resources = {name: self.quotas.of(asker.token, name).counts() for name in ("core", "graphql", "search")}
        return answer(200, {"resources": resources, "rate": resources["core"]})

    def _shown(self, found: Repository | None) -> Response:
        if found is None:
            return refused(404, "Not Found")
        return answer(200, views.full_repository(found, self.world, self.base))

    def _listed(self, request: Request, account: Account | None) -> Response:
        if account is None:
            return refused(404, "Not Found")
        query = request.query
        owned = self.world.owned_by(account.login)
        if query.get("sort") == "pushed":
            owned.sort(key=lambda one: (one.pushed_at or one.created_at, one.number), reverse=True)
        else:
            owned.sort(key=lambda one: one.full_name.lower())
        size, page = min(_whole(query.get("per_page", ""), _USUAL), _MOST), _whole(query.get("page", ""), 1)
        shown = owned[(page - 1) * size : page * size]
        kept = {key: value for key, value in query.items() if key != "page"}
        link = _link(f"{self.base}/user/{account.number}/repos", kept, page, -(-len(owned) // size))
        return answer(200, [views.repository(one, self.world, self.base) for one in shown], link)


_Answering = Callable[[Desk, Request, Mapping[str, str], Asker], Response]

_ANSWERS: Mapping[str, _Answering] = {
    "/rate_limit": Desk.rate_limit,
    "/user": Desk.token_owner,
    "/user/{id}/repos": Desk.repositories_by_id,
    "/users/{login}": Desk.user,
    "/users/{login}/repos": Desk.repositories_by_login,
    "/repos/{owner}/{repo}": Desk.repository,
    "/repositories/{id}": Desk.repository_by_id,
}

_PARTS = {"id": r"\d{1,18}"}

_FORMS = {
    form: re.compile(re.sub(r"{(\w+)}", lambda part: f"(?P<{part[1]}>{_PARTS.get(part[1], '[^/]+')})", form))
    for form in _ANSWERS
}


def route(path: str) -> tuple[str, Mapping[str, str]]:
    """The form of a path and its parts."""
    for form, pattern in _FORMS.items():
        if match := pattern.fullmatch(path):
            return form, match.groupdict()
    return UNKNOWN, {}


def _whole(text: str, usual: int) -> int:
    """A number of entries or of a page; GitHub takes the usual one for what is none."""
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else usual


def _link(url: str, query: Mapping[str, str], page: int, last: int) -> dict[str, str]:
    """The Link header: by number and not by login, as GitHub writes it."""
    named = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    fits = {
        rel: n for rel, n in named.items() if (n < page if rel in {"prev", "first"} else n > page) and 1 <= n <= last
    }
    asked = "".join(f"{key}={value}&" for key, value in query.items())
    links = [f'<{url}?{asked}page={n}>; rel="{rel}"' for rel, n in fits.items()]
    return {"link": ", ".join(links)} if links else {}
