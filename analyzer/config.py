"""What the user wrote down once instead of giving it with every command, and where files of ours lie.

Three places, the nearer one first: ``shiptrace.toml`` in the folder, ``[tool.shiptrace]`` of its ``pyproject.toml``,
``config.toml`` in the user's configuration folder. An option on the command line comes before ``SHIPTRACE_…`` in the
environment, and that before all of them. Who is not to be contacted adds up over all places, and over
``do-not-contact.txt`` beside ``config.toml``.

A host, a token or a place to write to cannot be set here: a folder may hold what somebody else wrote.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from platformdirs import user_cache_path, user_config_path

from analyzer.consent import BASES, Basis
from analyzer.errors import UsageError

_DO_NOT_CONTACT = "do-not-contact.txt"
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """The settings; None where nothing is said. ``do_not_contact`` are logins."""

    basis: Basis | None = None
    purpose: str | None = None
    max_repositories: int | None = None
    max_size: int | None = None
    do_not_contact: frozenset[str] = frozenset()


def load(folder: Path) -> Config:
    """The settings that hold in a folder. Raises :class:`UsageError` that names the file and the setting."""
    home = user_config_path("shiptrace")
    config = Config(do_not_contact=frozenset(_lines(home / _DO_NOT_CONTACT)))
    for path, tables in (
        (home / "config.toml", ()),
        (folder / "pyproject.toml", ("tool", "shiptrace")),
        (folder / "shiptrace.toml", ()),
    ):
        nearer = _read(path, tables)
        nearer["do_not_contact"] = config.do_not_contact | nearer.get("do_not_contact", frozenset())
        config = replace(config, **nearer)
    return config


def cache_folder() -> Path:
    """Where clones are kept when nobody says."""
    return user_cache_path("shiptrace")


# --- reading ---------------------------------------------------------------


def _read(path: Path, tables: tuple[str, ...]) -> dict[str, Any]:
    """The checked settings of a file; nothing when it is not there."""
    text = _text(path)
    try:
        values: object = tomllib.loads(text) if text else {}
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Correct it, or take it away.") from error
    for table in tables:
        values = cast("Mapping[str, object]", values).get(table, {}) if isinstance(values, Mapping) else {}
    if not isinstance(values, Mapping):
        raise UsageError(f"{path}: [{'.'.join(tables)}] is no table.", "Correct it, or take it away.")
    return dict(_checked(path, cast("Mapping[str, object]", values)))


def _checked(path: Path, values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        check = _CHECKS.get(name)
        if check is None:
            raise UsageError(f"{path}: there is no setting {name!r}.", f"There are {', '.join(_CHECKS)}.")
        try:
            yield name, check(value)
        except ValueError as error:
            raise UsageError(f"{path}: {name} has to be {error}.", "Correct it, or take it away.") from None


def _basis(value: object) -> Basis:
    for basis in BASES:
        if value == basis:
            return basis
    raise ValueError(f"one of {', '.join(BASES)}")


def _purpose(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("a text")


def _number(value: object, least: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise ValueError(f"a whole number from {least}")


def _logins(value: object) -> frozenset[str]:
    logins = cast("list[object]", value) if isinstance(value, list) else [None]
    texts = [login for login in logins if isinstance(login, str)]
    if len(texts) != len(logins):
        raise ValueError('a list of logins such as ["octocat"]')
    return frozenset(map(_login, texts))


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "basis": _basis,
    "purpose": _purpose,
    "max_repositories": partial(_number, least=1),
    "max_size": partial(_number, least=1),
    "do_not_contact": _logins,
}


def _lines(path: Path) -> Iterator[str]:
    """A login a line; what follows a ``#`` is a remark."""
    for line in _text(path).splitlines():
        if login := _login(line.partition("#")[0]):
            yield login


def _login(text: str) -> str:
    """A login as people write it, also with the sign that calls somebody."""
    return text.strip().removeprefix("@")


def _text(path: Path) -> str:
    """The file's text, empty when there is none. One that is there and cannot be read is never passed over."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            raise UsageError(f"{path} is larger than a configuration is.", "Take it away.")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise UsageError(f"{path} cannot be read: {reason}.", "Correct it, or take it away.") from error
