"""The instructions of a Dockerfile, with continued lines, heredocs and comments as the builder reads them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from signals.views.node import MAX_VISITS

_DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(\S+)\s*$")
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)(?:\s+(.*))?$", re.DOTALL)
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S*))?(?:\s+|$)")
_HEREDOC = re.compile(r"<<(-?)(['\"]?)(\w+)\2")
_MOST_LOOKALIKES = 20  # indented lines that read like a heredoc's end and are none
_TAKES_HEREDOC = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``name`` is in capitals; ``text`` is what follows the name and the flags, lines joined.

    ``flags`` are the leading ``--name=value`` pairs; ``body`` is the text of its heredocs.
    """

    name: str
    text: str
    line: int
    end: int
    flags: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def flag(self, name: str) -> str:
        """The value of a flag such as ``from`` in ``COPY --from=build``, or ""."""
        return next((value for flag, value in self.flags if flag == name), "")

    @property
    def image(self) -> str:
        """The image that ``FROM`` names, as written ("" for other instructions)."""
        return self.text.split(maxsplit=1)[0] if self.name == "FROM" and self.text else ""

    @property
    def alias(self) -> str:
        """The lower-cased stage name that ``FROM … AS`` gives, or ""."""
        words = self.text.split()
        return words[2].lower() if self.name == "FROM" and len(words) == 3 and words[1].lower() == "as" else ""


def instructions(text: str) -> tuple[Instruction, ...]:
    """All instructions in order; ValueError where a line is none, or where no instruction stands at all."""
    lines = text.removeprefix("\ufeff").split("\n")
    found = tuple(_read(lines, _escape(lines)))
    if not found:
        raise ValueError("no instruction in the file")
    if len(found) > MAX_VISITS:
        raise ValueError(f"more than {MAX_VISITS} instructions")
    return found


def _escape(lines: list[str]) -> str:
    """The character that continues a line: the backslash, unless a directive at the top says otherwise."""
    for line in lines:
        directive = _DIRECTIVE.match(line.strip())
        if directive is None:
            break
        if directive[1].lower() == "escape":
            return directive[2]
    return "\\"


def _read(lines: list[str], escape: str) -> Iterator[Instruction]:
    at = 0
    ends = _LineIndex(lines)
    while at < len(lines):
        if _is_skipped(lines[at]):
            at += 1
            continue
        start = at
        joined, at = _join(lines, at, escape)
        match = _INSTRUCTION.match(joined)
        if match is None:
            raise ValueError(f"no instruction (line {start + 1})")
        name, rest = match[1].upper(), match[2] or ""
        body: list[str] = []
        if name in _TAKES_HEREDOC:
            for dash, _, word in _HEREDOC.findall(rest):
                end = ends.first(word, at, strips_tabs=bool(dash))
                if end is not None:  # one that never ends is no heredoc
                    body.extend(lines[at:end])
                    at = end + 1
        flags, rest = _flags(rest)
        yield Instruction(name, rest.strip(), start + 1, at, flags, "\n".join(body))


def _is_skipped(line: str) -> bool:
    stripped = line.strip()
    return not stripped or stripped.startswith("#")


def _join(lines: list[str], at: int, escape: str) -> tuple[str, int]:
    """One instruction's lines joined, and the index behind them; comments and empty lines in between are left out."""
    parts: list[str] = []
    last = at
    while at < len(lines):
        line = lines[at]
        at += 1
        if parts and _is_skipped(line):
            continue
        last = at
        stripped = line.rstrip()
        if not stripped.endswith(escape):
            parts.append(stripped)
            break
        parts.append(stripped[: -len(escape)])
    return " ".join(part.strip() for part in parts), last


class _LineIndex:
    """Finds the lines that end heredocs. Built when the first is met, so that many of them stay cheap."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._numbers: dict[str, list[int]] | None = None

    def first(self, word: str, at: int, *, strips_tabs: bool) -> int | None:
        """The index of the first line from ``at`` that holds only the word, after tabs where they are stripped."""
        if self._numbers is None:
            self._numbers = {}
            for number, line in enumerate(self._lines):
                self._numbers.setdefault(line.strip(), []).append(number)
        numbers = self._numbers.get(word, [])
        begin = bisect_left(numbers, at)
        for number in numbers[begin : begin + _MOST_LOOKALIKES]:
            line = self._lines[number]
            if (line.lstrip("\t") if strips_tabs else line).rstrip() == word:
                return number
        return None


def _flags(rest: str) -> tuple[tuple[tuple[str, str], ...], str]:
    flags: list[tuple[str, str]] = []
    while (match := _FLAG.match(rest)) is not None:
        flags.append((match[1], match[2] or ""))
        rest = rest[match.end() :]
    return tuple(flags), rest
