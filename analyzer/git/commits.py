"""Commits as git prints them, read without trust and in constant memory.

One output format serves the walk over all commits (``git log``) and the reading of chosen ones (``git diff-tree
--stdin``). Every record starts with a mark that is drawn anew for each run, so that no message can forge one; fields
end with NUL, which git never prints from a commit; a raw entry has a fixed width. The bytes are the commit object's
own: no mailmap and no conversion by git, since iconv could turn a declared encoding into new header lines.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress

from analyzer.errors import GitFailed
from analyzer.git.chosen import GAVE_UP, diff_tree, why
from analyzer.git.clone import Clone
from analyzer.git.process import Stream, run, stream
from analyzer.git.sandbox import MIB, Limits, environment
from signals.model import Change, Commit, Person

SHA, PARENTS, PEOPLE, AUTHORED, COMMITTED, ENCODING, MESSAGE, RAW = range(8)
"""Places of the fields in a record that was split at NUL; from RAW on, raw entries and paths alternate."""

Record = list[bytes]

MOST_BYTES = 16 * MIB
"""A commit that prints more (some 100,000 changed paths) is cut: its changes are not read."""

MESSAGE_KEPT = 100_000
TOO_MANY = "it changes too many paths; they were not read"
_FIELDS = "%H%x00%P%x00%an%n%ae%n%cn%n%ce%x00%at%x00%ct%x00%e%x00%B"
_PLAIN = ("-z", "--raw", "--no-renames", "--no-abbrev", "--encoding=none", "--no-notes", "--no-color", "--no-ext-diff")
GITLINK = b"160000"
_LATEST = 253_402_300_800  # the year 10000
_NOTHING = ":(top,literal)\x01"

# Encodings that commits declare, whose decoders do nothing but decode.
_DECODED = """
latin-1 latin1 iso8859-1 iso-8859-1 iso-8859-2 iso8859-2 iso-8859-5 iso-8859-7 iso-8859-9 iso-8859-15 iso8859-15 cp1250
cp1251 cp1252 cp1253 cp1254 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 koi8-r koi8-u cp437 cp850
cp852 cp866 cp932 cp936 cp949 cp950 shift_jis shift-jis sjis euc-jp eucjp euc-kr gbk gb2312 gb18030 big5
"""
_ENCODINGS = frozenset(_DECODED.split())


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
        if len(self._rest) > MOST_BYTES:
            self._shorten()
        return [piece for piece in complete if piece]

    def end(self) -> list[bytes]:
        """Give the last record, once git has ended well."""
        last, self._rest = self._rest, b""
        return [last] if last else []

    def _shorten(self) -> None:
        """Keep the header of an oversized record, and as much of its end as may be the start of a mark."""
        fields = _fields(self._rest)
        self.cut.add(fields[SHA])
        self._rest = b"\0".join([*(field[:MESSAGE_KEPT] for field in fields), self._rest[-len(self.mark) :]])


def git_log(clone: Clone, splitter: Splitter, limits: Limits) -> AbstractContextManager[Stream]:
    """Start the walk over all commits that HEAD reaches, newest first; merges come without changes."""
    # Git flushes after each commit when it writes to a pipe; without that it is a little faster.
    env = environment(variables={"GIT_FLUSH": "0"})
    args = ["log", *_PLAIN, "--diff-merges=off", splitter.format, "--end-of-options", clone.head]
    return stream(clone.git_dir, args, env=env, limits=limits, config=["log.showRoot=true"])


def read(
    clone: Clone, shas: Sequence[str], *, limits: Limits, changes: bool = True
) -> Iterator[tuple[str, Record | None, str]]:
    """Read chosen commits: ``(sha, record, reason)``, each SHA once and in the order given.

    ``record`` is None where not even the header can be read; where there is a reason, the changes were not read. The
    number of commits that may kill git is bounded; of those behind them only headers are read.
    """
    options = ["--always", *_PLAIN, f"--format=tformat:{_FIELDS}"]
    n_read = 0
    for output in diff_tree(clone, shas if changes else (), options, limits=limits, most_bytes=MOST_BYTES):
        if output.reason == GAVE_UP:
            break
        n_read += 1
        if output.reason:
            yield output.sha, _header(clone, output.sha, limits), output.reason
        elif output.cut:
            yield output.sha, _fields(output.data), TOO_MANY
        else:
            record = output.data.split(b"\0") if output.data else None
            yield output.sha, record, "" if record else "git has no such commit"
    options += ["--", _NOTHING]
    for output in diff_tree(clone, shas[n_read:], options, limits=limits, most_bytes=MOST_BYTES):
        yield output.sha, _fields(output.data) if output.data else None, GAVE_UP


def _header(clone: Clone, sha: str, limits: Limits) -> Record | None:
    """Read a commit without its changes, or None where that fails as well."""
    args = ["log", "--no-walk=unsorted", "-s", *_PLAIN, f"--format=tformat:{_FIELDS}", "--end-of-options", sha]
    try:
        return _fields(run(clone.git_dir, args, limits=limits))
    except GitFailed:
        return None


def _fields(data: bytes) -> Record:
    """The header alone; what was cut off is empty."""
    return (data.split(b"\0", RAW) + [b""] * RAW)[:RAW]


def listed(clone: Clone, limits: Limits) -> tuple[list[str], str]:
    """List all commits that HEAD reaches, newest first, as far as they can be reached; and what stopped git, if so."""
    reason = ""
    found: list[str] = []
    for extra in ((), ("--ignore-missing-links",)):
        try:
            found = run(clone.git_dir, ["rev-list", *extra, clone.head], limits=limits).decode().split()
            break
        except GitFailed as failed:
            reason = why(failed)
    return found, reason


# --- from fields to commits -------------------------------------------------


def commit_of(record: Record) -> Commit:
    """Build the commit that a record describes."""
    record = in_utf8(record)
    author, committer = people_of(record[PEOPLE])
    return Commit(
        sha=record[SHA].decode(),
        parents=tuple(record[PARENTS].decode().split()),
        author=author,
        committer=committer,
        authored_at=usable_time(record[AUTHORED]),
        committed_at=usable_time(record[COMMITTED]),
        message=text(record[MESSAGE][:MESSAGE_KEPT]).rstrip("\n"),
        changes=tuple(_changes(record)),
    )


def _changes(record: Record) -> Iterator[Change]:
    for entry, path in zip(record[RAW::2], record[RAW + 1 :: 2], strict=False):
        modes, old, new, status = fixed(entry)
        if GITLINK not in modes:
            yield Change(text(path), status.decode(), old.decode(), new.decode())


def fixed(entry: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Cut ``:100644 100644 OLD NEW M`` into modes, blobs and status; the first entry of a commit follows a new line."""
    start = 2 if entry.startswith(b"\n") else 1
    return (
        entry[start : start + 13],
        entry[start + 14 : start + 54],
        entry[start + 55 : start + 95],
        entry[start + 96 :],
    )


def in_utf8(record: Record) -> Record:
    """Convert people and message from the encoding that the commit declares, if it is a known one and they fit."""
    declared = record[ENCODING].decode("ascii", "replace").lower()
    if declared not in _ENCODINGS:
        return record
    record = record.copy()
    for place in (PEOPLE, MESSAGE):
        with suppress(UnicodeDecodeError):
            record[place] = record[place].decode(declared).encode()
    record[ENCODING] = b""
    return record


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
