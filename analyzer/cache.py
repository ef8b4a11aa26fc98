"""The folder of clones, and whose they are, so that a person can be forgotten there too.

``clones/`` holds the repositories, one for everybody who worked in it; ``accounts/`` one file for each person with the
names of the clones that were read for them; ``answers/`` what GitHub need not tell again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from analyzer.errors import ShiptraceError


class Cache:
    """The folder; it is made when something is kept. Logins are the same whatever their capitals."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def clones(self) -> Path:
        """Where repositories are cloned into."""
        return self._root / "clones"

    @property
    def answers(self) -> Path:
        """Where answers of GitHub are kept, of everybody."""
        return self._root / "answers"

    def note(self, login: str, clones: Iterable[str]) -> None:
        """Remember, before they are made, which clones are read for somebody: folder names below :attr:`clones`."""
        file = self._read_for(login)
        try:
            names = sorted(_lines(file) | {*clones})
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.parent.mkdir(exist_ok=True)
            fresh = file.with_suffix(".new")
            fresh.write_text("".join(f"{name}\n" for name in names), "utf-8")
            fresh.replace(file)  # a kill leaves the old list or the new one, never half of one
        except OSError as error:
            raise ShiptraceError(
                f"The cache {self._root} cannot be written: {error.strerror}.", "Name another one with --cache."
            ) from error

    def forget(self, login: str) -> int:
        """Remove the clones that were read for nobody else, and every kept answer; gives how many clones those are.

        Raises :class:`ShiptraceError` for what cannot be removed; then it is still known whose it is.
        """
        own = self._read_for(login)
        mine = _lines(own)
        for file in own.parent.glob("*.txt"):
            if file != own:
                mine -= _lines(file)
        try:
            for folder in (*(self.clones / name for name in sorted(mine)), self.answers):
                if folder.exists():
                    shutil.rmtree(folder)
                folder.with_suffix(".lock").unlink(missing_ok=True)
            own.unlink(missing_ok=True)
        except OSError as error:
            raise ShiptraceError(
                f"{error.filename or self._root} cannot be removed: {error.strerror}.",
                "Make it writable, then forget again: nothing else was erased.",
            ) from error
        return len(mine)

    def _read_for(self, login: str) -> Path:
        return self._root / "accounts" / f"{login.lower()}.txt"


def _lines(path: Path) -> set[str]:
    try:
        return {*path.read_text("utf-8").split("\n")} - {""}
    except FileNotFoundError:
        return set()
