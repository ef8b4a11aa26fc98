"""The matchers that signals share: path patterns and line patterns, both safe on hostile text.

A path pattern becomes one regular expression in which every wildcard is atomic, so that matching needs at most the
product of the lengths. A line pattern looks only at lines that hold one of its literals, and refuses a repetition in
a repetition when it is built, for that is where patterns become exponential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

# --- path patterns -----------------------------------------------------------


@lru_cache(maxsize=4096)
def glob(pattern: str) -> re.Pattern[str]:
    """Compile a path pattern: ``*`` and ``?`` stay inside a folder, ``**/`` is any depth, a last ``**`` all below.

    The pattern may come from a repository (``.gitattributes``): each wildcard takes the first place where the literal
    after it fits and never goes back, which finds a match whenever there is one.
    """
    whole = "".join(f"(?>(?:[^/]+/)*?{part})" for part in _parts(pattern)[1:-1])
    first, *rest = _parts(pattern)
    if not rest:
        return re.compile(rf"{first}\Z", re.DOTALL)
    return re.compile(rf"{first}{whole}(?:[^/]+/)*?{rest[-1]}\Z", re.DOTALL)


def _parts(pattern: str) -> list[str]:
    """The regular expressions of what stands between the ``**/``."""
    tail = ""
    if pattern.endswith("/**"):
        pattern, tail = pattern[:-2], "."
    parts = [_segments(part) for part in pattern.split("**/")]
    parts[-1] += "(?s:.+)" if tail else ""
    return parts


def _segments(text: str) -> str:
    return "/".join(_segment(segment) for segment in text.split("/"))


def _segment(segment: str) -> str:
    first, *rest = [re.escape(chunk).replace(r"\?", "[^/]") for chunk in re.split(r"\*+", segment)]
    if not rest:
        return first
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1])
    return f"{first}{middle}[^/]*{rest[-1]}(?![^/])" if rest[-1] else f"{first}{middle}[^/]*+"


class PathMatcher:
    """Many sets of path patterns asked at once: which of them does a path match?

    Built for tens of thousands of paths and a hundred sets: whole names and endings are looked up, the answer for a
    name is kept, and only patterns with a slash are tried one by one, after a look at the name they end in.
    """

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        self._names: dict[str, set[int]] = {}
        self._endings: dict[str, set[int]] = {}
        self._name_globs: list[tuple[re.Pattern[str], set[int]]] = []
        self._paths: list[tuple[re.Pattern[str], re.Pattern[str] | None, set[int]]] = []
        owners: dict[str, set[int]] = {}
        for number, patterns in enumerate(sets):
            for pattern in patterns:
                owners.setdefault(_checked(pattern), set()).add(number)
        for pattern, numbers in owners.items():
            self._add(pattern, numbers)
        self._of_name = lru_cache(maxsize=65_536)(self._look_up_name)

    def _add(self, pattern: str, numbers: set[int]) -> None:
        if "/" in pattern:
            name = pattern.rpartition("/")[2]
            self._paths.append((glob(pattern), glob(name) if name.strip("*") else None, numbers))
        elif "*" not in pattern and "?" not in pattern:
            self._names[pattern] = numbers
        elif pattern.startswith("*.") and not set("*?.") & set(pattern[2:]):
            self._endings[pattern[2:]] = numbers
        else:
            self._name_globs.append((glob(pattern), numbers))

    def matching(self, path: str) -> tuple[int, ...]:
        """The indexes of the sets with a pattern that the path matches, ascending; case does not count."""
        lowered = path.lower()
        by_name, candidates = self._of_name(lowered.rpartition("/")[2])
        found = set(by_name)
        for pattern, numbers in candidates:
            if not numbers <= found and pattern.match(lowered):
                found |= numbers
        return tuple(sorted(found))

    def _look_up_name(self, name: str) -> tuple[frozenset[int], tuple[tuple[re.Pattern[str], set[int]], ...]]:
        found = self._names.get(name, set()) | self._endings.get(name.rpartition(".")[2] if "." in name else "", set())
        for pattern, numbers in self._name_globs:
            if pattern.match(name):
                found |= numbers
        possible = tuple((whole, numbers) for whole, last, numbers in self._paths if last is None or last.match(name))
        return frozenset(found), possible


def _checked(pattern: str) -> str:
    """The pattern, or ValueError for what would silently never match: capitals, sets, braces, ``**`` inside a name."""
    if not pattern or pattern != pattern.lower() or set("[]{}!\\") & set(pattern) or pattern.startswith("/"):
        raise ValueError(f"not a path pattern: {pattern!r} (lower case, only * ? and **/ are special)")
    if any("**" in segment and segment != "**" for segment in pattern.split("/")):
        raise ValueError(f"not a path pattern: {pattern!r} (** stands alone between slashes)")
    return pattern


# --- line patterns -----------------------------------------------------------

LINE_CAP = 2000
_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escape, a set of characters
    r"|\(\?#[^)]*\)|\(\?(?:[aiLmsux-]+\)|P?<[A-Za-z_]\w*>|P=\w+\)|[:=!>]|<[=!]|[aiLmsux-]+:)|[()]"  # groups
    r"|[*+?][+?]?|\{\d*,?\d*\}[+?]?"  # repetitions
    r"|.",
    re.DOTALL,
)
_REPEATS = re.compile(r"[*+]\??|\{(?!0?,?1\})\d*,\d*\}\??")


def nested_quantifier(pattern: str) -> bool:
    """Whether a repetition stands inside a repetition, such as ``(a+)+``: the way to exponential matching.

    A group taken at most once does not count as repeated, and a fixed count (``{3}``) not as a repetition inside.
    Atomic groups and possessive repetitions do not go back, so they are safe.
    """
    outer: list[tuple[bool, bool]] = []  # of each open group: is it atomic, did a repetition stand before it
    varies, after_group = False, False  # does this group hold a repetition; was one such group just closed
    for piece in _PIECE.findall(pattern):
        if piece.startswith("(") and not piece.endswith(")"):
            outer.append((piece == "(?>", varies))
            varies, after_group = False, False
        elif piece == ")" and outer:
            atomic, before = outer.pop()
            after_group = varies and not atomic
            varies = before or after_group
        elif _REPEATS.fullmatch(piece):
            if after_group:
                return True
            varies, after_group = True, False
        else:
            after_group = after_group and piece in ("*+", "++")
    return False


class LinePattern:
    """A regular expression for single lines behind literals: ``LinePattern(r"\\bkubectl\\s+apply\\b", "kubectl")``.

    At least one literal must stand in a line before the expression is tried (case-sensitive unless ``re.IGNORECASE`` is
    given, when literals are lower case). Lines are cut at 2,000 characters. ValueError for a nested repetition.
    """

    def __init__(self, pattern: str, *literals: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        if nested_quantifier(pattern):
            raise ValueError(f"a repetition inside a repetition: {pattern!r}")
        self.regex = re.compile(pattern, flags)
        self.literals = literals
        self._fold = bool(flags & re.IGNORECASE)
        if self._fold and any(literal != literal.lower() for literal in literals):
            raise ValueError(f"literals of a pattern without case are lower case: {literals!r}")

    def search(self, line: str) -> re.Match[str] | None:
        """The first match in one line."""
        line = line[:LINE_CAP]
        text = line.lower() if self._fold else line
        if self.literals and not any(literal in text for literal in self.literals):
            return None
        return self.regex.search(line)

    def lines(self, lines: Sequence[str]) -> tuple[int, ...]:
        """The 1-based numbers of the lines that match."""
        return tuple(number for number, line in enumerate(lines, 1) if self.search(line))
