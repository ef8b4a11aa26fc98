"""Results as pandas frames: the way in for notebooks. pandas is imported when the first frame is made (0.4 s)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from analyzer.errors import QueryTooCostly
from analyzer.queryset.asking import ask
from analyzer.queryset.catalogue import find, queries
from analyzer.queryset.process import Answer, run
from analyzer.queryset.wire import Column, Limits, Row

if TYPE_CHECKING:
    from pandas import DataFrame, Series  # pyright: ignore[reportMissingTypeStubs]

FRAME_LIMITS = Limits(seconds=60.0, rows=1_000_000)

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_REAL = {"FLOAT", "DOUBLE", "DECIMAL", "HUGEINT", "UHUGEINT", "UBIGINT"}
_MOMENTS = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}


class FrameStore:
    """A store that is only read. Every call opens it, asks and lets go, so that a scan can write in between."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits

    def query(self, name: str, **parameters: object) -> DataFrame:
        """The answer to one of the questions in ``queries/``, such as ``cohort/compare``.

        Raises ``UsageError`` for an unknown name, candidate or cohort and for missing or surplus parameters,
        ``StoreError`` for a store that cannot be read, ``QueryTooCostly`` rather than give a part of the rows.
        """
        with ask(self._path, find(name), parameters, self._limits) as answer:
            return _whole(answer)

    def sql(self, statement: str) -> DataFrame:
        """The answer to SQL of your own, which may read this store and nothing else; raises ``QueryRefused`` too."""
        with run(self._path, statement, limits=self._limits) as answer:
            return _whole(answer)

    def questions(self) -> DataFrame:
        """All questions with their parameters, one a row."""
        pandas = _pandas()
        return pandas.DataFrame(
            {"question": q.question, "parameters": ", ".join(p.name for p in q.parameters)} for q in queries()
        ).set_index(pandas.Index([q.name for q in queries()], name="name"))


def open_store(path: str | os.PathLike[str], limits: Limits = FRAME_LIMITS) -> FrameStore:
    """A store for notebooks; raises ``StoreError`` when the file is missing, not a store, newer or in use."""
    where = Path(path)
    with run(where, "SELECT 1", limits=limits) as answer:
        list(answer)
    return FrameStore(where, limits)


def _whole(answer: Answer) -> DataFrame:
    made = frame(answer.columns, answer)
    if answer.cut:
        raise QueryTooCostly(
            f"The answer is too large: {answer.cut}.", "Ask for less, or open the store with other limits."
        )
    return made


def frame(columns: Sequence[Column], rows: Iterable[Row]) -> DataFrame:
    """A frame with the types pandas has for the columns; nulls stay nulls, whole numbers stay whole."""
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    return _pandas().DataFrame({c.name: _series(c, v) for c, v in zip(columns, values, strict=True)})


def _series(column: Column, values: Sequence[Any]) -> Series:
    pandas = _pandas()
    kind = column.type.partition("(")[0]
    has_null = any(value is None for value in values)
    if kind == "BOOLEAN":
        return pandas.Series(values, dtype="boolean" if has_null else "bool")
    if kind in _WHOLE:
        return pandas.Series(values, dtype="Int64" if has_null else "int64")
    if kind in _REAL:
        return pandas.Series([None if value is None else float(value) for value in values], dtype="float64")
    if kind in ("VARCHAR", "JSON", "UUID") or kind == "ENUM":
        return pandas.Series(values, dtype="str")
    if kind in _MOMENTS and not any(isinstance(value, str) for value in values):
        return pandas.Series(pandas.to_datetime(list(values), utc="ZONE" in kind))
    return pandas.Series(list(values), dtype="object")


def _pandas() -> ModuleType:
    import pandas  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]  (heavy, and untyped)

    return pandas
