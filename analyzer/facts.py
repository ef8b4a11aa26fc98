"""The facts behind a dossier, ready for the store: the candidate's commits and changes, and who was active where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.attribution import Hunk
from analyzer.git.history import Walk
from analyzer.git.inspect import CommitDetail
from analyzer.git.patches import CommitPatch, line_hash
from analyzer.git.refs import Tag
from analyzer.model import ActivityRow, ChangeRow, CommitRow, OwnCommit, RefRow, RepositoryFacts
from signals import paths as path_rules
from signals.model import Change, Commit, Facts

Clean = Callable[[str], str]
LineCounts = Mapping[str, Mapping[str, tuple[int, int]]]
MAX_METHODS = 10

_FIX = re.compile(r"(?:fix|bug|hotfix)(?:\([^)]*\))?!?:|(?:bug|hot)?fix(?:e[sd])?\b", re.IGNORECASE)
_REVERT = re.compile(r"(?:\w+(?:\([^)]*\))?!?:\s*)?revert", re.IGNORECASE)
_DEPENDENCIES = re.compile(r"(?:build|chore|fix)\(deps[^)]*\)|bump\b|upgrade\b|update dependenc", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Patched:
    """What pass B read of the candidate's commits.

    ``counts``: added and deleted lines by commit and path. For the paths with evidence also the changed ranges and the
    hashes of the lines the candidate wrote there. ``spaced``: by commit the paths where only white space changed.
    ``unread``: commits whose patch was cut or not read, with the reason.
    """

    counts: LineCounts
    ranges: Mapping[str, Mapping[str, Sequence[Hunk]]]
    written: Mapping[str, Mapping[int, str]]
    spaced: Mapping[str, Collection[str]]
    unread: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, patches: Iterable[CommitPatch], watched: Collection[str]) -> Patched:
        """Take in a stream of patches, newest first; only counts are kept of paths that nobody watches."""
        counts: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        ranges: defaultdict[str, dict[str, Sequence[Hunk]]] = defaultdict(dict)
        written: defaultdict[str, dict[int, str]] = defaultdict(dict)
        spaced: defaultdict[str, set[str]] = defaultdict(set)
        unread: list[tuple[str, str]] = []
        for patch in patches:
            if patch.reason:
                unread.append((patch.sha, patch.reason))
            for file in patch.files:
                if file.counted:
                    counts[patch.sha][file.path] = (file.added, file.deleted)
                if file.is_space:
                    spaced[patch.sha].add(file.path)
                elif file.path in watched:
                    ranges[file.path][patch.sha] = tuple(Hunk(h.old_len, h.new_start, h.new_len) for h in file.hunks)
                    for line in file.added_hashes:
                        written[file.path].setdefault(line, patch.sha)
        return cls(counts, ranges, written, spaced, tuple(unread))

    def is_trivial(self, commit: Commit) -> bool:
        """Whether a commit changes nothing but documentation, data, lock files and white space."""
        return is_trivial(commit, self.spaced.get(commit.sha, ()))

    def lines_of(self, sha: str) -> Mapping[str, tuple[int, int]]:
        """Added and deleted lines by path for one of the candidate's commits."""
        return self.counts.get(sha, {})

    def hunks(self, path: str) -> Mapping[str, Sequence[Hunk]]:
        """The candidate's changed ranges of a watched path, by commit."""
        return self.ranges.get(path, {})

    def authored(self, path: str, texts: Mapping[int, bytes], own: Mapping[str, OwnCommit]) -> dict[int, OwnCommit]:
        """Those of the given lines whose text the candidate once added to the path, with the newest commit that did."""
        known = self.written.get(path, {})
        found = {n: known.get(line_hash(text)) for n, text in texts.items() if text.strip()}
        return {n: own[sha] for n, sha in found.items() if sha is not None}


class Lines:
    """Line counts for one signal, with a note of the commits it asked about and of those whose patch is not whole."""

    def __init__(self, patched: Patched) -> None:
        self._patched = patched
        self._unread = frozenset(sha for sha, _ in patched.unread)
        self._asked: set[str] = set()

    def of(self, sha: str) -> Mapping[str, tuple[int, int]]:
        """Added and deleted lines by path for one of the candidate's commits."""
        self._asked.add(sha)
        return self._patched.lines_of(sha)

    def too_few(self, most: float) -> str:
        """Why the counts are no ground to judge from: more than the share ``most`` of them is missing; else ""."""
        missed = len(self._asked & self._unread)
        if missed <= most * len(self._asked):
            return ""
        return f"the changed lines of {missed:,} of {len(self._asked):,} commits that count here could not be read"


def of_repository(
    full_name: str,
    walk: Walk,
    patched: Patched,
    hints: path_rules.Hints,
    tags: Sequence[Tag],
    clean: Clean,
) -> RepositoryFacts:
    """Collect the rows of one repository; the activity stays a stream."""
    return RepositoryFacts(
        full_name=full_name,
        commits=tuple(_commit_row(own, patched, clean) for own in walk.own),
        changes=tuple(
            _change_row(own.commit.sha, change, patched.counts, hints)
            for own in walk.own
            for change in own.commit.changes
        ),
        activity=_Activity(walk, hints),
        refs=tuple(RefRow(tag.name, tag.sha, tag.at) for tag in tags),
    )


@dataclass(frozen=True, slots=True)
class _Activity:
    """The activity rows of a walk, made anew at each iteration."""

    walk: Walk
    hints: path_rules.Hints

    def __iter__(self) -> Iterator[ActivityRow]:
        last, path_class, is_ops = "", "", False
        for path, month, own, n_commits in self.walk.activity.rows():
            if path != last:
                last = path
                path_class, is_ops = path_rules.classify(path, self.hints).value, path_rules.is_ops(path)
            yield ActivityRow(path, path_class, is_ops, month, own, n_commits, None, None)


def _commit_row(own: OwnCommit, patched: Patched, clean: Clean) -> CommitRow:
    commit = own.commit
    known = list(patched.counts.get(commit.sha, {}).values())
    return CommitRow(
        sha=commit.sha,
        authored_at=commit.authored_at,
        committed_at=commit.committed_at,
        month=commit.month,
        kind=kind_of(commit),
        role=own.role.value,
        is_merge=commit.is_merge,
        is_trivial=patched.is_trivial(commit),
        n_changes=len(commit.changes),
        added=sum(a for a, _ in known) if known else None,
        deleted=sum(d for _, d in known) if known else None,
        subject=clean(commit.subject),
    )


def _change_row(sha: str, change: Change, counts: LineCounts, hints: path_rules.Hints) -> ChangeRow:
    added, deleted = counts.get(sha, {}).get(change.path, (None, None))
    return ChangeRow(
        sha=sha,
        path=change.path,
        status=change.status,
        old_blob=change.old_blob,
        new_blob=change.new_blob,
        path_class=path_rules.classify(change.path, hints).value,
        is_ops=path_rules.is_ops(change.path),
        added=added,
        deleted=deleted,
    )


def is_trivial(commit: Commit, spaced: Collection[str] = ()) -> bool:
    """Whether a commit changes nothing but documentation, data, lock files and the white space of the paths given."""
    return bool(commit.changes) and all(c.path in spaced or path_rules.is_docs_or_data(c.path) for c in commit.changes)


def kind_of(commit: Commit) -> str:
    """merge, revert, docs, test, operations, dependencies, fix or change: the paths decide before the words."""
    if commit.is_merge:
        return "merge"
    if _REVERT.match(commit.subject):
        return "revert"
    paths = [c.path for c in commit.changes]
    if is_trivial(commit):
        return "docs"
    if paths and all(path_rules.is_test(p) for p in paths):
        return "test"
    if _DEPENDENCIES.match(commit.subject):
        return "dependencies"
    if paths and all(path_rules.is_ops(p) for p in paths):
        return "operations"
    return "fix" if _FIX.match(commit.subject) else "change"


def of_detail(detail: CommitDetail) -> Facts:
    """PyDriller's look at a commit as facts: which functions changed, at most ten of them."""
    methods = sorted({name for file in detail.files for name in file.methods})
    return {
        "n_functions_changed": len(methods),
        "functions_changed": tuple(methods[:MAX_METHODS]),
    }
