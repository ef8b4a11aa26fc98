"""Whom ``shiptrace collect`` is about: logins, applicants without an account, and those of a list in a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import click

from analyzer import people_list, table
from analyzer.cli import github, portfolio, profile
from analyzer.cli.portfolio import PersonOptions
from analyzer.errors import UsageError
from analyzer.identity import check_login
from analyzer.people_list import Left, PeopleList, Person
from analyzer.report.clean import printable

Roll = tuple[tuple[Person, ...], tuple[Left, ...]]


def call(given: Sequence[str], references: Sequence[str], file: BinaryIO | None, options: PersonOptions) -> Roll:
    """Everybody once, and the rows of the file that name nobody. Raises :class:`UsageError` for what was typed wrong.

    People of the file may still lack a reason to look at them when others have one, see :func:`about`.
    """
    typed = [Person(login) for login in map(profile.named, given)]
    typed += [Person("", reference) for reference in references]
    for person in typed:
        check_login(person.name)
    listed = _listed(file) if file else PeopleList((), (), (), ())
    people, again = people_list.once([*typed, *listed.people])
    if not people and not listed.left:
        raise UsageError("Nobody is named.", "Name GitHub logins, or use --without-account or --from FILE.")
    if options["emails"] and sum(bool(person.login) for person in people) > 1:
        raise UsageError(
            "--identity is about one person.",
            "Put further addresses into a column `email` of a list for --from, or collect these people one by one.",
        )
    portfolio.check_reason(options)
    unsaid = [person for person in people if about(person, options) is None]
    if unsaid and (len(unsaid) == len(people) or not unsaid[0].row or github.can_ask()):
        github.agree([person.name for person in unsaid], options)
    return people, tuple(sorted((*listed.left, *again), key=lambda each: each.row))


def about(person: Person, options: PersonOptions) -> PersonOptions | None:
    """The options for one person, whose own row counts more; None where basis or purpose is not said at all."""
    own = options.copy()
    own["basis"] = person.basis or options["basis"]
    own["purpose"] = person.purpose or options["purpose"]
    own["emails"] = (*options["emails"], *person.emails)
    return own if own["basis"] and own["purpose"] else None


def _listed(file: BinaryIO) -> PeopleList:
    """The people of a file of either kind; which columns were taken for what goes to stderr."""
    data = file.read(table.MAX_BYTES + 1)
    listed = people_list.parse(_rows(data))
    if listed.taken:
        said = ", ".join(f"{part} from {name!r}" for part, name in listed.taken)
        unread = f"; not read: {', '.join(map(repr, listed.unread))}" if listed.unread else ""
        click.echo(f"The list: {printable(said + unread)}", err=True)
    return listed


def _rows(data: bytes) -> Sequence[table.Row]:
    from analyzer import workbook  # noqa: PLC0415  (zip and XML, for who has an Excel file)

    return workbook.parse(data) if workbook.is_workbook(data) else table.parse(data)
