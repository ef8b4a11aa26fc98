"""The files at HEAD: one streamed listing, cut at a limit, and their contents in one conversation.

Nothing is checked out. A symbolic link is an entry like any other and never followed; a submodule is left out. A tree
that names itself ten times at ten levels (10^10 files in twelve objects) costs no more than the limit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

from analyzer.errors import GitFailed
from analyzer.git.batch import Batch, Blob
from analyzer.git.clone import Clone
from analyzer.git.process import Stream, stream
from analyzer.git.sandbox import DEFAULT, Limits
from signals.model import Tree, TreeEntry

UNKNOWN_SIZE = -1
"""The size of a file whose content is missing from a partial clone."""

_NEVER_A_PATH = frozenset({"", ".", "..", ".git"})


def head_tree(clone: Clone, *, max_entries: int = 300_000, limits: Limits = DEFAULT) -> Tree:
    """List the files at HEAD, sorted by path; ``truncated`` when there are more or a folder's object is missing.

    A file whose content is missing has the size :data:`UNKNOWN_SIZE`. Raises :class:`GitFailed` when not even the
    root can be listed.
    """
    try:
        entries, truncated = _listed(clone, ["-l"], max_entries, limits)
    except GitFailed:  # with sizes, some versions of git end at the first missing file
        entries, truncated = _listed(clone, [], max_entries, limits, tolerant=True)
        entries = _with_sizes(clone, entries, limits)
    return Tree(clone.head, tuple(_distinct(sorted(entries, key=_path))), truncated)


def read_blobs(clone: Clone, oids: Iterable[str], max_bytes: int, *, limits: Limits = DEFAULT) -> Iterator[Blob]:
    """Give ``(oid, content, "")`` for each blob in the order asked, ``(oid, None, reason)`` for one not read.

    Larger objects than ``max_bytes`` are never inflated.
    """
    with Batch(clone.git_dir, limits=limits) as batch:
        yield from batch.read(oids, max_bytes=max_bytes)


def _listed(
    clone: Clone, options: list[str], most: int, limits: Limits, *, tolerant: bool = False
) -> tuple[list[TreeEntry], bool]:
    """List up to ``most`` files. ``tolerant`` keeps what was listed before git failed."""
    entries: list[TreeEntry] = []
    try:
        with stream(clone.git_dir, ["ls-tree", "-r", "-z", *options, clone.head], limits=limits) as out:
            for record in _records(out):
                if len(entries) == most:
                    return entries, True
                if entry := _entry(record):
                    entries.append(entry)
    except GitFailed:
        if not tolerant or not entries:
            raise
        return entries, True
    return entries, False


def _records(out: Stream) -> Iterator[bytes]:
    """Split the stream at NUL, keeping no more than a chunk and one record."""
    rest = b""
    for chunk in out:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole


def _entry(record: bytes) -> TreeEntry | None:
    """Read ``mode kind oid [size]<TAB>path``; None for a submodule and for a name that no path can have."""
    head, _, name = record.partition(b"\t")
    mode, kind, oid, *size = head.decode("ascii").split()
    if kind != "blob":
        return None
    path = name.decode("utf-8", "surrogateescape")
    if not _NEVER_A_PATH.isdisjoint(path.split("/")):
        return None
    known = size and size[0].isdigit()
    return TreeEntry(path, oid, int(size[0]) if known else UNKNOWN_SIZE, sys.intern(mode))


def _with_sizes(clone: Clone, entries: list[TreeEntry], limits: Limits) -> list[TreeEntry]:
    with Batch(clone.git_dir, limits=limits) as batch:
        infos = batch.info(sorted({entry.blob for entry in entries}))
        sizes = {each.oid: each.size for each in infos if each.kind == "blob"}
    return [replace(entry, size=sizes.get(entry.blob, UNKNOWN_SIZE)) for entry in entries]


def _distinct(entries: Iterable[TreeEntry]) -> Iterator[TreeEntry]:
    """Drop repeated paths, which only a forged tree has: the first stands."""
    last = ""
    for entry in entries:
        if entry.path != last:
            yield entry
        last = entry.path


def _path(entry: TreeEntry) -> str:
    return entry.path
