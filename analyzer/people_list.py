"""Who stands in a list of people, and which rows of it do not say so well enough. Pure.

No row but a remark is dropped in silence: whoever keeps the list finds each again, as a person or with the reason why
it is none. Nobody's e-mail address is part of such a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analyzer.consent import BASES, Basis
from analyzer.errors import UsageError
from analyzer.identity import check_login, is_address
from analyzer.table import Row

Part = Literal["account", "reference", "basis", "purpose", "emails"]

_HEADERS: Mapping[Part, str] = {
    "account": """
        login|logins|account|accounts|github|github account|github handle|github id|github link|github login
        github name|github page|github profile|github profile url|github url|github user|github username|handle|link
        profile|profile link|profile url|url|user|username|user name
    """,
    "reference": """
        reference|references|ref|reference number|applicant|applicant id|applicant no|applicant number|applicant ref
        applicant reference|application|application id|application no|application number|candidate|candidate id
        candidate no|candidate number|candidate reference|id|no|nr|number
    """,
    "basis": "basis|legal basis|consent|consent basis",
    "purpose": "purpose|position|role|job|vacancy",
    "emails": "email|emails|e mail|e mails|mail|email address|email addresses|e mail address|e mail addresses",
}
"""What a column may be called in its first row, in any capitals; whatever is no letter or digit is a blank."""

_PART_OF: Mapping[str, Part] = {
    name.strip(): part for part, names in _HEADERS.items() for name in re.split(r"[|\n]", names) if name.strip()
}
_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([^/?#]+)/?(?:[?#].*)?", re.IGNORECASE)
_NOTHING = frozenset({"-", "–", "—", "n/a"})
_FORMULA = ("=", "+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be collected. Without ``login`` they gave no account and are kept under ``reference``.

    ``basis`` and ``purpose`` are None where the row does not say; ``row`` is 0 for whoever stands in no list.
    """

    login: str
    reference: str = ""
    row: int = 0
    basis: Basis | None = None
    purpose: str | None = None
    emails: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Under which they are stored."""
        return self.login or self.reference


@dataclass(frozen=True, slots=True)
class Left:
    """A row that names nobody to collect. Only ``wrong`` ones have to be looked at by somebody."""

    row: int
    kind: Literal["blank", "duplicate", "wrong"]
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """``taken`` is what was read from which column, by the column's own name; ``unread`` are the other columns."""

    people: tuple[Person, ...]
    left: tuple[Left, ...]
    taken: tuple[tuple[Part, str], ...]
    unread: tuple[str, ...]


def login_in(text: str) -> str | None:
    """The login in the address of a GitHub profile; None for any other text."""
    profile = _PROFILE.fullmatch(text)
    return profile[1] if profile else None


def parse(rows: Sequence[Row]) -> PeopleList:
    """The people of a list. Raises :class:`UsageError` when its first row names columns and none of them tells who."""
    filled = [row for row in rows if not row.is_blank]
    names = filled[0].cells if filled else ()
    parts: tuple[Part | None, ...] = tuple(_PART_OF.get(_plain(name)) for name in names)
    if not any(parts):
        return _read(rows, (), ("account",), names=())
    if not {"account", "reference"} & set(parts):
        raise UsageError(
            f"No column of the list tells who: it has {', '.join(repr(name) for name in names if '@' not in name)}.",
            "Call one of them login, github, profile or url.",
        )
    head = rows.index(filled[0])
    return _read(rows[head + 1 :], rows[:head], parts, names)


def once(people: Iterable[Person]) -> tuple[tuple[Person, ...], tuple[Left, ...]]:
    """Everybody once, whatever their capitals, and the rows that name somebody again."""
    first: dict[str, Person] = {}
    again: list[Left] = []
    for person in people:
        known = first.setdefault(person.name.lower(), person)
        if known is not person and person.row:
            where = f"in row {known.row}" if known.row else "on the command line"
            again.append(Left(person.row, "duplicate", f"the same as {where}, which counts", person.name))
    return tuple(first.values()), tuple(again)


# --- one row ---------------------------------------------------------------


def _read(rows: Sequence[Row], above: Sequence[Row], parts: Sequence[Part | None], names: Sequence[str]) -> PeopleList:
    people: list[Person] = []
    left = [_blank(row) for row in above]
    for row in rows:
        if row.is_blank:
            left.append(_blank(row))
        elif names or not row.cells[0].startswith("#"):
            try:
                people.append(_person(row, parts))
            except _Wrong as wrong:
                left.append(Left(row.number, "wrong", str(wrong)))
    taken: tuple[tuple[Part, str], ...] = tuple(
        (part, name) for part, name in zip(parts, names, strict=False) if part and name
    )
    unread = tuple(name for part, name in zip(parts, names, strict=False) if name and not part)
    return PeopleList(tuple(people), tuple(left), taken, unread)


def _blank(row: Row) -> Left:
    return Left(row.number, "blank", "nothing stands in it")


class _Wrong(Exception):
    """Why a row names nobody."""


def _person(row: Row, parts: Sequence[Part | None]) -> Person:
    cells: dict[Part, list[str]] = {part: [] for part in _HEADERS}
    for place, text in enumerate(row.cells):
        part = parts[place] if place < len(parts) else None
        if text and text.lower() not in _NOTHING:
            if part is None and len(parts) == 1:
                raise _Wrong("several columns; their names have to stand in the first row")
            if part is not None:
                cells[part].append(text)
    login = _login(cells["account"])
    reference = _reference(cells["reference"], is_name=not login)
    if not login and not reference:
        raise _Wrong("neither an account nor a reference")
    purpose = " ".join(" ".join(cells["purpose"]).split()) or None
    return Person(login, reference, row.number, _basis(cells["basis"]), purpose, tuple(_emails(cells["emails"])))


def _login(cells: Sequence[str]) -> str:
    """The one account that the cells name, empty for none."""
    found = {login.lower(): login for login in map(_account, cells)}
    if len(found) > 1:
        raise _Wrong("its columns name different accounts")
    return next(iter(found.values()), "")


def _account(text: str) -> str:
    if text.startswith(_FORMULA):
        raise _Wrong("a formula where the account is expected")
    login = login_in(text) or text.removeprefix("@")
    if "/" in login:
        raise _Wrong("an address that is none of a GitHub profile, such as https://github.com/LOGIN")
    if "@" in login:
        raise _Wrong("an e-mail address where the account is expected")
    return _checked(login, "is no GitHub login")


def _reference(cells: Sequence[str], *, is_name: bool) -> str:
    """The first of them; where it is all there is, the store has to be able to keep somebody under it."""
    text = cells[0] if cells else ""
    if text.startswith("="):
        raise _Wrong("a formula where the reference is expected")
    if "@" in text:
        raise _Wrong("an e-mail address where the reference is expected")
    if text and is_name:
        return _checked(text, "cannot stand for an applicant without account: use letters, digits and hyphens")
    return text


def _checked(name: str, reason: str) -> str:
    try:
        return check_login(name)
    except UsageError:
        raise _Wrong(f"{name[:60]!r} {reason}") from None


def _basis(cells: Sequence[str]) -> Basis | None:
    if not cells:
        return None
    for basis in BASES:
        if all(cell.lower() == basis for cell in cells):
            return basis
    raise _Wrong(f"its basis is none of {', '.join(BASES)}")


def _emails(cells: Sequence[str]) -> Iterator[str]:
    for email in re.split(r"[\s,;]+", " ".join(cells)):
        if email and not is_address(email.strip("<>")):
            raise _Wrong("something among its e-mail addresses is none")
        if email:
            yield email.strip("<>")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name).lower().split())
