"""Where GitHub is: the addresses that may be asked, and none besides.

The token goes to :attr:`Host.rest` and :attr:`Host.graphql` only. Whatever an answer names (a next page, a new place)
is followed only where :meth:`Host.allows` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from analyzer.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::\d{1,5})?")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})")  # an enterprise's accounts have underscores
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_URL_CHARS = re.compile(r"[!#-;=?-\[\]_a-z~%]+")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Host:
    """One GitHub: where REST, GraphQL and git are. Over https, or over http on this machine."""

    rest: str
    graphql: str
    git: str

    def __post_init__(self) -> None:
        for url in (self.rest, self.graphql, self.git):
            _check_base(url)
        if _origin(urlsplit(self.graphql)) != _origin(urlsplit(self.rest)):
            raise UsageError(f"{self.graphql} and {self.rest} are two hosts.", "The token is for one host only.")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, as a simulator is."""
        return urlsplit(self.rest).hostname in _LOOPBACK

    def allows(self, url: str) -> bool:
        """Whether a URL that somebody else named is the API's own: its scheme, host and port, below its base."""
        parts = _split(url)
        if parts is None or parts.username is not None or parts.password is not None or ".." in parts.path.split("/"):
            return False
        if _origin(parts) != _origin(urlsplit(self.rest)):
            return False
        base = urlsplit(self.rest).path.rstrip("/")
        return url == self.graphql or parts.path == base or parts.path.startswith(f"{base}/")


def host_named(name: str) -> Host:
    """The addresses of ``github.com`` or of a GitHub Enterprise Server by its name, such as ``git.company.example``."""
    if name.lower() in {"github.com", "api.github.com", "www.github.com"}:
        return GITHUB
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a host.", "Give it without https:// and without a path.")
    base = f"https://{name.lower()}"
    return Host(f"{base}/api/v3", f"{base}/api/graphql", base)


def host_at(base: str) -> Host:
    """A GitHub whose three addresses share one base, as the simulator's do: ``/graphql``, the rest beside it."""
    return Host(base.rstrip("/"), f"{base.rstrip('/')}/graphql", base.rstrip("/"))


def host_given(text: str) -> Host:
    """What a user names: a host by its name, or one on this machine by its address."""
    return host_at(text) if text.startswith("http://") else host_named(text)


def joined(url: str, location: str) -> str:
    """The address that a redirect names, seen from where it was found; ``""`` for what is none."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def login_part(login: str) -> str:
    """The login as part of a path; raises :class:`UsageError` for what cannot be one."""
    if not _LOGIN.fullmatch(login):
        raise UsageError(f"{login!r} is no GitHub login.", "Letters, digits and hyphens, at most 100 characters.")
    return login


def repository_part(full_name: str) -> tuple[str, str]:
    """Owner and name of ``owner/name``; raises :class:`UsageError` for what cannot be one."""
    owner, _, name = full_name.partition("/")
    if not _LOGIN.fullmatch(owner) or not _REPOSITORY.fullmatch(name) or name in {".", ".."}:
        raise UsageError(f"{full_name!r} is no repository.", "Give it as OWNER/NAME.")
    return owner, name


def _split(url: str) -> SplitResult | None:
    if not _URL_CHARS.fullmatch(url) or "\\" in url or "%2e" in url.lower() or "%2f" in url.lower():
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname else None


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)


def _check_base(url: str) -> None:
    parts = _split(url)
    if parts is None or parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError(f"{url!r} is no address of an API.", "Give scheme, host and path only.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(f"{url!r} is not encrypted.", "A token is sent over https only.")


GITHUB = Host("https://api.github.com", "https://api.github.com/graphql", "https://github.com")
