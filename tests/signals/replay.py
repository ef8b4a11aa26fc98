"""Turns samples into what the kernel takes: a tree with contents, or a history of commits; no disk, no git."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signals import kernel
from signals.base import Signal
from signals.model import (
    Change,
    Commit,
    CommitRef,
    Evidence,
    History,
    Lines,
    Person,
    Tree,
    TreeEntry,
    plain_subject,
)
from signals.paths import Hints
from signals.sample import HistorySample, Sample, Step, unmark

START = 1_704_067_200  # 2024-01-01 00:00 UTC
ME = Person("Sam Sample", "sam@demo.example")
COLLEAGUE = Person("Kim Colleague", "kim@demo.example")
HEAD = "f" * 40
ABSENT = "0" * 40


def blob_id(text: str) -> str:
    """A stand-in for git's blob id: equal texts have equal ids."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def sha_of(step: int) -> str:
    """The SHA of the step with this number."""
    return hashlib.sha1(f"step {step}".encode(), usedforsecurity=False).hexdigest()


def scan_texts(signals: Sequence[Signal], texts: dict[str, str]) -> kernel.Scan:
    """Run content signals over files given as text."""
    entries = tuple(
        TreeEntry(path, blob_id(text), len(text.encode()), "100644") for path, text in sorted(texts.items())
    )
    tree = Tree(HEAD, entries)
    wanted = kernel.plan(signals, tree, Hints.of([e.path for e in entries]))
    contents = (kernel.Content(w, texts[w.entry.path].encode()) for w in wanted)
    return kernel.scan(HEAD, contents, frozenset(texts))


def scan_sample(signal: Signal, sample: Sample) -> tuple[kernel.Scan, dict[str, frozenset[int]]]:
    """Run one signal over a sample; gives the scan and the marked lines by path."""
    texts: dict[str, str] = {}
    marks: dict[str, frozenset[int]] = {}
    for path, marked_text in sample.files().items():
        texts[path], marked = unmark(marked_text)
        if marked:
            marks[path] = marked
    return scan_texts([signal], texts), marks


def places(evidence: Sequence[Evidence]) -> dict[str, frozenset[int]]:
    """The evidence lines by path: of a range only its first line counts, as in samples."""
    found: dict[str, frozenset[int]] = {}
    for e in evidence:
        assert isinstance(e.place, Lines)
        found[e.place.path] = frozenset({e.place.start, *e.place.more})
    return found


@dataclass(frozen=True, slots=True)
class Replayed:
    """A history sample as commits, oldest first, with the look-ups a signal may use."""

    commits: tuple[Commit, ...]
    history: History
    texts: dict[str, str]
    blobs: dict[str, str]


def replay(sample: HistorySample) -> Replayed:
    """Build commits from steps."""
    texts: dict[str, str] = {}
    blobs: dict[str, str] = {}
    commits: list[Commit] = []
    for n, step in enumerate(sample.steps):
        commits.append(_commit(n, step, texts))
        for path, text in step.files.items():
            if text is None:
                texts.pop(path, None)
            else:
                texts[path] = text
                blobs[blob_id(text)] = text
    done = tuple(commits)
    return Replayed(done, _history(done, blobs), texts, blobs)


def _commit(n: int, step: Step, before: dict[str, str]) -> Commit:
    at = START + int(step.day * 86_400)
    changes: list[Change] = []
    for path, text in sorted(step.files.items()):
        old = blob_id(before[path]) if path in before else ABSENT
        new = blob_id(text) if text is not None else ABSENT
        if old != new:
            changes.append(Change(path, "A" if old == ABSENT else "D" if new == ABSENT else "M", old, new))
    message = step.message
    if step.revert_of is not None:
        message = message.replace("{sha}", sha_of(step.revert_of))
    parents = (sha_of(n - 1),) if n else ()
    if step.merge:
        parents, changes = (*parents, sha_of(1000 + n)), []
    who = ME if step.me else COLLEAGUE
    return Commit(sha_of(n), parents, who, who, at, at, message, tuple(changes))


def _history(commits: tuple[Commit, ...], blobs: dict[str, str]) -> History:
    newest_first = commits[::-1]
    by_sha = {c.sha: c for c in commits}

    def by_prefix(prefix: str) -> CommitRef | None:
        hits = [c for c in commits if c.sha.startswith(prefix.lower())]
        return CommitRef(hits[0].sha, hits[0].committed_at) if len(hits) == 1 else None

    def by_subject(subject: str) -> Sequence[CommitRef]:
        plain = plain_subject(subject)
        return [CommitRef(c.sha, c.committed_at) for c in newest_first if plain_subject(c.subject) == plain]

    return History(
        by_prefix=by_prefix,
        by_subject=by_subject,
        load=by_sha.get,
        is_person=lambda person: person == ME,
        own_commits=tuple(c for c in newest_first if c.author == ME),
        lines_of=lambda sha: _lines_of(by_sha[sha], blobs),
    )


def _lines_of(commit: Commit, blobs: dict[str, str]) -> Mapping[str, tuple[int, int]]:
    """Added and deleted lines by path; a file moved whole stands at its new path with none, as in pass B."""
    deleted = {c.old_blob: c.path for c in commit.changes if c.status == "D"}
    moved = {c.path: deleted[c.new_blob] for c in commit.changes if c.status == "A" and c.new_blob in deleted}
    return {
        c.path: (0, 0) if c.path in moved else _count(blobs.get(c.old_blob, ""), blobs.get(c.new_blob, ""))
        for c in commit.changes
        if c.path not in moved.values()
    }


def _count(before: str, after: str) -> tuple[int, int]:
    old, new = before.splitlines(), after.splitlines()
    same = sum(block.size for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(new) - same, len(old) - same
