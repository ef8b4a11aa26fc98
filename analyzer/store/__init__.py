"""The store: one DuckDB file with everything that was found, written one candidate at a time.

``place.py`` says where the file lies, ``database.py`` opens it safely, ``migration.py`` brings its tables up to date,
``rows.py`` turns a dossier into rows, ``writer.py`` writes them in one transaction, ``reader.py`` makes the dossier of
them again, ``dump.py`` prints it all in an order that does not depend on how it came to be.
"""

from __future__ import annotations

from analyzer.model import RunInfo
from analyzer.store.dump import canonical_dump
from analyzer.store.place import default_path
from analyzer.store.store import Store

__all__ = ["RunInfo", "Store", "canonical_dump", "default_path"]
