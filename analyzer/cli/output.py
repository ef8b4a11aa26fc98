"""Where a report goes: to stdout, or whole into a file that is never seen half-written."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from analyzer.errors import ShiptraceError, UsageError


def check(path: Path) -> None:
    """Raise :class:`UsageError` now rather than after the work when nothing can be written to this path."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name a file with -o.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or name another file with -o.")


def write(path: Path, text: str) -> None:
    """Write text to a path; an older file is replaced by a whole one only. Raises as :func:`replacing` does."""
    with replacing(path) as part:
        part.write_text(text, "utf-8", newline="\n")


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A file to write that takes the place of ``path`` when all went well; else what stood there is as it was.

    A link is followed; a device or a pipe is written to as it is. Raises :class:`ShiptraceError` when that fails.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".shiptrace-{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():
            yield path  # not the target: that of /dev/stdout may have no name
            return
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode)
        part.replace(target)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise ShiptraceError(
            f"{path} could not be written: {reason}.", "A file that stood there is as it was."
        ) from error
    finally:
        part.unlink(missing_ok=True)
