"""A folder that lasts as long as the process that works in it.

A run that was killed cannot remove its own, which holds names of files and commits of somebody. So a locked file stands
beside each folder, made before it and removed after it. The system lets go of the lock when its holder dies, and the
next run removes both.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkstemp

_PREFIX, _LOCK = "shiptrace-", ".lock"


@contextmanager
def scratch() -> Generator[Path]:
    """A new empty folder, removed on leaving."""
    sweep()
    handle, lock = _locked()
    with os.fdopen(handle):
        folder = lock.with_suffix("")
        folder.mkdir(0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
            lock.unlink()


def sweep() -> None:
    """Remove the folders of runs that died."""
    for lock in Path(gettempdir()).glob(f"{_PREFIX}*{_LOCK}"):
        with suppress(OSError), lock.open("r+") as file:  # in use, or another user's
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if lock.with_suffix("").exists():
                shutil.rmtree(lock.with_suffix(""))
            lock.unlink()


def _locked() -> tuple[int, Path]:
    """A new file that this process holds; another one if a sweep came between its making and its locking."""
    while True:
        handle, name = mkstemp(prefix=_PREFIX, suffix=_LOCK)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if Path(name).exists():
            return handle, Path(name)
        os.close(handle)
