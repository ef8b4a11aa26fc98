"""Who changed which path when: a few packed bytes for each change, through exact renames.

A change is one integer: path, month and side (the person or others). A full history of 80,000 commits needs a few
megabytes, and the hot path is a dictionary look-up at C speed.

Renames are followed backwards, since commits arrive newest first: where a commit removes a blob at one path and adds it
at another, older changes of the old path count for the new one. When a blob leaves or enters several paths at once,
pairs with the same file name are made first, the others in path order. A rename with edits is not followed: telling it
takes the contents of both files.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, groupby

from analyzer.git.commits import GITLINK, RAW, fixed, text
from signals.model import month_of

_DAY = 86_400
_MONTHS = 1 << 11  # 1 is January 1970, 1560 December 2099, 0 no date
_SHIFT = 12  # a change is path << 12 | month << 1 | side
_UNKNOWN = 0
_BLOB = 20  # bytes of a blob id
NO_BLOB = "0" * 40


@dataclass(frozen=True, slots=True)
class Version:
    """One change of a watched path; a missing side's blob is zeros. ``own`` says that the person made it."""

    sha: str
    committed_at: int | None
    old_blob: str
    new_blob: str
    own: bool


class Months(dict[int, int]):
    """The number of a day's month, computed once for each day."""

    def __missing__(self, day: int) -> int:
        name = month_of(day * _DAY + 1, day * _DAY + 1)
        number = (int(name[:4]) - 1970) * 12 + int(name[5:]) if name else _UNKNOWN
        self[day] = number
        return number

    def of(self, authored_at: int | None, committed_at: int | None) -> int:
        """The month a commit counts for, by the rule of :func:`signals.model.month_of`."""
        at = committed_at
        if authored_at is not None and (at is None or abs(authored_at - at) <= _DAY):
            at = authored_at
        return self[at // _DAY] if at else _UNKNOWN


def month_name(number: int) -> str:
    """``YYYY-MM``, or ``""`` for no date."""
    return f"{1970 + (number - 1) // 12}-{(number - 1) % 12 + 1:02d}" if number else ""


class _Paths(dict[bytes, int]):
    """Numbers paths as they are first seen; a renamed path gets the number of its newer name."""

    def __init__(self, first: Collection[bytes]) -> None:
        super().__init__()
        self.names: list[bytes] = []
        for path in first:
            self[path]

    def __missing__(self, path: bytes) -> int:
        number = self[path] = len(self.names)
        self.names.append(path)
        return number


class Recorder:
    """Takes the changes of one commit after the other, newest first."""

    def __init__(self, watch: Collection[str]) -> None:
        watched = sorted({path.encode("utf-8", "surrogateescape") for path in watch})
        self._paths = _Paths(watched)
        self._n_watched = len(watched)
        self._changes = array("Q")
        self._own_paths = array("I")
        self._own_times = array("q")
        self._versions = Versions(watched)

    def add(
        self, piece: bytes, record: list[bytes], *, n: int, month: int, committed_at: int | None, own: bool
    ) -> None:
        """Note what the ``n``-th commit changed; ``piece`` is the record before it was split."""
        entries, names = record[RAW:-1:2], record[RAW + 1 :: 2]
        if GITLINK in piece:
            kept = [GITLINK not in fixed(entry)[0] for entry in entries]
            entries, names = list(compress(entries, kept)), list(compress(names, kept))
        renames = _renames(entries, names) if b" D\0" in piece and b" A\0" in piece else {}
        if renames:
            left = set(renames.values())
            kept = [name not in left for name in names]
            entries, names = list(compress(entries, kept)), list(compress(names, kept))
        numbers = [*map(self._paths.__getitem__, names)]
        low = month << 1 | own
        self._changes.extend([number << _SHIFT | low for number in numbers])
        if own and committed_at is not None:
            self._own_paths.extend(numbers)
            self._own_times.extend([committed_at] * len(numbers))
        if self._n_watched and numbers and min(numbers) < self._n_watched:
            for number, entry, name in zip(numbers, entries, names, strict=True):
                if number < self._n_watched:
                    self._versions.add(number, n, entry, own, moved=name in renames)
        for new, old in renames.items():
            self._paths[old] = self._paths[new]

    def finish(self) -> tuple[Activity, Versions]:
        """Close the books."""
        return Activity(self._paths.names, self._changes, self._own_paths, self._own_times), self._versions


def _renames(entries: Sequence[bytes], names: Sequence[bytes]) -> dict[bytes, bytes]:
    """Pair the paths that a commit adds with those that it removes with the same content: new path -> old path."""
    added: defaultdict[bytes, list[bytes]] = defaultdict(list)
    removed: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for entry, name in zip(entries, names, strict=True):
        _, old, new, status = fixed(entry)
        if status == b"A":
            added[new].append(name)
        elif status == b"D":
            removed[old].append(name)
    pairs: dict[bytes, bytes] = {}
    for blob in added.keys() & removed.keys():
        pairs |= _paired(added[blob], removed[blob])
    return pairs


def _paired(added: list[bytes], removed: list[bytes]) -> dict[bytes, bytes]:
    """Pair by file name first, then in order."""
    if len(added) == len(removed) == 1:
        return {added[0]: removed[0]}
    pairs: dict[bytes, bytes] = {}
    by_name: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for path in reversed(removed):
        by_name[path.rpartition(b"/")[2]].append(path)
    for path in added:
        if same := by_name[path.rpartition(b"/")[2]]:
            pairs[path] = same.pop()
    taken = set(pairs.values())
    left = [path for path in removed if path not in taken]
    return pairs | dict(zip([path for path in added if path not in pairs], left, strict=False))


class Versions:
    """Changes of the watched paths in some 50 bytes each: path, commit, side and both blobs."""

    def __init__(self, watched: Sequence[bytes]) -> None:
        self._numbers = {path: number for number, path in enumerate(watched)}
        self._paths = array("I")
        self._commits = array("I")
        self._own = bytearray()
        self._blobs = bytearray()

    def add(self, path: int, commit: int, entry: bytes, own: bool, *, moved: bool) -> None:
        """Note a change; where the file only moved here, its content is the same on both sides."""
        _, old, new, _ = fixed(entry)
        self._paths.append(path)
        self._commits.append(commit)
        self._own.append(own)
        self._blobs += bytes.fromhex((new if moved else old).decode()) + bytes.fromhex(new.decode())

    def of(self, path: str) -> Iterator[tuple[int, str, str, bool]]:
        """The changes of a path, newest first: commit number, old and new blob, whether the person made it."""
        number = self._numbers.get(path.encode("utf-8", "surrogateescape"), -1)
        for place in self._places.get(number, ()):
            blobs = self._blobs[2 * _BLOB * place : 2 * _BLOB * (place + 1)].hex()
            yield self._commits[place], blobs[: 2 * _BLOB], blobs[2 * _BLOB :], bool(self._own[place])

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, path in enumerate(self._paths):
            places[path].append(place)
        return places


class Activity:
    """Commits by path, month and side. Months are ``YYYY-MM``, or ``""`` where a commit holds no usable date.

    The person's side holds what they wrote alone or with others; commits that they only applied are on the other.
    """

    def __init__(self, names: list[bytes], changes: array[int], own_paths: array[int], own_times: array[int]) -> None:
        self._names = names
        self._changes = changes
        self._own_paths = own_paths
        self._own_times = own_times

    @property
    def n_paths(self) -> int:
        """Distinct paths, renamed ones counted once."""
        return len(self._names)

    def rows(self) -> Iterator[tuple[str, str, bool, int]]:
        """Give ``(path, month, own, n_commits)``, by path, month and side."""
        order = sorted(range(len(self._names)), key=self._names.__getitem__)
        rank = array("I", bytes(4 * len(order)))
        for place, number in enumerate(order):
            rank[number] = place
        low = (1 << _SHIFT) - 1
        ranked = array("Q", sorted([rank[key >> _SHIFT] << _SHIFT | key & low for key in self._changes]))
        last, path = -1, ""
        for key, same in groupby(ranked):
            if key >> _SHIFT != last:
                last = key >> _SHIFT
                path = text(self._names[order[last]])
            yield path, _MONTH_NAMES[(key & low) >> 1], bool(key & 1), sum(1 for _ in same)

    def own_months(self, path: str) -> tuple[str, ...]:
        """The distinct months in which the person changed the path, ascending."""
        return tuple(month_name(month) for month in sorted(self._months_by_path.get(self._number(path), ())))

    def own_times(self, path: str) -> tuple[int, ...]:
        """The committer times of the person's changes of the path, ascending."""
        return tuple(sorted(self._times_by_path.get(self._number(path), ())))

    def own_first(self, path: str) -> int | None:
        """When the person first changed the path."""
        return min(self._times_by_path.get(self._number(path), ()), default=None)

    def own_last(self, path: str) -> int | None:
        """When the person last changed the path."""
        return max(self._times_by_path.get(self._number(path), ()), default=None)

    def _number(self, path: str) -> int:
        return self._numbers.get(path.encode("utf-8", "surrogateescape"), -1)

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        return {name: number for number, name in enumerate(self._names)}

    @cached_property
    def _months_by_path(self) -> dict[int, set[int]]:
        months: defaultdict[int, set[int]] = defaultdict(set)
        for key in self._changes:
            if key & 1 and (month := key >> 1 & _MONTHS - 1):
                months[key >> _SHIFT].add(month)
        return months

    @cached_property
    def _times_by_path(self) -> dict[int, array[int]]:
        times: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        for path, at in zip(self._own_paths, self._own_times, strict=True):
            times[path].append(at)
        return times


_MONTH_NAMES = [month_name(number) for number in range(_MONTHS)]
