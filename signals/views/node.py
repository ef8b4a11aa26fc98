"""One tree for all structured text (YAML, JSON, TOML, Terraform, pbtxt), with line numbers."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_VISITS = 50_000


class PartlyParsed(ValueError):
    """Some documents of a file could not be parsed; ``documents`` are the others."""

    def __init__(self, reason: str, documents: tuple[Node, ...]) -> None:
        super().__init__(reason)
        self.documents = documents


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A mapping, a list or a scalar. Lines are 1-based; ``end`` is the last line of the node.

    ``text`` is a scalar's source value (never interpreted: ``on`` stays ``on``), empty for the other kinds.
    ``pairs`` holds a mapping's keys and values in source order; a key may occur twice. ``items`` holds a list's items.
    ``quoted`` is True for a scalar that was written in quotes.
    """

    kind: Literal["map", "list", "scalar"]
    line: int
    end: int
    text: str = ""
    pairs: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()
    quoted: bool = False

    def get(self, *keys: str) -> Node | None:
        """The value below a chain of mapping keys, or None where the chain breaks."""
        node: Node | None = self
        for key in keys:
            node = next((value for name, value in node.pairs if name.text == key), None)
            if node is None:
                return None
        return node

    def str(self, *keys: str) -> str:
        """The scalar text below a chain of keys, or an empty text."""
        node = self.get(*keys)
        return node.text if node is not None else ""

    def list(self, *keys: str) -> tuple[Node, ...]:
        """The items of the list below a chain of keys, or none."""
        node = self.get(*keys)
        return node.items if node is not None else ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first; each object once (aliases are shared), at most 50,000."""
        seen: set[int] = set()
        stack: builtins.list[Node] = [self]
        while stack and len(seen) < MAX_VISITS:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield node
            stack.extend(reversed([*(value for _, value in node.pairs), *node.items]))
