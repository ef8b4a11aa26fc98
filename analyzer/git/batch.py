"""Reading many objects through one ``git cat-file`` conversation, without ever holding a large one.

Sizes are asked first, for a whole window at once, so an object above the caller's bound is never inflated, and the
answers of a window flow back while the caller works (no round trip per object). An object that kills git costs only
itself: after a death the window is repeated object by object, so that the culprit is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from analyzer.errors import GitFailed, GitOutputTooLarge
from analyzer.git.complaint import cause
from analyzer.git.process import Stream, stream
from analyzer.git.sandbox import DEFAULT, Limits

_WINDOW = 512
_MOST_DEATHS = 20
_OID = re.compile(r"[0-9a-f]{40}\Z")


class Blob(NamedTuple):
    """An object's content, or None and the reason in plain words."""

    oid: str
    data: bytes | None
    reason: str = ""


class Info(NamedTuple):
    """What git knows of an object without inflating it: ``kind`` is ``missing`` where it has none."""

    oid: str
    kind: str
    size: int


_Answer = Callable[[str], Info | bytes | str]


class Batch:
    """A ``cat-file --batch-command`` conversation, to be used in a ``with`` statement.

    Answers of :meth:`read` and :meth:`info` come in the order of the question; only one of them may run at a time.
    Both raise ``ValueError`` for an id that is not 40 hex digits, and :class:`GitOutputTooLarge`.
    """

    def __init__(self, git_dir: Path, *, limits: Limits = DEFAULT) -> None:
        self._git_dir = git_dir
        self._limits = limits
        self._child: Stream | None = None
        self._open = ExitStack()
        self._buffer = bytearray()
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def info(self, oids: Iterable[str]) -> Generator[Info]:
        """Give kind and size of each object, ``missing`` and 0 for one that is not there or is damaged."""
        for window in _windows(oids):
            for oid, header in self._asked("info", window, self._info):
                yield header if isinstance(header, Info) else Info(oid, "missing", 0)

    def read(self, oids: Iterable[str], *, max_bytes: int) -> Generator[Blob]:
        """Give the content of each blob of at most ``max_bytes``; None with a reason for every other."""
        for window in _windows(oids):
            infos = list(self.info(window))
            wanted = iter(self._contents([each.oid for each in infos if not _refused(each, max_bytes)]))
            for each in infos:
                reason = _refused(each, max_bytes)
                yield Blob(each.oid, None, reason) if reason else next(wanted)

    def _contents(self, oids: Sequence[str]) -> Iterator[Blob]:
        for oid, data in self._asked("contents", oids, self._content):
            yield Blob(oid, data) if isinstance(data, bytes) else Blob(oid, None, f"could not be read: {data}")

    def _asked(self, verb: str, oids: Sequence[str], answer: _Answer) -> Iterator[tuple[str, Info | bytes | str]]:
        """Put a window of questions and give the answers; the text of git's complaint for one that ended it."""
        done, step = 0, len(oids)
        while done < len(oids):
            part = oids[done : done + step]
            try:
                self._ask(verb, part)
                for oid in part:
                    found = answer(oid)
                    done += 1
                    yield oid, found
            except (GeneratorExit, GitOutputTooLarge):
                self._stop()  # answers nobody waits for any more are still on their way
                raise
            except GitFailed as failed:
                self._stop()
                if len(part) > 1:
                    step = 1
                    continue
                self._deaths += 1
                if self._deaths > _MOST_DEATHS:
                    raise
                done += 1
                yield part[0], cause(failed, "git ended without a message")

    def _ask(self, verb: str, oids: Sequence[str]) -> None:
        if self._child is None:
            self._child = self._open.enter_context(
                stream(self._git_dir, ["cat-file", "--batch-command", "--buffer"], stdin=None, limits=self._limits)
            )
        self._child.renew(self._limits.seconds)
        self._child.send("".join(f"{verb} {oid}\n" for oid in oids).encode() + b"flush\n")

    def _info(self, oid: str) -> Info:
        words = self._line().split()
        if len(words) != 3:
            return Info(oid, "missing", 0)
        return Info(oid, words[1].decode(), int(words[2]))

    def _content(self, oid: str) -> bytes | str:
        header = self._info(oid)
        if header.kind == "missing":
            return "missing"
        while len(self._buffer) <= header.size:
            self._more()
        data = bytes(self._buffer[: header.size])
        del self._buffer[: header.size + 1]
        return data

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _more(self) -> None:
        chunk = self._child.read() if self._child else b""
        if not chunk:
            raise GitFailed("cat-file", 0, "ended before it had answered")
        self._buffer += chunk

    def _stop(self) -> None:
        self._open.close()
        self._child = None
        self._buffer.clear()


def _refused(info: Info, max_bytes: int) -> str:
    """Why an object is not read, or ``""``."""
    if info.kind == "missing":
        return "missing from this clone"
    if info.kind != "blob":
        return f"a {info.kind}, not a file"
    if info.size > max_bytes:
        return f"larger than {max_bytes:,} bytes"
    return ""


def _windows(oids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(oids)
    while window := list(islice(rest, _WINDOW)):
        for oid in window:
            if not _OID.match(oid):
                raise ValueError(f"not an object id: {oid!r}")
        yield window
