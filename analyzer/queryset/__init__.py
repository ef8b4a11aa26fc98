"""Questions in SQL, asked of a store that is only read.

``catalogue.py`` knows the questions in ``queries/``. ``process.py`` has SQL run by a process of its own with limits
(``sandbox.py``), whether it is ours or somebody's. ``formats.py`` and ``files.py`` write what comes back.

For analysts::

    from analyzer import queryset

    store = queryset.open_store("shiptrace.duckdb")
    frame = store.query("cohort/compare", cohort="platform team")
"""

from __future__ import annotations

from analyzer.queryset.asking import ask
from analyzer.queryset.catalogue import Parameter, Query, find, queries
from analyzer.queryset.frames import FrameStore, open_store
from analyzer.queryset.process import Answer, run
from analyzer.queryset.schema import Table, tables
from analyzer.queryset.wire import Column, Limits

__all__ = [
    "Answer",
    "Column",
    "FrameStore",
    "Limits",
    "Parameter",
    "Query",
    "Table",
    "ask",
    "find",
    "open_store",
    "queries",
    "run",
    "tables",
]
