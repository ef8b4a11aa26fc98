"""Where the store lies when nobody says, and how long it is waited for."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

WAIT_SECONDS = 5.0
"""How long a store in use by another process is waited for."""


def default_path() -> Path:
    """The file named by ``SHIPTRACE_DB``, else ``shiptrace.duckdb`` in the user's data folder (XDG)."""
    named = os.environ.get("SHIPTRACE_DB")
    return Path(named) if named else user_data_path("shiptrace") / "shiptrace.duckdb"
