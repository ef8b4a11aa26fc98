"""Who wrote a commit: addresses of the candidate, roles, bots. Pure.

Sources and confidence follow catalogue.md §4. Matching is on whole addresses, in our code: never
``git log --author`` (a pattern over name and address), never ``.mailmap`` (part of the repository, so anyone can
write it), never by name (a name is no proof, and no input to a score).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from analyzer.errors import UsageError
from analyzer.model import Candidate, Confidence, Identity, IdentitySource, Role
from signals.model import Person

OwnRole = tuple[Role, float, Identity]

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_ADDRESS = re.compile(r"[^\s@<>]{1,128}@[^\s@<>]{1,253}")
_NOREPLY = re.compile(r"(?:(\d+)\+)?([a-z0-9-]+)@users\.noreply\.github\.com")
_TRAILER = re.compile(rb"^co-authored-by:\s*([^<\n]{0,200})<([^<>\n]{1,400})>\s*$", re.IGNORECASE | re.MULTILINE)
_LOCAL_HOST = re.compile(
    r"(?:localhost|localdomain|none|example\.(?:com|org|net))|.*\.(?:local|lan|localdomain|internal)"
)
_BOT = re.compile(r"(?:^|[\s<+/_.-])(?:bot|dependabot|renovate)(?:$|[\s>@/_.-])|\[bot\]", re.IGNORECASE)
_BOT_NAMES = frozenset(
    """
    dependabot dependabot-preview renovate renovate-bot renovatebot greenkeeper pyup-bot pre-commit-ci
    github-actions github-action mergify allcontributors imgbot imgbotapp snyk-bot codecov codecov-io
    deepsource-autofix weblate crowdin semantic-release-bot release-please octokit-bot open-food-facts-bot
    jenkins k8s-ci-robot openstack-proposal-bot fossabot copilot copilot-swe-agent devin-ai-integration claude
    cursoragent cursor-agent autoblack travis-ci circleci
    """.split()  # noqa: SIM905  a list would take a line for each
)
_AGENT_ADDRESSES = frozenset(
    """
    noreply@anthropic.com cursoragent@cursor.com 198982749+copilot@users.noreply.github.com
    175728472+copilot@users.noreply.github.com 223556219+copilot@users.noreply.github.com action@github.com
    github-actions@github.com noreply@github.com
    """.split()  # noqa: SIM905
)
WEB_FLOW = frozenset({"noreply@github.com", "noreply@gitlab.com"})


def check_login(login: str) -> str:
    """Return the login, or raise :class:`UsageError` when it cannot be one."""
    if not _LOGIN.fullmatch(login):
        raise UsageError(f"{login!r} is no GitHub login.", "Letters, digits and single hyphens, at most 39 characters.")
    return login


def candidate_for(login: str, emails: Iterable[str], source: IdentitySource = IdentitySource.GIVEN) -> Candidate:
    """Build a candidate from a login and addresses; raises :class:`UsageError` for a text that is no address."""
    check_login(login)
    identities: dict[str, Identity] = {}
    for email in emails:
        address = email.strip().strip("<>").lower()
        if not _ADDRESS.fullmatch(address):
            raise UsageError(f"{email!r} is no e-mail address.", "Give --identity EMAIL as it stands in the commits.")
        identities[address] = _noreply(address, login) or Identity(address, source, _trust(address, source))
    return Candidate(login, tuple(identities[address] for address in sorted(identities)))


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address as far as commits go."""
    return bool(_ADDRESS.fullmatch(text))


def merged(first: Candidate, second: Candidate) -> Candidate:
    """One candidate with the addresses of both, which are of one login; of the same address the first one's word."""
    known = {i.email: i for i in (*second.identities, *first.identities)}
    return Candidate(first.login, tuple(known[address] for address in sorted(known)))


def _trust(address: str, source: IdentitySource) -> Confidence:
    host = address.rpartition("@")[2]
    if _LOCAL_HOST.fullmatch(host) or "." not in host:
        return Confidence.LOW
    return Confidence.HIGH if source is IdentitySource.GITHUB else Confidence.MEDIUM


def _noreply(address: str, login: str) -> Identity | None:
    match = _NOREPLY.fullmatch(address)
    if match is None or match.group(2) != login.lower():
        return None
    if match.group(1):
        return Identity(address, IdentitySource.NOREPLY_ID, Confidence.HIGH)
    return Identity(address, IdentitySource.NOREPLY_LOGIN, Confidence.MEDIUM)


def email_hash(login: str, email: str) -> str:
    """The first 16 hex digits of SHA-256(login + ":" + lower-cased address)."""
    return sha256(f"{login}:{email.lower()}".encode("utf-8", "surrogateescape")).hexdigest()[:16]


def is_bot(person: Person) -> bool:
    """Whether a commit's author is a program: a ``[bot]`` mark, a known bot or agent, by token and not by substring."""
    email = person.email.lower()
    if email in _AGENT_ADDRESSES or "[bot]" in email or "[bot]" in person.name.lower():
        return True
    local = email.partition("@")[0].partition("+")[2] or email.partition("@")[0]
    name = "-".join(person.name.lower().split())
    return name in _BOT_NAMES or local in _BOT_NAMES or bool(_BOT.search(person.name))


class Roles:
    """Says which part, if any, the candidate has in a commit.

    ``weights`` are the rubric's role weights. A co-author's weight is split over the human co-authors.
    """

    def __init__(self, candidate: Candidate, weights: Mapping[str, float]) -> None:
        self._login = candidate.login
        self._weights = weights
        self._known = {identity.email: identity for identity in candidate.identities}

    def identity_of(self, email: str) -> Identity | None:
        """The candidate's identity behind an address: as given, without a ``+tag``, or GitHub's noreply address."""
        address = email.strip().lower()
        local, at, host = address.rpartition("@")
        plain = f"{local.partition('+')[0]}{at}{host}"
        return self._known.get(address) or _noreply(address, self._login) or self._known.get(plain)

    def is_candidate(self, person: Person) -> bool:
        """Whether the address is the candidate's."""
        return self.identity_of(person.email) is not None

    def of_people(self, author: Person, committer: Person) -> OwnRole | None:
        """The role that follows from author and committer alone."""
        identity = self.identity_of(author.email)
        if identity is not None:
            return Role.AUTHOR, self._weights[Role.AUTHOR], identity
        identity = self.identity_of(committer.email) if committer.email.lower() not in WEB_FLOW else None
        if identity is not None:
            return Role.COMMITTER, self._weights[Role.COMMITTER], identity
        return None

    def of_trailers(self, author: Person, co_authors: Sequence[Person]) -> OwnRole | None:
        """The role that ``Co-authored-by`` trailers give; repeated trailers count once, bots not at all."""
        people = {p.email.strip().lower(): p for p in co_authors if not is_bot(p)}
        people.pop(author.email.strip().lower(), None)
        for email in people:
            identity = self.identity_of(email)
            if identity is not None:
                return Role.CO_AUTHOR, self._weights[Role.CO_AUTHOR] / len(people), identity
        return None


def co_authors(message: bytes) -> tuple[Person, ...]:
    """The people named in ``Co-authored-by`` trailers, as written."""
    return tuple(
        Person(name.strip().decode("utf-8", "surrogateescape"), email.strip().decode("utf-8", "surrogateescape"))
        for name, email in _TRAILER.findall(message[-20_000:])
    )
