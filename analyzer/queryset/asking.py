"""Asking one of our questions: parameters checked, and a login nobody knows told apart from an empty answer."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from pathlib import Path

from analyzer.errors import UsageError
from analyzer.queryset.catalogue import Query
from analyzer.queryset.process import DEFAULT, Answer, run
from analyzer.queryset.wire import Limits

_SUBJECTS = {
    "login": ("candidate", "SELECT 1 FROM candidate WHERE lower(login) = lower($name)", "`shiptrace candidates`"),
    "cohort": ("cohort", "SELECT 1 FROM cohort WHERE lower(name) = lower($name)", "`shiptrace cohort`"),
}
"""Parameters that name somebody: what they name, how to look it up, what lists those that are known."""


@contextlib.contextmanager
def ask(path: Path, query: Query, given: Mapping[str, object], limits: Limits = DEFAULT) -> Generator[Answer]:
    """The answer to a question. Raises what :func:`run` raises, and :class:`UsageError` for missing or surplus
    parameters and for a candidate or cohort that is not in the store.
    """
    bound = query.bind(given)
    with run(path, query.sql, bound, limits) as answer:
        if answer.is_empty():
            _check(path, bound)
        yield answer


def _check(path: Path, bound: Mapping[str, object]) -> None:
    for parameter, (what, sql, listing) in _SUBJECTS.items():
        name = bound.get(parameter)
        if name is None:
            continue
        with run(path, sql, {"name": name}) as found:
            if found.is_empty():
                raise UsageError(f"There is no {what} {name!r} in the store {path}.", f"{listing} lists them.")
