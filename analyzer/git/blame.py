"""Who last changed the evidence lines: ``git blame`` on those lines only.

Whitespace changes are looked through (``-w``). Only commit ids are read; names come from the history, so neither a
mailmap nor a list of commits to ignore can move a line to somebody else. For more than a few paths an index of
changed paths (Bloom filters in a commit-graph) is written into our own view first; it halves the time of each blame.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from analyzer.errors import GitFailed
from analyzer.git.clone import Clone
from analyzer.git.process import run
from analyzer.git.sandbox import GIB, Limits

BLAME_LIMITS = Limits(seconds=30.0, memory=GIB // 2, output=256 << 20, cpu_seconds=30)
INDEX_LIMITS = Limits(seconds=300.0, cpu_seconds=300)

_WITH_INDEX = ("core.commitGraph=true",)
_INDEX_PAYS_FROM = 15
_MOST_RANGES = 100
_MOST_DEATHS = 2
_HEADER = re.compile(rb"([0-9a-f]{40}) \d+ (\d+)")

Blamed = dict[int, str] | GitFailed


def blame(clone: Clone, path: str, lines: Iterable[int], *, limits: Limits = BLAME_LIMITS) -> dict[int, str]:
    """Map each of the 1-based ``lines`` of ``path`` at HEAD to the commit that last changed it.

    A line beyond the end of the file, or a path that HEAD does not have, raises :class:`GitFailed`.
    """
    wanted = set(lines)
    if not wanted:
        return {}
    where = [part for first, last in _ranges(wanted) for part in ("-L", f"{first},{last}")]
    args = ["blame", "--porcelain", "-w", *where, clone.head, "--", path]
    out = run(clone.git_dir, args, limits=limits, config=_WITH_INDEX if _has_index(clone) else ())
    return {number: commit for number, commit in _commits(out) if number in wanted}


def blame_many(
    clone: Clone,
    requests: Sequence[tuple[str, Sequence[int]]],
    *,
    jobs: int = 2,
    limits: Limits = BLAME_LIMITS,
) -> Iterator[tuple[str, Blamed]]:
    """Blame many paths with ``jobs`` processes in flight; answers come in the order of the requests.

    A path that fails costs only itself: its answer is the error. After two that ran into a limit (looking for a
    rename lists a whole tree, which may be a bomb) the repository's other paths are not blamed.
    """
    if len(requests) > _INDEX_PAYS_FROM:
        write_index(clone)
    n_deaths = 0
    running: deque[tuple[str, Future[Blamed]]] = deque()
    waiting = deque(requests)
    with ThreadPoolExecutor(jobs) as pool:
        while waiting or running:
            while waiting and len(running) <= jobs and n_deaths < _MOST_DEATHS:
                path, lines = waiting.popleft()
                running.append((path, pool.submit(_tried, clone, path, lines, limits)))
            path, answer = running.popleft() if running else (waiting.popleft()[0], None)
            # Decided in the order of the requests, so that the answers do not depend on which process was faster.
            if answer is None or n_deaths >= _MOST_DEATHS:
                yield path, GitFailed("blame", -1, "not tried: too many paths of this repository ran into a limit")
            else:
                blamed = answer.result()
                n_deaths += _ran_into_a_limit(blamed)
                yield path, blamed


def write_index(clone: Clone) -> None:
    """Write a commit-graph with changed-path filters into our own view; without it blame is slower, never wrong."""
    if _has_index(clone) or clone.shallow:
        return
    args = ["commit-graph", "write", "--stdin-commits", "--changed-paths", "--no-progress"]
    with suppress(GitFailed):
        run(clone.git_dir, args, stdin=f"{clone.head}\n".encode(), limits=INDEX_LIMITS, config=_WITH_INDEX)


def _tried(clone: Clone, path: str, lines: Sequence[int], limits: Limits) -> Blamed:
    try:
        return blame(clone, path, lines, limits=limits)
    except GitFailed as failed:
        return failed


def _ran_into_a_limit(blamed: Blamed) -> bool:
    return isinstance(blamed, GitFailed) and (blamed.status < 0 or "memory" in blamed.detail)


def _has_index(clone: Clone) -> bool:
    return (clone.git_dir / "objects/info/commit-graph").is_file()


def _ranges(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Group lines into ranges; when there are very many, one range around them all."""
    ranges: list[tuple[int, int]] = []
    for line in sorted(lines):
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    if len(ranges) > _MOST_RANGES:
        return [(ranges[0][0], ranges[-1][1])]
    return ranges


def _commits(porcelain: bytes) -> Iterator[tuple[int, str]]:
    """Read line number and commit of each entry: a header, then anything, then the line itself after a TAB."""
    expecting = True
    for line in porcelain.split(b"\n"):
        if expecting and (header := _HEADER.match(line)):
            yield int(header[2]), header[1].decode()
            expecting = False
        elif line.startswith(b"\t"):
            expecting = True
