"""The one read of the wanted files at HEAD, aside, so that a file that kills a parser costs itself only."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from analyzer.aside import Aside, StepDied
from analyzer.git import tree
from analyzer.git.clone import Clone
from signals import kernel

MAX_DEATHS = 3
DEATH = "a parser died of it"
DEATHS = "not looked at: parsers died of several files of this repository"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads and scans the files of one clone; ``paths`` are all paths at HEAD.

    The child notes in shared memory which file it is at, so that the caller knows of which one it died.
    """

    clone: Clone
    paths: frozenset[str]
    _at: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 8))

    def reading(self, wanted: Sequence[kernel.Wanted]) -> Aside[kernel.Scan]:
        """The scan as a step aside."""
        return Aside(lambda: kernel.scan(self.clone.head, self._contents(wanted), self.paths))

    def scan(self, reading: Aside[kernel.Scan], wanted: Sequence[kernel.Wanted]) -> kernel.Scan:
        """Wait for the scan. A file of which a parser died is left out and counted as unread; at most three are."""
        left_out: list[kernel.Wanted] = []
        left = list(wanted)
        with ExitStack() as open_steps:
            while True:
                try:
                    return kernel.with_unread(reading.result(), left_out, DEATH)
                except StepDied:
                    number = int.from_bytes(self._at[:8])
                if len(left_out) == MAX_DEATHS or number >= len(left):
                    return kernel.with_unread(kernel.NOTHING, wanted, DEATHS)
                left_out.append(left.pop(number))
                reading = open_steps.enter_context(self.reading(tuple(left)))

    def _contents(self, wanted: Sequence[kernel.Wanted]) -> Iterator[kernel.Content]:
        limit = max((kernel.max_bytes(w) for w in wanted), default=0)
        blobs = tree.read_blobs(self.clone, [w.entry.blob for w in wanted], limit)
        for number, (want, (_, data, reason)) in enumerate(zip(wanted, blobs, strict=True)):
            self._at[:8] = number.to_bytes(8)
            if data is not None and len(data) > kernel.max_bytes(want):
                yield kernel.Content(want, None, f"larger than {kernel.max_bytes(want):,} bytes")
            else:
                yield kernel.Content(want, data, reason)
