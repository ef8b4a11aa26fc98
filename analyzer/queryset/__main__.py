"""``python -m analyzer.queryset``, started by ``process.py``: a request on stdin, the answer on stdout."""

from __future__ import annotations

import contextlib
import sys

from analyzer.queryset.sandbox import serve

if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the parent has all it wanted
        serve(sys.stdin.buffer, sys.stdout.buffer)
