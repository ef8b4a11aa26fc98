"""What is kept of every commit: 40 bytes, enough to resolve a link to it; 12 more for a merge that has a title.

Subjects are kept as 64-bit hashes. Python's own hash is keyed with a secret of the process, so nobody can craft a
subject that collides; no result depends on its value.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from signals.model import CommitRef, merged_title, plain_subject

_WIDTH = 20
_LOSSLESS = "surrogateescape"
_SHORTEST = 7
_NO_DATE = -1
_SUBJECT_KEPT = 1000
_MERGE_KEPT = 4000
_MERGES = (b"Merge", b"Auto merge")


class CommitIndex:
    """All commits in walk order, newest first: SHA, committer time, hash of the subject."""

    def __init__(self) -> None:
        self._shas = bytearray()
        self._times = array("q")
        self._subjects = array("q")
        self._bearers = array("I")  # the commit that bears each subject; a merge may bear two

    def __len__(self) -> int:
        return len(self._times)

    def __contains__(self, sha: bytes) -> bool:
        """Whether a commit has been noted; for the few questions before all have."""
        wanted, at = bytes.fromhex(sha.decode()), -1
        while (at := self._shas.find(wanted, at + 1)) >= 0:
            if at % _WIDTH == 0:
                return True
        return False

    def add(self, sha: bytes, committed_at: int | None, message: bytes) -> None:
        """Note the next commit; ``sha`` is hexadecimal."""
        self._shas += bytes.fromhex(sha.decode())
        self._times.append(_NO_DATE if committed_at is None else committed_at)
        self._name(message.partition(b"\n")[0])
        if message.startswith(_MERGES) and (title := merged_title(message[:_MERGE_KEPT].decode("utf-8", _LOSSLESS))):
            self._name(title.encode("utf-8", _LOSSLESS))

    def _name(self, subject: bytes) -> None:
        self._subjects.append(_hash(subject))
        self._bearers.append(len(self) - 1)

    def ref(self, n: int) -> CommitRef:
        """The ``n``-th commit."""
        at = self._times[n]
        return CommitRef(self._sha(n).hex(), None if at == _NO_DATE else at)

    def by_prefix(self, prefix: str) -> CommitRef | None:
        """The one commit whose SHA starts with 7 to 40 hexadecimal digits, or None where there is none or several."""
        prefix = prefix.lower()
        if not _SHORTEST <= len(prefix) <= 2 * _WIDTH or not set(prefix) <= set("0123456789abcdef"):
            return None
        order = self._by_sha
        lowest = bytes.fromhex(prefix.ljust(2 * _WIDTH, "0"))
        at = bisect_left(order, lowest, key=self._sha)
        found = [n for n in order[at : at + 2] if self._sha(n).hex().startswith(prefix)]
        return self.ref(found[0]) if len(found) == 1 else None

    def by_subject(self, subject: str) -> Sequence[CommitRef]:
        """The commits with this subject, or that merge a proposal of this title, newest first.

        A trailing pull-request number does not count.
        """
        wanted = _hash(subject.encode("utf-8", _LOSSLESS))
        order = self._by_subject
        at = bisect_left(order, wanted, key=self._subjects.__getitem__)
        found: set[int] = set()
        while at < len(order) and self._subjects[order[at]] == wanted:
            found.add(self._bearers[order[at]])
            at += 1
        return tuple(map(self.ref, sorted(found)))

    def shas(self) -> set[str]:
        """The SHAs noted so far."""
        return {self._sha(n).hex() for n in range(len(self))}

    def span(self) -> tuple[int | None, int | None]:
        """The first and the last committer time."""
        times = [at for at in self._times if at > 0]
        return min(times, default=None), max(times, default=None)

    def _sha(self, n: int) -> bytes:
        return bytes(self._shas[_WIDTH * n : _WIDTH * n + _WIDTH])

    @cached_property
    def _by_sha(self) -> array[int]:
        return array("I", sorted(range(len(self)), key=self._sha))

    @cached_property
    def _by_subject(self) -> array[int]:
        return array("I", sorted(range(len(self._subjects)), key=self._subjects.__getitem__))


def _hash(subject: bytes) -> int:
    subject = subject[:_SUBJECT_KEPT].strip()
    if subject.endswith(b")"):
        subject = plain_subject(subject.decode("utf-8", _LOSSLESS)).encode("utf-8", _LOSSLESS)
    return hash(subject)
