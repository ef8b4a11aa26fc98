"""Pass A: one walk over all commits that HEAD reaches, trees only.

It answers who changed which path when, finds the person's commits, and keeps of everybody else's only what resolves
links. No blob is read, so it works on a blobless clone. One damaged or monstrous commit costs itself, not the history
behind it: ``n_seen + len(skipped) == n_commits`` always, and every skipped commit has a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analyzer.errors import GitFailed, GitTimeout
from analyzer.git import commits
from analyzer.git.activity import NO_BLOB, Activity, Months, Recorder, Version, Versions
from analyzer.git.clone import Clone
from analyzer.git.commit_index import CommitIndex
from analyzer.git.commits import (
    AUTHORED,
    COMMITTED,
    MESSAGE,
    PARENTS,
    PEOPLE,
    RAW,
    SHA,
    Record,
    Splitter,
    Texts,
    commit_of,
    people_of,
    usable_time,
)
from analyzer.git.sandbox import DEFAULT, Limits
from analyzer.identity import OwnRole, co_authors
from analyzer.model import OwnCommit, Role
from signals.model import Commit, Person

MOST_PEOPLE = 50_000
"""Distinct pairs of author and committer that are remembered; who comes after them is in no list of people."""

FEW = 100

CUT = "a parent of this commit is missing or damaged: what it changed is not known"
SHALLOW = "the clone is shallow: what this commit changed is not known"


class Roles(Protocol):
    """Says which part the person has in a commit; pure. ``analyzer.identity.Roles`` is one."""

    def of_people(self, author: Person, committer: Person) -> OwnRole | None:
        """The part that follows from author and committer; asked once for each pair."""
        ...

    def of_trailers(self, author: Person, co_authors: Sequence[Person]) -> OwnRole | None:
        """The part that ``Co-authored-by`` trailers give; asked where there are any."""
        ...


@dataclass(frozen=True, slots=True)
class Skipped:
    """A commit whose changes are not in the activity, and why."""

    sha: str
    reason: str


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk over the history found.

    ``n_commits`` is what ``git rev-list --count`` says; where a missing commit stops git, how many can be reached:
    ``cut`` then says so. ``own`` are the person's commits, newest first; one that was skipped has no changes.
    ``people`` counts commits by author as written; ``first_at`` and ``last_at`` are committer times over all commits.
    """

    n_commits: int
    n_seen: int
    skipped: tuple[Skipped, ...]
    cut: str
    own: tuple[OwnCommit, ...]
    index: CommitIndex
    activity: Activity
    people: Mapping[Person, int]
    first_at: int | None
    last_at: int | None
    watched: Versions

    def versions(self, path: str) -> tuple[Version, ...]:
        """Every change of a watched path, newest first, through exact renames; ``()`` for a path not watched."""
        found: list[Version] = []
        for n, old, new, own in self.watched.of(path):
            ref = self.index.ref(n)
            found.append(Version(ref.sha, ref.committed_at, old, new, own))
        return tuple(found)

    def path_added_at(self, path: str) -> int | None:
        """When a watched path first appeared, by committer time, or None where the history does not say."""
        added = [v.committed_at for v in self.versions(path) if v.old_blob == NO_BLOB and v.committed_at is not None]
        return min(added, default=None)


def walk(clone: Clone, *, roles: Roles, watch: Collection[str] = (), limits: Limits = DEFAULT) -> Walk:
    """Walk the whole history once. ``watch`` are the paths whose versions are wanted.

    Raises :class:`GitFailed` only when not even the list of commits can be read.
    """
    walker = _Walker(roles, watch, _shallow(clone.git_dir))
    died = _log(clone, walker, limits)
    n_commits = len(walker.index)
    if died or not walker.is_closed(clone.head):
        listed, walker.cut = commits.listed(clone, limits)
        walker.recover(clone, listed, limits, changes=died is not GitTimeout)
        n_commits = len(walker.index.shas() | set(listed))
    return walker.finish(n_commits)


def load(clone: Clone, shas: Sequence[str], *, limits: Limits = DEFAULT) -> dict[str, Commit]:
    """Read commits in full; one that cannot be read is left out, one whose changes cannot be read has none."""
    found: dict[str, Commit] = {}
    for sha, record, _ in commits.read(clone, shas, limits=limits):
        if record is not None:
            found[sha] = commit_of(record)
    return found


def _log(clone: Clone, walker: _Walker, limits: Limits) -> type[GitFailed] | None:
    """Walk with ``git log`` as far as it goes, and say what it died of."""
    splitter = Splitter()
    try:
        with commits.git_log(clone, splitter, limits) as out:
            for chunk in out:
                for piece in splitter.feed(chunk):
                    walker.take(piece, splitter.cut)
    except GitFailed as failed:
        return type(failed)
    for piece in splitter.end():
        walker.take(piece, splitter.cut)
    return None


def _shallow(git_dir: Path) -> frozenset[bytes]:
    """The commits at which a shallow clone ends: their parents are missing, so they seem to add every file."""
    try:
        return frozenset((git_dir / "shallow").read_bytes().split())
    except FileNotFoundError:
        return frozenset()


class _Pair:
    """An author and a committer, with the person's part that follows from them, and how often they came."""

    __slots__ = ("n", "part", "people")

    def __init__(self, people: tuple[Person, Person], part: OwnRole | None) -> None:
        self.people = people
        self.part = part
        self.n = 0


class _Walker:
    """Takes records in walk order and keeps what is wanted of them."""

    def __init__(self, roles: Roles, watch: Collection[str], shallow: frozenset[bytes]) -> None:
        self._roles = roles
        self._shallow = shallow
        self._months = Months()
        self._texts = Texts()
        self._recorder = Recorder(watch)
        self._pairs: dict[bytes, _Pair] = {}
        self._people: Counter[Person] = Counter()
        self._own: list[OwnCommit] = []
        self._skipped: list[Skipped] = []
        self._n_seen = 0
        self._awaited: set[bytes] = set()
        self.index = CommitIndex()
        self.cut: set[bytes] = set()

    def take(self, piece: bytes, cut: Collection[bytes] = ()) -> None:
        """Take a record as git printed it; those in ``cut`` lost their changes."""
        record = piece.split(b"\0")
        sha = record[SHA]
        if cut and sha in cut:
            self._skip(record, commits.TOO_LONG)
        elif self._shallow and sha in self._shallow:
            self._skip(record, SHALLOW)
        elif self.cut and sha in self.cut:
            self._skip(record, CUT)
        else:
            self._n_seen += 1
            self._note(record, piece)

    def is_closed(self, head: str) -> bool:
        """Whether HEAD and every parent of a commit that came has come as well: then all reachable commits have.

        It is what ``git rev-list --count`` would tell, without a second walk. In the order of dates some parents come
        before their children; those are looked up at the end.
        """
        awaited = {head.encode(), *self._awaited}
        if len(awaited) > FEW:
            return {sha.decode() for sha in awaited} <= self.index.shas()
        return all(sha in self.index for sha in awaited)

    def recover(self, clone: Clone, listed: Sequence[str], limits: Limits, *, changes: bool) -> None:
        """Read one by one the commits that the walk did not reach."""
        done = self.index.shas()
        left = [sha for sha in listed if sha not in done]
        for sha, record, reason in commits.read(clone, left, limits=limits, changes=changes):
            if reason or record is None:
                self._skip(record, reason, sha)
            else:
                self.take(b"\0".join(record))

    def finish(self, n_commits: int) -> Walk:
        """Close the books; they must balance."""
        if self._n_seen + len(self._skipped) != n_commits:
            raise AssertionError(f"{self._n_seen} commits seen, {len(self._skipped)} skipped, {n_commits} counted")
        for pair in self._pairs.values():
            self._people[pair.people[0]] += pair.n
        activity, versions = self._recorder.finish()
        first_at, last_at = self.index.span()
        return Walk(
            n_commits=n_commits,
            n_seen=self._n_seen,
            skipped=tuple(self._skipped),
            cut=f"the history is cut off at {len(self.cut):,} commits whose parents are missing" if self.cut else "",
            own=tuple(self._own),
            index=self.index,
            activity=activity,
            people=self._people,
            first_at=first_at,
            last_at=last_at,
            watched=versions,
        )

    def _skip(self, record: Record | None, reason: str, sha: str = "") -> None:
        """Keep what the header says, if there is one, and note that the changes are missing."""
        if record is not None:
            sha = record[SHA].decode()
            self._note(record[:RAW], b"")
        self._skipped.append(Skipped(sha, reason))

    def _note(self, record: Record, piece: bytes) -> None:
        """The hot path: a few microseconds for each of up to hundreds of thousands of commits."""
        message = record[MESSAGE]
        pair = self._pairs.get(record[PEOPLE]) or self._meet(record[PEOPLE])
        pair.n += 1
        part = pair.part
        if (part is None or part[0] is not Role.AUTHOR) and b"co-authored-by" in message.lower():
            part = self._roles.of_trailers(pair.people[0], co_authors(message)) or part
        committed_at = usable_time(record[COMMITTED])
        n = len(self.index)
        self._awaited.discard(record[SHA])
        self._awaited.update(record[PARENTS].split())
        self.index.add(record[SHA], committed_at, message)
        if len(record) > RAW + 1:
            own = part is not None and part[0] is not Role.COMMITTER
            month = self._months.of(usable_time(record[AUTHORED]), committed_at)
            self._recorder.add(piece, record, n=n, month=month, committed_at=committed_at, own=own)
        if part is not None:
            if part[0] is Role.COMMITTER:  # a maintainer who applies patches has tens of thousands
                record[MESSAGE] = message.partition(b"\n")[0]
            self._own.append(OwnCommit(commit_of(record, pair.people, self._texts), *part))

    def _meet(self, people: bytes) -> _Pair:
        both = people_of(people)
        pair = _Pair(both, self._roles.of_people(*both))
        if len(self._pairs) < MOST_PEOPLE:
            self._pairs[people] = pair
        return pair
