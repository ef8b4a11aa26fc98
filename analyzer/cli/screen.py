"""The terminal that a command writes to: how wide it is, whether it has colour, and what it can spell."""

from __future__ import annotations

import os
import shutil
import sys


def width() -> int:
    """Columns to use; 80 where the output goes into a file or a pipe."""
    return max(60, min(100, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else 80


def has_colour() -> bool:
    """Whether to colour: on a terminal unless ``NO_COLOR`` is set, elsewhere only with ``FORCE_COLOR``."""
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def show(text: str) -> None:
    """Write a result; what the terminal's encoding cannot spell becomes an escape instead of an error."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def is_terminal() -> bool:
    """Whether somebody reads stdout as it comes."""
    return sys.stdout.isatty()
