"""Reads a revert's message, finds the change it takes back, and compares the two by their blobs.

A revert is exact when each path's (old, new) blob pair is swapped between it and the change: no patch is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signals.model import Commit, CommitRef, History, Person

MAX_SUBJECT = 500
MAX_BODY = 5_000
MAX_TARGETS = 20  # commits named by one revert

_PREFIX = re.compile(r"[\w.,/{}\[\]-]+(?:|\([^()]*\))!?:\s+")
_WORD = re.compile(r"revert(?:s|ed|)(?![\w-])", re.IGNORECASE)
_NOT_A_REVERT = re.compile(r"\s*(?:risk|rate|prediction|probability|detection|button|command)s?\b", re.IGNORECASE)
_QUOTED = re.compile(r"\s*(?:commit|)\s*:?\s*[\"“'](.+)[\"”']")
_NAMED = re.compile(r":\s+(\S.+)")
_SUBJECT_SHA = re.compile(r":?\s+(?:commit\s+|)([0-9a-f]{7,40})\b")
_BODY_SHA = re.compile(r"\breverts\s+(?:merge\s+|)commits?\s+([0-9a-f]{7,40})\b", re.IGNORECASE)

Blobs = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """The change taken back, found by ``sha`` or by ``subject``; for a merge the newest commit it brought says by whom.

    ``net`` maps each path to its blobs before and after the change; it is empty where that cannot be read.
    """

    commit: Commit
    by: Person
    linked_by: str
    net: dict[str, Blobs]


def _after_revert(text: str) -> str | None:
    """What follows the word revert at the start of a subject, or None where it does not start with it."""
    for _ in range(2):
        text = text if _WORD.match(text) else without_prefix(text)
    word = _WORD.match(text)
    if word is None or _NOT_A_REVERT.match(text, word.end()):
        return None
    return text[word.end() :]


def without_prefix(text: str) -> str:
    """A subject without its ``type(scope): ``."""
    prefix = _PREFIX.match(text)
    return text[prefix.end() :] if prefix else text


def depth_of(subject: str) -> int:
    """How often a subject says revert: 1 takes a change back, 2 brings it back, 3 takes it back again."""
    depth, rest = 0, _after_revert(subject[:MAX_SUBJECT])
    while rest is not None and depth < 10:
        depth += 1
        rest = None if rest.lstrip().startswith(":") else _after_revert(rest.lstrip(" \"“'"))
    return depth


def target_of(commit: Commit, history: History) -> Target | None:
    """The change that a revert names by SHA, or else by its subject (then the newest that is older than the revert)."""
    rest = _after_revert(commit.subject[:MAX_SUBJECT]) or ""
    shas = [*_SUBJECT_SHA.findall(rest)[:1], *named_shas(commit)[:MAX_TARGETS]]
    refs = [ref for sha in shas if (ref := history.by_prefix(sha)) is not None and ref.sha != commit.sha]
    linked_by = "sha"
    if not refs and (named := _QUOTED.match(rest) or _NAMED.match(rest)):
        older = [ref for ref in history.by_subject(named.group(1)) if _is_older(ref, commit)]
        refs, linked_by = older[:1], "subject"
    targets = [found for ref in refs if (found := history.load(ref.sha)) is not None]
    if not targets:
        return None
    net = _net(sorted(targets, key=lambda c: c.committed_at or 0))
    return Target(targets[0], _by(targets[0], history), linked_by, net)


def _is_older(ref: CommitRef, commit: Commit) -> bool:
    if ref.sha == commit.sha or ref.committed_at is None or commit.committed_at is None:
        return False
    return ref.committed_at <= commit.committed_at


def _by(target: Commit, history: History) -> Person:
    """Who made the change: of a proposal that was merged its newest commit knows, not the merge."""
    brought = history.load(target.parents[1]) if target.is_merge else None
    return (brought or target).author


def _net(oldest_first: Sequence[Commit]) -> dict[str, Blobs]:
    net: dict[str, Blobs] = {}
    for change in (change for commit in oldest_first for change in commit.changes):
        first = net.get(change.path, (change.old_blob, ""))[0]
        net[change.path] = (first, change.new_blob)
    return {path: blobs for path, blobs in net.items() if blobs[0] != blobs[1]}


def is_exact(revert: Commit, net: dict[str, Blobs]) -> bool:
    """Whether each path's (old, new) blob pair is swapped."""
    return bool(net) and {c.path: (c.new_blob, c.old_blob) for c in revert.changes} == net


def named_shas(commit: Commit) -> list[str]:
    """The SHAs, full or short, that the body says are reverted."""
    return _BODY_SHA.findall(commit.body[:MAX_BODY])
