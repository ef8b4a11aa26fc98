"""The values of plain string literals, for the languages that tree-sitter reads."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<w>[0-9a-fA-F]{8})"
    r"|u\{(?P<braced>[0-9a-fA-F]{1,6})\}|(?P<newline>\n[ \t]*)|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_LARGEST = 0x10FFFF


def unescaped(text: str) -> str:
    """Text with its backslash escapes resolved; an escape that is none stays without its backslash."""
    return _ESCAPE.sub(_value, text) if "\\" in text else text


def _value(match: re.Match[str]) -> str:
    kind = match.lastgroup
    found = match[kind or "other"]
    if kind == "newline":
        return ""
    if kind == "other":
        return _SIMPLE.get(found, found)
    code = int(found, 8 if kind == "octal" else 16)
    return chr(code) if code <= _LARGEST and not 0xD800 <= code <= 0xDFFF else "\ufffd"
