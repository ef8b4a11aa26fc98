"""The store: one DuckDB file with everything that was found, written one candidate at a time.

``place.py`` says where the file lies, ``database.py`` opens it safely, ``migration.py`` brings its tables and views up
to date, ``rows.py`` turns a dossier into rows, ``writer.py`` writes them in one transaction, ``apart.py`` has that done
by a process of its own, ``reader.py`` makes the dossier of them again, ``people.py`` knows candidates and cohorts,
``audit.py`` logs what was done, ``erasure.py`` forgets a person, ``dump.py`` prints it all in an order that does not
depend on how it came to be; ``store.py`` is what the rest of the program sees of it. What needs DuckDB is imported when
it is first asked for: that takes 0.1 s and 25 MB.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from analyzer.model import RunInfo
from analyzer.store.apart import Writer
from analyzer.store.place import default_path

if TYPE_CHECKING:
    from analyzer.store.dump import canonical_dump
    from analyzer.store.store import Reader, Store, read, read_many

__all__ = ["Reader", "RunInfo", "Store", "Writer", "canonical_dump", "default_path", "read", "read_many"]

_WITH_DUCKDB = {
    **dict.fromkeys(("Reader", "Store", "read", "read_many"), "analyzer.store.store"),
    "canonical_dump": "analyzer.store.dump",
}


def __getattr__(name: str) -> object:
    if name not in _WITH_DUCKDB:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WITH_DUCKDB[name]), name)
