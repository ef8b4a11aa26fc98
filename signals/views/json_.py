"""JSON as nodes with line numbers: one pass over the tokens, comments and trailing commas allowed (``tsconfig.json``).

Numbers and the words ``true``, ``false`` and ``null`` are scalars that are not quoted.
"""

from __future__ import annotations

import json
import re

from signals.views.builder import TreeBuilder
from signals.views.node import Node

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\ufeff]++)
    |(?P<lines>\n\s*+)
    |(?P<string>"(?:[^"\\\n]++|\\.)*+")
    |(?P<mark>[{}\[\],:])
    |(?P<word>-?[0-9][0-9eE+.\-]*+|true|false|null|NaN|-?Infinity)
    |(?P<comment>//[^\n]*+|/\*(?s:.*?)\*/)
    |(?P<other>.)""",
    re.VERBOSE,
)


def value(text: str) -> Node:
    """The one value of a JSON text; ValueError where it is none."""
    builder = TreeBuilder()
    line, gap = 1, True  # gap: a value may follow here, because a mark stood before it
    for token in _TOKEN.finditer(text):
        kind, piece = token.lastgroup, token.group()
        if kind in ("lines", "comment"):
            line += piece.count("\n")
        elif kind == "mark":
            gap = _mark(piece, line, builder, gap)
        elif kind != "space":
            if not gap or kind == "other" or (builder.at_key and kind != "string"):
                raise ValueError(f"unexpected {piece[:20]!r} (line {line})")
            quoted = kind == "string"
            builder.add(Node("scalar", line, line, _unquoted(piece, line) if quoted else piece, quoted=quoted))
            gap = False
    roots = builder.finish()
    if len(roots) != 1:
        raise ValueError("no value in the file")
    return roots[0]


def _mark(mark: str, line: int, builder: TreeBuilder, gap: bool) -> bool:
    """Take a bracket, comma or colon; whether a value may follow."""
    inside = builder.inside
    if mark in "{[":
        if not gap or builder.at_key:
            raise ValueError(f"a bracket that nothing leads to (line {line})")
        builder.open("map" if mark == "{" else "list", line)
        return True
    if mark == "," and inside and not gap and (inside == "list" or builder.at_key):
        return True
    if mark == ":" and inside == "map" and not gap and not builder.at_key:
        return True
    if (mark == "}" and inside == "map" and builder.at_key) or (mark == "]" and inside == "list"):
        builder.close(line)
        return False
    raise ValueError(f"unexpected {mark} (line {line})")


def _unquoted(string: str, line: int) -> str:
    if "\\" not in string:
        return string[1:-1]
    try:
        return str(json.loads(string, strict=False))
    except ValueError as error:
        raise ValueError(f"not a JSON string (line {line})") from error
