"""``git diff-tree`` over chosen commits, past those that kill it.

Git echoes and flushes an input line that is no SHA. So each SHA is followed by a line of our own, drawn anew for each
run: it ends the commit's output, no content can forge it, and when git dies we know which commit it died of. That one
is given up with the reason; a new process reads the others.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain

from analyzer.errors import GitFailed, GitOutputTooLarge, GitTimeout
from analyzer.git.clone import Clone
from analyzer.git.complaint import cause
from analyzer.git.process import Stream, stream
from analyzer.git.sandbox import Limits

MOST_DEATHS = 200
"""After so many commits that killed git the rest is not read; one that exhausts a limit counts for half of them."""

GAVE_UP = "not read, since too many commits before it could not be"
_CHUNK = 256
_AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Output:
    """What git printed about a commit: nothing where there is a ``reason``, its first bytes where it was ``cut``."""

    sha: str
    data: bytes
    cut: bool = False
    reason: str = ""


def diff_tree(
    clone: Clone,
    shas: Sequence[str],
    options: Sequence[str],
    *,
    limits: Limits,
    most_bytes: int,
    config: Sequence[str] = (),
) -> Iterator[Output]:
    """Give git's output on each commit, once and in the order given; about ``most_bytes`` of each are kept.

    While one process is read, another prepares the next commits.
    """

    def start(some: Sequence[str]) -> _Run:
        args = ["diff-tree", "--stdin", "-r", "--root", *options]
        return _Run(some, partial(stream, clone.git_dir, args, limits=limits, config=config))

    waiting = deque(shas[at : at + _CHUNK] for at in range(0, len(shas), _CHUNK))
    running: deque[_Run] = deque()
    deaths = 0
    try:
        while (waiting or running) and deaths < MOST_DEATHS:
            while waiting and len(running) < _AT_A_TIME:
                running.append(start(waiting.popleft()))
            run = running.popleft()
            try:
                yield from run.read(most_bytes)
            except GitFailed as failed:
                deaths += MOST_DEATHS // 2 if is_exhausted(failed) else 1
                yield Output(run.left[0], b"", reason=why(failed))
                if run.left[1:]:
                    running.appendleft(start(run.left[1:]))
            finally:
                run.close()
        for sha in chain(*(run.left for run in running), *waiting):
            yield Output(sha, b"", reason=GAVE_UP)
    finally:
        for run in running:
            run.close()


class _Run:
    """One process and the commits that it has still to print, ``left``."""

    def __init__(self, shas: Sequence[str], git: Callable[..., AbstractContextManager[Stream]]) -> None:
        self.left = shas
        self._stop = secrets.token_hex(16).encode() + b"\n"
        self._open = ExitStack()
        asked = b"".join(sha.encode() + b"\n" + self._stop for sha in shas)
        self._out = self._open.enter_context(git(stdin=asked))

    def read(self, most_bytes: int) -> Iterator[Output]:
        """Give what is complete. Raises :class:`GitFailed` when git dies; the commit it died of is first in ``left``"""
        rest, cut = b"", False
        for chunk in self._out:
            *done, rest = (rest + chunk).split(self._stop)
            for data in done:
                sha, self.left = self.left[0], self.left[1:]
                yield Output(sha, data[:most_bytes], cut or len(data) > most_bytes)
                cut = False
            if len(rest) > most_bytes + 2 * len(self._stop):
                rest, cut = rest[:most_bytes] + rest[-len(self._stop) :], True

    def close(self) -> None:
        """End the process if it still runs."""
        self._open.close()


def is_exhausted(failed: GitFailed) -> bool:
    """Whether git reached a limit of ours, so that trying again is dear."""
    return isinstance(failed, GitTimeout | GitOutputTooLarge) or "memory" in failed.detail or failed.status < 0


def why(failed: GitFailed) -> str:
    """Say in plain words why git could not go on."""
    if isinstance(failed, GitTimeout):
        return "git took too long over it"
    if is_exhausted(failed):
        return "it is too large: git reached its limit of memory or output"
    return f"it cannot be read: {cause(failed, 'git failed')}"
