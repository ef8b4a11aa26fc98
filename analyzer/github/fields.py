"""Reading JSON from outside: forgiving where GitHub leaves things out, strict about the types we compute with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from analyzer.errors import AnswerUnusable

Json = None | bool | int | float | str | list["Json"] | Mapping[str, "Json"]


class Node:
    """One JSON object and where it stands. Missing and null are the same; a wrong type is an unusable answer."""

    __slots__ = ("_values", "_where")

    def __init__(self, values: Json, where: str) -> None:
        if not isinstance(values, Mapping):
            raise AnswerUnusable(f"GitHub's answer has no object at {where}.")
        self._values = values
        self._where = where

    def text(self, key: str, default: str = "") -> str:
        """A text, with half characters made visible so that it can be stored."""
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(key, "text")
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")

    def text_or_none(self, key: str) -> str | None:
        """A text, or None where there is none."""
        return self.text(key) if self._values.get(key) is not None else None

    def need(self, key: str) -> str:
        """A text without which the record means nothing."""
        value = self.text(key)
        if not value:
            raise self._wrong(key, "text")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, "whole number")
        return value

    def count(self, key: str) -> int:
        """How many; 0 where it is not said."""
        value = self.whole(key) or 0
        if value < 0:
            raise self._wrong(key, "count")
        return value

    def flag(self, key: str) -> bool:
        """Yes or no; no where it is not said."""
        value = self._values.get(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self._wrong(key, "yes or no")
        return value

    def at(self, key: str) -> datetime | None:
        """A time in UTC."""
        text = self.text(key)
        if not text:
            return None
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise self._wrong(key, "time") from None
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)

    def need_at(self, key: str) -> datetime:
        """A time without which the record means nothing."""
        time = self.at(key)
        if time is None:
            raise self._wrong(key, "time")
        return time

    def child(self, key: str) -> Node | None:
        """The object below a key."""
        value = self._values.get(key)
        return None if value is None else Node(value, f"{self._where}.{key}")

    def inside(self, key: str) -> Node:
        """The object below a key, an empty one where there is none."""
        return self.child(key) or Node({}, f"{self._where}.{key}")

    def children(self, key: str) -> tuple[Node, ...]:
        """The objects in a list, without the empty places that GitHub leaves in it."""
        return tuple(node for node in self.places(key) if node is not None)

    def places(self, key: str) -> tuple[Node | None, ...]:
        """The objects in a list, with None for every empty place."""
        return tuple(
            None if value is None else Node(value, f"{self._where}.{key}.{index}")
            for index, value in enumerate(self._list(key))
        )

    def wholes(self, key: str) -> tuple[int, ...]:
        """The whole numbers in a list."""
        values = self._list(key)
        numbers = tuple(value for value in values if isinstance(value, int) and not isinstance(value, bool))
        if len(numbers) != len(values):
            raise self._wrong(key, "list of whole numbers")
        return numbers

    def _list(self, key: str) -> list[Json]:
        value = self._values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(key, "list")
        return value

    def _wrong(self, key: str, wanted: str) -> AnswerUnusable:
        return AnswerUnusable(f"GitHub's answer has no usable {wanted} at {self._where}.{key}.")
