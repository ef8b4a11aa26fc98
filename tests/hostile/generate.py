"""The hostile repositories of the threat list, by their numbers there: ``cases()`` names them, ``build`` makes one.

Each case is a function with a docstring that says what is wrong with the repository. ``python -m
tests.hostile.generate FOLDER`` builds them all for a look by hand.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Literal

from tests.hostile import bombs, broken, texts, tricks
from tests.hostile.forge import Forge

Expected = Literal["usable", "partial", "refused"]
"""``usable``: everything at HEAD can be read. ``partial``: some of it cannot, with a reason. ``refused``: an error."""


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile repository; ``id`` is its number and name, such as ``03-tree-bomb``."""

    id: str
    build: Callable[[Forge], None]
    expected: Expected

    @property
    def what(self) -> str:
        """What is wrong with it."""
        return (self.build.__doc__ or "").split("\n", 1)[0]


@cache
def cases() -> tuple[Case, ...]:
    """Every case, by number. A function called ``partial_…`` or ``refused_…`` says so in its name."""
    found = [_case(name, module) for module in (bombs, broken, texts, tricks) for name in vars(module)]
    return tuple(sorted((case for case in found if case), key=lambda case: case.id))


def _case(name: str, module: ModuleType) -> Case | None:
    kinds: dict[str, Expected] = {"usable": "usable", "partial": "partial", "refused": "refused"}
    kind, _, rest = name.partition("_")
    if kind not in kinds or not rest[:2].isdigit():
        return None
    return Case(rest.replace("_", "-"), getattr(module, name), kinds[kind])


def build(case: Case, root: Path) -> Forge:
    """Make the case's repository below ``root``; ``forge.folder`` is the path to scan, ``forge.marker`` the proof."""
    folder = root / case.id
    folder.mkdir(parents=True)
    forge = Forge(folder, root / f"{case.id}-WAS-EXECUTED")
    case.build(forge)
    return forge


if __name__ == "__main__":
    for each in cases():
        before = time.monotonic()
        build(each, Path(sys.argv[1]))
        print(f"{each.id:40} {each.expected:8} {time.monotonic() - before:6.2f} s  {each.what}")  # noqa: T201
