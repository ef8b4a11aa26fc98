"""How messages tell of several things: numbers with their nouns, and lists that say what they leave out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SHOWN = 3


def listed(names: Iterable[str], shown: int = SHOWN) -> str:
    """Each name once: "a", "a and b", "a, b and c"; of more than ``shown`` the first and "3 more"."""
    every = list(dict.fromkeys(names))
    told = every[:shown]
    if len(every) > shown:
        told.append(f"{len(every) - shown:,} more")
    *first, last = told or [""]
    return f"{', '.join(first)} and {last}" if first else last


def counted(n: int, thing: str, things: str = "") -> str:
    """A number with its noun: "1 rule", "1,512 rules"."""
    return f"{n:,} {thing if n == 1 else things or thing + 's'}"


def times(n: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def spans(numbers: Sequence[int]) -> list[str]:
    """Ascending numbers with what stands in a row as one: "3", "11-13"."""
    starts = [n for k, n in enumerate(numbers) if not k or numbers[k - 1] != n - 1]
    ends = [n for k, n in enumerate(numbers) if k + 1 == len(numbers) or numbers[k + 1] != n + 1]
    return [str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]
