"""Why somebody may be looked at. Pure.

GitHub's terms allow personal information to be used only for what its owner agreed to. So nothing is asked about a
person before it is said on which basis and what for, and whoever does not want to be looked at is left alone.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from analyzer.errors import UsageError

Basis = Literal["applied", "consented", "self"]
BASES: tuple[Basis, ...] = get_args(Basis)
SAMPLE_PURPOSE = "why you look at this person"


@dataclass(frozen=True, slots=True)
class Consent:
    """They applied, agreed, or are the user; and what they are looked at for."""

    basis: Basis
    purpose: str


def agreed(basis: Basis | None, purpose: str | None, command: Sequence[str]) -> Consent:
    """Both, or a :class:`UsageError` that shows ``command`` (as it was given) with what is missing."""
    said = (purpose or "").strip()
    if basis is not None and said:
        return Consent(basis, said)
    missing = {} if basis is not None else {"--basis": BASES[0]}
    missing |= {} if said else {"--purpose": SAMPLE_PURPOSE}
    again = shlex.join([*command, *(word for option in missing.items() for word in option)])
    raise UsageError(
        f"{' and '.join(missing)} must be given: to collect from GitHub it has to be said why you may look "
        f"({', '.join(BASES[:-1])} or {BASES[-1]}) and what for. Nothing was asked. The whole command:\n",
        f"    {again}",
    )


def unwanted(logins: Iterable[str], do_not_contact: Iterable[str]) -> frozenset[str]:
    """Those of the logins that stand on the list of people to be left alone, whatever their capitals."""
    listed = {login.strip().lower() for login in do_not_contact}
    return frozenset(login for login in logins if login.lower() in listed)


def left_alone(login: str) -> UsageError:
    """The error for somebody on that list."""
    return UsageError(
        f"{login} stands on the do-not-contact list, so nothing was asked about them.",
        "They asked to be left alone: take them off the list only if they say so themselves.",
    )
