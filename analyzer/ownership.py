"""Whose is the evidence at HEAD: pass B for what the candidate wrote, blame for the lines, the versions of files with
named values. Asks git and hands plain data to ``attribution`` and ``findings``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from analyzer import attribution as att
from analyzer import facts as fct
from analyzer import findings as fnd
from analyzer.errors import GitFailed
from analyzer.git import blame, history, patches, tree
from analyzer.git.activity import Version
from analyzer.git.clone import Clone
from analyzer.model import Finding, OwnCommit, Role
from signals import kernel
from signals.base import ContentRule, Signal
from signals.links import reverted_shas, tracker_links
from signals.model import Evidence, Lines, PathClass
from signals.views import source

MAX_BLAMED_PATHS = 300
MAX_VERSIONS = 200
MAX_CODE_VERSIONS = 30  # source files are dear to parse: the person's own newest versions only
MAX_GAPS = 20


class Ownership:
    """The candidate's part in one repository. What could not be read is added to ``failures``."""

    def __init__(self, opened: Clone, signals: Sequence[Signal], walk: history.Walk) -> None:
        self.clone = opened
        self.failures: list[kernel.Failure] = []
        self.rules = {s.id: s for s in signals}
        self.walk = walk
        self.own = {c.commit.sha: c for c in walk.own}
        self.patched = self._patched(self.own, frozenset())
        self.failures += [kernel.Failure("", "", reason, sha) for sha, reason in self.patched.unread[:MAX_GAPS]]
        self.blamed: dict[str, dict[int, str]] = {}
        self.linked: frozenset[str] = frozenset()
        self.closer = self.patched

    def findings(self, evidence: Sequence[Evidence], *, by_blame: bool) -> list[Finding]:
        """Attribute evidence at HEAD: by blame for up to 300 paths in a fixed order, then by the lines' texts."""
        paths = sorted({e.place.path for e in evidence if isinstance(e.place, Lines)})
        touched = [path for path in paths if self.walk.activity.own_first(path) is not None]
        self.blamed = self._blame(evidence, touched[:MAX_BLAMED_PATHS]) if by_blame else {}
        shas = {sha for lines in self.blamed.values() for sha in lines.values()} & self.own.keys()
        self.linked = frozenset(sha for sha in shas if self._is_linked(self.own[sha]))
        unblamed = frozenset(touched) - self.blamed.keys()
        self.closer = self._patched(self.own if unblamed else self.linked, frozenset(touched))
        return [self._finding(e) for e in evidence]

    def months(self) -> frozenset[str]:
        """The months in which the person did more than touch up documentation, data, lock files or white space."""
        commits = (c.commit for c in fnd.countable(self.walk.own) if not self.patched.is_trivial(c.commit))
        return frozenset(c.month for c in commits if c.month and (c.changes or c.is_merge))

    def _patched(self, shas: Collection[str], detailed: frozenset[str]) -> fct.Patched:
        """Pass B over the person's own commits among ``shas``, newest first."""
        own = (c.commit for c in fnd.countable(self.walk.own) if c.commit.sha in shas and not c.commit.is_merge)
        return fct.Patched.read(patches.patches_of(self.clone, list(own), detailed=detailed), detailed)

    def _blame(self, evidence: Sequence[Evidence], touched: Sequence[str]) -> dict[str, dict[int, str]]:
        lines: defaultdict[str, set[int]] = defaultdict(set)
        for e in evidence:
            if isinstance(e.place, Lines):
                lines[e.place.path].update(e.place.all_lines)
        wanted = [(path, sorted(lines[path])) for path in touched]
        blamed: dict[str, dict[int, str]] = {}
        for path, answer in blame.blame_many(self.clone, wanted):
            if isinstance(answer, GitFailed):
                self.failures.append(kernel.Failure("", path, "who wrote these lines could not be asked (git blame)"))
            else:
                blamed[path] = answer
        return blamed

    def _finding(self, evidence: Evidence) -> Finding:
        assert isinstance(evidence.place, Lines)
        signal = self.rules[evidence.signal]
        path, lines = evidence.place.path, evidence.place.all_lines
        own_path = self._own_path(path)
        part = att.NOT_TOUCHED
        track = att.track_of((), (), (), ())
        if own_path is not None:
            part = self._part(evidence, path, lines)
            track = att.track_of(
                (own_path.first_at, own_path.last_at),
                own_path.months,
                self._value_changes(signal, path, evidence.path_class) if part.share > 0 else (),
                self._linked_fixes(path, lines),
            )
        return fnd.of_content(signal, self.clone.full_name, evidence, part, own_path, track)

    def _own_path(self, path: str) -> fnd.OwnPath | None:
        """When the person changed the path; changes of white space alone are none."""
        activity = self.walk.activity
        first_at, last_at = activity.own_first(path), activity.own_last(path)
        if first_at is None or last_at is None:
            return None
        own = [v for v in self.walk.versions(path) if v.own and v.committed_at is not None]
        kept = [v for v in own if not self._is_space(path, v)]
        if len(kept) == len(own):
            return fnd.OwnPath(activity.own_months(path), first_at, last_at)
        if not kept:
            return None
        months = {self.own[v.sha].commit.month for v in kept} - {""}
        times = [v.committed_at for v in kept if v.committed_at is not None]
        return fnd.OwnPath(tuple(sorted(months)), min(times), max(times))

    def _is_space(self, path: str, version: Version) -> bool:
        """Whether the person changed nothing but white space; under an older name the file is known by its content."""
        spaced = self.patched.spaced.get(version.sha, ())
        if not spaced or path in spaced:
            return bool(spaced)
        changes = self.own[version.sha].commit.changes
        return any(c.path in spaced and c.new_blob == version.new_blob for c in changes)

    def _part(self, evidence: Evidence, path: str, lines: Sequence[int]) -> att.Attribution:
        if path in self.blamed:
            return att.by_blame(lines, self.blamed[path], self.own)
        return att.by_patch(lines, self.closer.authored(path, self._texts(evidence, lines), self.own))

    def _texts(self, evidence: Evidence, lines: Sequence[int]) -> dict[int, bytes]:
        for _, data, _ in tree.read_blobs(self.clone, [evidence.blob], 20_000_000):
            texts = (data or b"").split(b"\n")
            return {n: texts[n - 1] for n in lines if n <= len(texts)}
        return {}

    def _linked_fixes(self, path: str, lines: Sequence[int]) -> tuple[str, ...]:
        blamed = self.blamed.get(path, {})
        linked = self.linked & set(blamed.values())
        if not linked:
            return ()
        times = {sha: self.own[sha].commit.committed_at or 0 for sha in linked}
        return att.linked_fixes(lines, blamed, self.closer.hunks(path), linked, times, self.walk.path_added_at(path))

    def _is_linked(self, own: OwnCommit) -> bool:
        if own.role not in (Role.AUTHOR, Role.CO_AUTHOR):
            return False
        message = own.commit.message
        return bool(tracker_links(message)) or any(self.walk.index.by_prefix(sha) for sha in reverted_shas(message))

    def _value_changes(self, signal: Signal, path: str, path_class: PathClass | None) -> tuple[att.ValueChange, ...]:
        rule = signal.rule
        assert isinstance(rule, ContentRule)
        if rule.values is None or path_class is None:
            return ()
        versions = self.walk.versions(path)[:MAX_VERSIONS]
        if source.language_of(path) is not None:
            versions = tuple(v for v in versions if v.own)[:MAX_CODE_VERSIONS]
        if not any(v.own for v in versions):
            return ()
        blobs = sorted({b for v in versions for b in (v.old_blob, v.new_blob) if b.strip("0")})
        data = {oid: text for oid, text, _ in tree.read_blobs(self.clone, blobs, rule.wants.max_bytes)}
        oldest_first = (
            kernel.FileVersion(v.sha, v.committed_at or 0, v.own, data.get(v.old_blob), data.get(v.new_blob))
            for v in reversed(versions)
        )
        changes, failures = kernel.value_changes(signal, path, path_class, oldest_first)
        self.failures += failures
        return changes
