"""The questions in ``queries/``: one SQL file each, with a header that says what it asks and what it needs.

::

    -- Why does a signal have its value for a candidate?
    -- Grain: one row per piece of evidence, strongest first.
    -- param login: the candidate's login
    -- param min_months = 3: the fewest distinct months

A parameter without ``=`` has to be given; ``= null`` is one that may be left out. Each part may take several lines; the
header ends at the first line that is no comment.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from analyzer.errors import UsageError

AUDIENCES = ("candidate", "cohort", "audit")
"""The folders of ``queries/`` that hold questions, in the order in which they are listed."""

_PARAMETER = re.compile(r"(?P<name>[a-z][a-z_]*)(?: = (?P<default>[^:]+))?: (?P<meaning>.+)")
_CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named input, ``$name`` in the SQL.

    ``default`` counts only where the parameter may be left out; one that is a whole number asks for whole numbers.
    """

    name: str
    meaning: str
    default: str | None
    is_required: bool

    def takes(self, value: object) -> bool:
        """Whether the value is of the parameter's kind."""
        return self.default is None or not self.default.isdecimal() or str(value).isdecimal()


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``name`` is folder and file name, such as ``candidate/why``."""

    name: str
    question: str
    grain: str
    parameters: tuple[Parameter, ...]
    sql: str

    def bind(self, given: Mapping[str, object]) -> dict[str, object]:
        """The parameters with their defaults; raises :class:`UsageError` that names what is missing or too much."""
        known = {p.name for p in self.parameters}
        missing = [p for p in self.parameters if p.is_required and p.name not in given]
        surplus = [name for name in given if name not in known]
        wrong = [p for p in self.parameters if p.name in given and not p.takes(given[p.name])]
        if missing or surplus or wrong:
            problems = [f"needs {p.name} ({p.meaning})" for p in missing]
            problems += [f"has no parameter {name}" for name in surplus]
            problems += [f"wants a whole number as {p.name}, such as {p.default}" for p in wrong]
            raise UsageError(
                f"The query {self.name} {' and '.join(problems)}.", f"Repeat it as `{self.command(given)}`."
            )
        return {p.name: given.get(p.name, p.default) for p in self.parameters}

    def command(self, given: Mapping[str, object]) -> str:
        """The whole command line with what was given and a place for what is needed."""
        shown = [p for p in self.parameters if p.is_required or p.name in given]
        usable = {p.name: given[p.name] for p in shown if p.name in given and p.takes(given[p.name])}
        parts = [f"-p {p.name}={shlex.quote(str(usable.get(p.name, p.default or p.name.upper())))}" for p in shown]
        return " ".join(["shiptrace query", self.name, *parts])


def parse(name: str, text: str) -> Query:
    """A query from its file's text; raises ``ValueError`` where the header is not as it has to be."""
    said, *inputs = re.split(r"^param ", "\n".join(_header(text)), flags=re.MULTILINE)
    question, found, grain = (" ".join(part.split()) for part in said.partition("Grain: "))
    if not found:
        raise ValueError(f"{name} has no line with its grain")
    if not question.endswith("?"):
        raise ValueError(f"{name} does not start with a question")
    return Query(name, question, grain, tuple(_parameter(name, " ".join(text.split())) for text in inputs), text)


def _header(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("-- "):
            return
        yield line.removeprefix("-- ").strip()


def _parameter(name: str, line: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if found is None:
        raise ValueError(f"{name}: {line!r} is no parameter")
    default: str | None = found["default"]
    return Parameter(found["name"], found["meaning"], None if default == "null" else default, default is None)


@cache
def queries() -> tuple[Query, ...]:
    """Every question, by folder and name."""
    return tuple(
        parse(f"{folder}/{file.name.removesuffix('.sql')}", file.read_text("utf-8"))
        for folder in AUDIENCES
        for file in sorted(files("queries").joinpath(folder).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".sql")
    )


def find(name: str) -> Query:
    """The query of a name, with or without its folder; raises :class:`UsageError` with near names."""
    found = [q for q in queries() if name in (q.name, q.name.partition("/")[2])]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"There are several queries {name!r}.", f"Say which: {', '.join(q.name for q in found)}.")
    names = {short: q.name for q in queries() for short in (q.name, q.name.partition("/")[2])}
    near = dict.fromkeys(names[close] for close in get_close_matches(name, names, cutoff=_CLOSE))
    way_out = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"There is no query {name!r}.", f"{way_out}`shiptrace query` lists them.")
