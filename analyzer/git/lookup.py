"""Reading single commits when a link leads to them, through one ``git diff-tree`` conversation.

Signals follow links one by one, so a list to ask for at once never exists; a process for each would cost more than the
walk. Git echoes and flushes an input line that is no SHA: such a line after each question ends its answer.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from analyzer.errors import GitFailed
from analyzer.git.clone import Clone
from analyzer.git.commits import MOST_BYTES, RAW, READ, commit_of
from analyzer.git.history import load
from analyzer.git.process import Stream, stream
from analyzer.git.sandbox import DEFAULT, Limits
from signals.model import Commit

MOST_DEATHS = 10
"""After so many commits that killed git no further ones are read."""


class Lookup:
    """A conversation, to be used in a ``with`` statement. Each commit is asked for once.

    Unlike the walk it gives a merge with what it changed in its first parent, so that what was merged can be compared
    with what was taken back.
    """

    def __init__(self, clone: Clone, *, limits: Limits = DEFAULT) -> None:
        self._clone = clone
        self._limits = limits
        self._known: dict[str, Commit | None] = {}
        self._child: Stream | None = None
        self._open = ExitStack()
        self._stop = secrets.token_hex(16).encode() + b"\n"
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def load(self, sha: str) -> Commit | None:
        """Read a commit in full; without its changes where those cannot be read, None where it cannot be read."""
        if sha not in self._known:
            self._known[sha] = self._read(sha)
        return self._known[sha]

    def _read(self, sha: str) -> Commit | None:
        if self._deaths >= MOST_DEATHS:
            return None
        try:
            record = self._answer(sha).split(b"\0")
        except GitFailed:
            self._end()
            self._deaths += 1
            return load(self._clone, [sha], limits=self._limits).get(sha)
        return commit_of(record) if len(record) > RAW else None

    def _answer(self, sha: str) -> bytes:
        child = self._talk()
        child.renew(self._limits.seconds)
        child.send(sha.encode() + b"\n" + self._stop)
        said = bytearray()
        while not said.endswith(self._stop):
            chunk = child.read()
            if not chunk or len(said) > MOST_BYTES:
                raise GitFailed("diff-tree", 0, "gave no whole answer")
            said += chunk
        return bytes(said[: -len(self._stop)])

    def _talk(self) -> Stream:
        if self._child is None:
            args = ["diff-tree", "--stdin", "-r", "--root", "--diff-merges=first-parent", *READ]
            self._child = self._open.enter_context(stream(self._clone.git_dir, args, stdin=None, limits=self._limits))
        return self._child

    def _end(self) -> None:
        self._open.close()
        self._child = None
