"""A folder that lasts as long as the process that works in it.

A run that was killed cannot remove its own. A lock, which the system lets go of when its holder dies, tells such a
folder from one in use, so that the next run removes it: it holds names of files and commits of somebody.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

_PREFIX = "shiptrace-"
_LOCK = ".lock"


@contextmanager
def scratch() -> Generator[Path]:
    """A new empty folder, removed on leaving."""
    sweep()
    with TemporaryDirectory(prefix=_PREFIX) as name:
        unlocked = Path(name, f"{_LOCK}.new")
        with unlocked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            unlocked.rename(unlocked.with_name(_LOCK))  # under this name it was locked from the beginning
            yield Path(name)


def sweep() -> None:
    """Remove the folders of runs that died."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError), folder.joinpath(_LOCK).open("r+") as lock:  # another user's, or in use
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
