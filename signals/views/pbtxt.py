"""Protocol buffer text (Triton's ``config.pbtxt`` and its kin) as one mapping; repeated fields are repeated keys.

Messages in ``{}`` or ``<>``, with or without a colon; lists in ``[]``; neighbouring strings are one; ``#`` comments.
"""

from __future__ import annotations

import re

from signals.views.builder import TreeBuilder
from signals.views.node import Node

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\ufeff]++|\#[^\n]*+)
    |(?P<line>\n)
    |(?P<string>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
    |(?P<mark>[{}<>\[\],:;])
    |(?P<word>[-+.\w/]++)
    |(?P<other>.)""",
    re.VERBOSE,
)
_CLOSES = {"}": "{", ">": "<", "]": "["}
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def message(text: str) -> Node:
    """The message of the whole text; ValueError where it is none."""
    reader = _Reader()
    line = 1
    for token in _TOKEN.finditer(text):
        kind, piece = token.lastgroup, token.group()
        if kind == "line":
            line += 1
        elif kind == "mark":
            reader.mark(piece, line)
        elif kind == "other":
            raise ValueError(f"unexpected {piece!r} (line {line})")
        elif kind != "space":
            reader.scalar(piece, line, quoted=kind == "string")
    return reader.finish(line)


class _Reader:
    """Feeds the builder. A string is held back for one token, because another may continue it."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.builder.open("map", 1)
        self.brackets: list[str] = []
        self.extension = False  # inside the brackets of an extension's name
        self.string: Node | None = None

    def scalar(self, piece: str, line: int, *, quoted: bool) -> None:
        if quoted:
            text = _unescaped(piece[1:-1])
            if self.string is not None:
                self.string = Node("scalar", self.string.line, line, self.string.text + text, quoted=True)
            elif self.builder.at_key:
                raise ValueError(f"a string where a field is expected (line {line})")
            else:
                self.string = Node("scalar", line, line, text, quoted=True)
            return
        self._flush()
        self.builder.add(Node("scalar", line, line, piece))

    def mark(self, piece: str, line: int) -> None:
        self._flush()
        if piece in "{<[":
            if piece == "[" and self.builder.at_key:
                self.extension = True
                return
            if self.builder.at_key:
                raise ValueError(f"{piece} without a field's name (line {line})")
            self.brackets.append(piece)
            self.builder.open("list" if piece == "[" else "map", line)
        elif piece in _CLOSES:
            if piece == "]" and self.extension:
                self.extension = False
                return
            if not self.brackets or self.brackets.pop() != _CLOSES[piece]:
                raise ValueError(f"unexpected {piece} (line {line})")
            self.builder.close(line)

    def finish(self, line: int) -> Node:
        self._flush()
        if self.brackets:
            raise ValueError(f"{self.brackets[-1]} is never closed")
        return self.builder.close(line)[0]

    def _flush(self) -> None:
        if self.string is not None:
            self.builder.add(self.string)
            self.string = None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_escape, text) if "\\" in text else text


def _escape(match: re.Match[str]) -> str:
    octal, hexadecimal, simple = match.groups()
    if octal:
        return chr(int(octal, 8))
    return chr(int(hexadecimal, 16)) if hexadecimal else _SIMPLE.get(simple, simple)
