"""The folder of clones, and whose they are, so that a person can be forgotten there too.

``clones/`` holds the repositories, one for everybody who worked in it. ``accounts/<login>/`` belongs to one person:
answers of GitHub that are kept, and the names of the clones that were read for them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from analyzer.errors import ShiptraceError

_READ_FOR = "clones.txt"


class Cache:
    """The folder; it is made when something is kept. Logins are the same whatever their capitals."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def clones(self) -> Path:
        """Where repositories are cloned into."""
        return self._root / "clones"

    def answers(self, login: str) -> Path:
        """Where answers about this account are kept."""
        return self._account(login) / "answers"

    def note(self, login: str, clones: Iterable[str]) -> None:
        """Remember, before they are made, which clones are read for somebody: folder names below :attr:`clones`."""
        folder = self._account(login)
        known = _lines(folder / _READ_FOR)
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / _READ_FOR).write_text("".join(f"{name}\n" for name in sorted(known | {*clones})), "utf-8")
        except OSError as error:
            raise ShiptraceError(
                f"The cache {self._root} cannot be written: {error.strerror}.", "Name another one with --cache."
            ) from error

    def forget(self, login: str) -> int:
        """Remove what is kept of somebody and the clones that were read for nobody else; gives how many those are."""
        own = self._account(login)
        mine = _lines(own / _READ_FOR)
        for folder in (self._root / "accounts").glob("*"):
            if folder != own:
                mine -= _lines(folder / _READ_FOR)
        for name in mine:
            shutil.rmtree(self.clones / name, ignore_errors=True)
            (self.clones / name).with_suffix(".lock").unlink(missing_ok=True)
        shutil.rmtree(own, ignore_errors=True)
        return len(mine)

    def _account(self, login: str) -> Path:
        return self._root / "accounts" / login.lower()


def _lines(path: Path) -> set[str]:
    try:
        return {*path.read_text("utf-8").split("\n")} - {""}
    except FileNotFoundError:
        return set()
