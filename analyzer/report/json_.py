"""The dossier as JSON: the format ``shiptrace.dossier/1`` of ``dossier.schema.json``; explanations and comparisons too.

The text is the same byte for byte whenever the data are: keys in the order of the classes (facts sorted by name),
numbers at 6 decimals. Everything but ASCII is escaped, so no terminal and no encoding can come between, and a path
that is no UTF-8 keeps its bytes (Python's ``os.fsencode`` gives them back).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Protocol, cast

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
DECIMALS = 6


class Document(Protocol):
    """A dataclass that names its format: a dossier, an explanation, a comparison."""

    @property
    def schema(self) -> str:
        """The format's name and version."""
        ...


def render(document: Document) -> str:
    """A document as indented JSON with a newline at its end."""
    values = {"schema": document.schema} | _object(document)
    return json.dumps(values, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


@cache
def _names(kind: type) -> tuple[tuple[str, bool], ...]:
    """The fields of a class, and whether each is a float, so that 1 and 1.0 are written alike."""
    return tuple((f.name, f.type in ("float", "float | None")) for f in fields(kind))


def _object(thing: object) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for name, is_float in _names(type(thing)):
        value: object = getattr(thing, name)
        made[name] = _number(float(value)) if is_float and isinstance(value, int | float) else _json(value)
    return made


def _json(value: object) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        facts = cast("Mapping[str, object]", value)
        return {name: _json(facts[name]) for name in sorted(facts)}
    if isinstance(value, Sequence):
        return [_json(item) for item in cast("Sequence[object]", value)]
    if is_dataclass(value):
        return _object(value)
    raise TypeError(f"a {type(value).__name__} cannot stand in a dossier")


def _number(value: float) -> float:
    return round(value, DECIMALS) + 0.0  # -0.0 becomes 0.0
