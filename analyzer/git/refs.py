"""The tags of a clone: when somebody cut a release, and of which commit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.errors import GitFailed
from analyzer.git.clone import Clone
from analyzer.git.process import run
from analyzer.git.sandbox import SMALL

_FORMAT = "%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)"
_OID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, the object it leads to (an annotated tag's commit), and its own or its commit's time in seconds."""

    name: str
    sha: str
    at: int | None


def tags(clone: Clone) -> tuple[Tag, ...]:
    """The tags sorted by name; none where git cannot list them, since they are context and no evidence yet."""
    if clone.n_tags == 0:
        return ()
    try:
        out = run(clone.git_dir, ["for-each-ref", f"--format={_FORMAT}", "refs/tags"], limits=SMALL)
    except GitFailed:
        return ()
    return tuple(sorted(_read(out), key=lambda tag: tag.name))


def _read(out: bytes) -> Iterator[Tag]:
    for line in out.decode("utf-8", "surrogateescape").splitlines():
        name, direct, peeled, at = line.split("\0")
        sha = peeled or direct
        if _OID.fullmatch(sha):
            yield Tag(name, sha, int(at) if at.isdigit() else None)
