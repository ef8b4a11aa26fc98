"""Commits as git prints them, read without trust and in constant memory.

One output format serves the walk over all commits (``git log``) and the reading of chosen ones (``git diff-tree
--stdin``). Every record starts with a mark that is drawn anew for each run, so that no message can forge one; fields
end with NUL, which git never prints from a commit; a raw entry has a fixed width. Names and addresses are the commit's
own, whatever a mailmap says. Git converts a declared encoding to UTF-8 and leaves the bytes alone where that fails.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from analyzer.errors import GitFailed
from analyzer.git.chosen import GAVE_UP, diff_tree
from analyzer.git.clone import Clone
from analyzer.git.process import Stream, run, stream
from analyzer.git.sandbox import MIB, Limits, environment
from signals.model import Change, Commit, Person

SHA, PARENTS, PEOPLE, AUTHORED, COMMITTED, MESSAGE, RAW = range(7)
"""Places of the fields in a record that was split at NUL; from RAW on, raw entries and paths alternate."""

Record = list[bytes]

LOG_MEMORY = 640 * MIB
READ_MEMORY = 384 * MIB
"""Twice what the largest histories tried needed. A tree bomb grows up to it before git dies, some 200 MiB a second."""

MOST_BYTES = 16 * MIB
"""A commit that prints more (some 100,000 changed paths) is cut: its changes are not read."""

MESSAGE_READ = MIB
"""A commit whose header and message are longer is cut as well."""

MESSAGE_KEPT = 100_000
TOO_LONG = "its message or its list of changed paths is too long; its changes were not read"
_FIELDS = "%H%x00%P%x00%an%n%ae%n%cn%n%ce%x00%at%x00%ct%x00%B"
_PLAIN = ("-z", "--encoding=UTF-8", "--no-notes", "--no-color", "--no-ext-diff")
_RAW = ("--raw", "--no-renames", "--no-abbrev")
READ = ("--always", *_PLAIN, *_RAW, f"--format=tformat:{_FIELDS}")
"""Options of ``diff-tree`` that print a chosen commit as a record."""
GITLINK = b"160000"
_LATEST = 253_402_300_800  # the year 10000
_SHA_DIGITS = 40
_LOST_PARENT = re.compile(r"parents of commit ([0-9a-f]{40})")
MOST_CUTS = 50


class Splitter:
    """Cuts a stream into records. Holds the unfinished one only, and never more than ``MOST_BYTES`` and a chunk."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(16).encode()
        self.cut: set[bytes] = set()
        self._rest = b""

    @property
    def format(self) -> str:
        """The option that makes git print records for this splitter."""
        return f"--format=tformat:{self.mark.decode()}{_FIELDS}"

    def feed(self, chunk: bytes) -> list[bytes]:
        """Give the records that are complete now, unsplit."""
        complete = (self._rest + chunk).split(self.mark)
        self._rest = complete.pop()
        if len(self._rest) > MESSAGE_READ and self._is_too_long(self._rest):
            self._rest = self._shortened(self._rest) + self._rest[-len(self.mark) :]
        return [
            self._shortened(piece) if len(piece) > MESSAGE_READ and self._is_too_long(piece) else piece
            for piece in complete
            if piece
        ]

    def end(self) -> list[bytes]:
        """Give the last record, once git has ended well."""
        last, self._rest = self._rest, b""
        return [last] if last else []

    @staticmethod
    def _is_too_long(piece: bytes) -> bool:
        return len(piece) > MOST_BYTES or piece.count(b"\0", 0, MESSAGE_READ) < RAW

    def _shortened(self, piece: bytes) -> bytes:
        """The header alone."""
        fields = _fields(piece)
        self.cut.add(fields[SHA])
        return b"\0".join([*(field[:MESSAGE_KEPT] for field in fields), b""])


def git_log(clone: Clone, splitter: Splitter, limits: Limits) -> AbstractContextManager[Stream]:
    """Start the walk over all commits that HEAD reaches, newest first; merges come without changes."""
    limits = replace(limits, memory=min(limits.memory, LOG_MEMORY))
    # Git flushes after each commit when it writes to a pipe; without that it is a little faster.
    env = environment(variables={"GIT_FLUSH": "0"})
    args = ["log", *_PLAIN, *_RAW, "--diff-merges=off", splitter.format, "--end-of-options", clone.head]
    return stream(clone.git_dir, args, env=env, limits=limits, config=["log.showRoot=true"])


def read(
    clone: Clone, shas: Sequence[str], *, limits: Limits, changes: bool = True
) -> Iterator[tuple[str, Record | None, str]]:
    """Read chosen commits: ``(sha, record, reason)``, each SHA once and in the order given.

    ``record`` is None where not even the header can be read; where there is a reason, the changes were not read. The
    number of commits that may kill git is bounded; of those behind them only headers are read.
    """
    limits = replace(limits, memory=min(limits.memory, READ_MEMORY))
    n_read = 0
    for output in diff_tree(clone, shas if changes else (), READ, limits=limits, most_bytes=MOST_BYTES):
        if output.reason == GAVE_UP:
            break
        n_read += 1
        if output.reason:
            yield output.sha, _headers(clone, [output.sha], limits).get(output.sha), output.reason
        elif output.cut:
            yield output.sha, _fields(output.data), TOO_LONG
        else:
            record = output.data.split(b"\0") if output.data else None
            yield output.sha, record, "" if record else "git has no such commit"
    headers = _headers(clone, shas[n_read:], limits) if n_read < len(shas) else {}
    yield from ((sha, headers.get(sha), GAVE_UP) for sha in shas[n_read:])


def _headers(clone: Clone, shas: Sequence[str], limits: Limits) -> dict[str, Record]:
    """Read commits without their changes, as far as git goes."""
    splitter = Splitter()
    found: dict[str, Record] = {}
    args = ["log", "--no-walk=unsorted", "--ignore-missing", *_PLAIN, "-s", splitter.format, "--stdin"]
    with suppress(GitFailed), stream(clone.git_dir, args, stdin="\n".join(shas).encode(), limits=limits) as out:
        for chunk in out:
            found |= {piece[:_SHA_DIGITS].decode(): _fields(piece) for piece in splitter.feed(chunk)}
        found |= {piece[:_SHA_DIGITS].decode(): _fields(piece) for piece in splitter.end()}
    return found


def _fields(data: bytes) -> Record:
    """The header alone; what was cut off is empty."""
    return (data.split(b"\0", RAW) + [b""] * RAW)[:RAW]


def listed(clone: Clone, limits: Limits) -> tuple[list[str], set[bytes]]:
    """List all commits that HEAD reaches, newest first, and those among them that have lost a parent.

    Git prints nothing once a parent is missing or damaged. So each such commit is grafted, in our own view, onto the
    parents that are there. Raises :class:`GitFailed` when that does not help.
    """
    cut: set[bytes] = set()
    while True:
        try:
            return run(clone.git_dir, ["rev-list", clone.head], limits=limits).decode().split(), cut
        except GitFailed as failed:
            lost = _LOST_PARENT.search(failed.detail)
            if lost is None or lost.group(1).encode() in cut or len(cut) >= MOST_CUTS:
                raise
            _graft(clone, lost.group(1), limits)
            cut.add(lost.group(1).encode())


def _graft(clone: Clone, sha: str, limits: Limits) -> None:
    header = run(clone.git_dir, ["cat-file", "commit", sha], limits=limits).partition(b"\n\n")[0]
    parents = [line[7:].decode("ascii", "replace") for line in header.split(b"\n") if line.startswith(b"parent ")]
    left = [parent for parent in parents if parent in _headers(clone, [parent], limits)]
    file = clone.git_dir / "info" / "grafts"
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as grafts:
        grafts.write(" ".join([sha, *left]) + "\n")


# --- from fields to commits -------------------------------------------------


class Texts(dict[bytes, str]):
    """Decoded paths, each kept once."""

    def __missing__(self, field: bytes) -> str:
        self[field] = decoded = text(field)
        return decoded


def commit_of(record: Record, people: tuple[Person, Person] | None = None, texts: Texts | None = None) -> Commit:
    """Build the commit that a record describes; what is already known of it is shared and not made again."""
    author, committer = people or people_of(record[PEOPLE])
    return Commit(
        sha=record[SHA].decode(),
        parents=tuple(record[PARENTS].decode().split()),
        author=author,
        committer=committer,
        authored_at=usable_time(record[AUTHORED]),
        committed_at=usable_time(record[COMMITTED]),
        message=text(record[MESSAGE][:MESSAGE_KEPT]).rstrip("\n"),
        changes=tuple(_changes(record, Texts() if texts is None else texts)),
    )


def _changes(record: Record, texts: Texts) -> Iterator[Change]:
    for entry, path in zip(record[RAW::2], record[RAW + 1 :: 2], strict=False):
        modes, old, new, status = fixed(entry)
        if GITLINK not in modes:
            yield Change(texts[path], status.decode(), old.decode(), new.decode())


def fixed(entry: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Cut ``:100644 100644 OLD NEW M`` into modes, blobs and status; the first entry of a commit follows a new line."""
    start = 2 if entry.startswith(b"\n") else 1
    return (
        entry[start : start + 13],
        entry[start + 14 : start + 54],
        entry[start + 55 : start + 95],
        entry[start + 96 :],
    )


def people_of(field: bytes) -> tuple[Person, Person]:
    """Author and committer; what a broken header lacks is empty."""
    name, email, committer, committer_email = ([text(part) for part in field.split(b"\n")] + [""] * 4)[:4]
    return Person(name, email), Person(committer, committer_email)


def usable_time(field: bytes) -> int | None:
    """Seconds since the epoch, or None for what is no date, or one after the year 9999."""
    if not field or not field.isdigit() or len(field) > 12:
        return None
    at = int(field)
    return at if at < _LATEST else None


def text(field: bytes) -> str:
    """Decode so that ``os.fsencode`` gives git's bytes back."""
    return field.decode("utf-8", "surrogateescape")
