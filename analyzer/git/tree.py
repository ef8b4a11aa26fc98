"""The files at HEAD: one streamed listing, cut at a limit, and their contents in one conversation.

Nothing is checked out. A symbolic link is an entry like any other and never followed; a submodule is left out. A tree
that names itself ten times at ten levels (10^10 files in twelve objects) costs no more than the limit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from analyzer.errors import GitFailed
from analyzer.git.batch import Batch, Blob
from analyzer.git.clone import Clone
from analyzer.git.process import Stream, stream
from analyzer.git.sandbox import DEFAULT, Limits
from signals.model import Tree, TreeEntry

UNKNOWN_SIZE = -1
"""The size of a file whose content is missing from a partial clone."""

_IMPOSSIBLE = re.compile(rb"(?:^|/)(?:\.\.?|\.git|)(?:/|$)")
"""A path with a part that git never lets in: it could not be found again at the commit."""


def head_tree(clone: Clone, *, max_entries: int = 300_000, limits: Limits = DEFAULT) -> Tree:
    """List the files at HEAD, sorted by path; ``truncated`` when there are more or a folder's object is missing.

    Sizes are asked once for each distinct content, in one conversation: ``ls-tree -l`` asks for every path anew, which
    a tree bomb makes expensive, and some versions of git end it at the first missing file. A file whose content is
    missing has the size :data:`UNKNOWN_SIZE`. Raises :class:`GitFailed` when not even the root can be listed.
    """
    found, truncated = _listed(clone, max_entries, limits)
    with Batch(clone.git_dir, limits=limits) as batch:
        infos = batch.info(sorted({blob for blob, _ in found.values()}))
        sizes = {each.oid: each.size for each in infos if each.kind == "blob"}
    entries = (
        TreeEntry(path, blob, sizes.get(blob, UNKNOWN_SIZE), mode) for path, (blob, mode) in sorted(found.items())
    )
    return Tree(clone.head, tuple(entries), truncated)


def read_blobs(clone: Clone, oids: Iterable[str], max_bytes: int, *, limits: Limits = DEFAULT) -> Iterator[Blob]:
    """Give ``(oid, content, "")`` for each blob in the order asked, ``(oid, None, reason)`` for one not read.

    Larger objects than ``max_bytes`` are never inflated.
    """
    with Batch(clone.git_dir, limits=limits) as batch:
        yield from batch.read(oids, max_bytes=max_bytes)


def _listed(clone: Clone, most: int, limits: Limits) -> tuple[dict[str, tuple[str, str]], bool]:
    """Map up to ``most`` paths to content and mode. Of a path that a forged tree holds twice, the first stands."""
    found: dict[str, tuple[str, str]] = {}
    try:
        with stream(clone.git_dir, ["ls-tree", "-r", "-z", clone.head], limits=limits) as out:
            for record in _records(out):
                head, _, name = record.partition(b"\t")
                mode, kind, blob = head.decode("ascii").split()
                if kind != "blob" or _IMPOSSIBLE.search(name):
                    continue
                if len(found) == most:
                    return found, True
                found.setdefault(name.decode("utf-8", "surrogateescape"), (sys.intern(blob), sys.intern(mode)))
    except GitFailed:
        if not found:
            raise
        return found, True
    return found, False


def _records(out: Stream) -> Iterator[bytes]:
    """Split the stream at NUL, keeping no more than a chunk and one record."""
    rest = b""
    for chunk in out:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
