"""Builds :class:`Node` trees from a stream of events, without recursion and within limits.

The parsers feed it in source order; nesting deeper than :data:`MAX_DEPTH` and more than :data:`MAX_NODES` nodes raise
ValueError, so that no text can exhaust the stack or the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from signals.views.node import Node

MAX_DEPTH = 200
MAX_NODES = 400_000


@dataclass(slots=True)
class _Open:
    kind: Literal["map", "list"]
    line: int
    anchor: str
    children: list[Node] = field(default_factory=list[Node])


class TreeBuilder:
    """Takes ``open``, ``close`` and ``add`` calls; finished top-level nodes gather in ``roots``.

    In a mapping every other node is a key. ``odd_keys`` counts keys that are no scalars.
    """

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.odd_keys = 0
        self._stack: list[_Open] = []
        self._count = 0

    @property
    def inside(self) -> Literal["map", "list", ""]:
        """What is open innermost, "" at the top."""
        return self._stack[-1].kind if self._stack else ""

    @property
    def at_key(self) -> bool:
        """Whether a mapping is open that expects a key next."""
        return bool(self._stack) and self._stack[-1].kind == "map" and len(self._stack[-1].children) % 2 == 0

    @property
    def depth(self) -> int:
        """How many mappings and lists are open."""
        return len(self._stack)

    def open(self, kind: Literal["map", "list"], line: int, anchor: str = "") -> None:
        """Begin a mapping or a list. ``anchor`` is given back by ``close``."""
        if len(self._stack) >= MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels (line {line})")
        self._stack.append(_Open(kind, line, anchor))

    def close(self, end: int = 0) -> tuple[Node, str]:
        """End the innermost mapping or list; ``end`` 0 stands for the last line of its last child."""
        if not self._stack:
            raise ValueError("closed more than was opened")
        top = self._stack.pop()
        children = top.children
        last = end or max((children[-1].end if children else 0), top.line)
        if top.kind == "list":
            node = Node("list", top.line, last, items=tuple(children))
        else:
            if len(children) % 2:
                raise ValueError(f"a key without a value (line {children[-1].line})")
            self.odd_keys += sum(1 for key in children[::2] if key.kind != "scalar")
            node = Node("map", top.line, last, pairs=tuple(zip(children[::2], children[1::2], strict=True)))
        self.add(node)
        return node, top.anchor

    def add(self, node: Node) -> None:
        """Put a finished node (a scalar, or one made before) into what is open."""
        self._count += 1
        if self._count > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES} nodes")
        (self._stack[-1].children if self._stack else self.roots).append(node)

    def finish(self) -> list[Node]:
        """The finished nodes; ValueError when something is still open."""
        if self._stack:
            raise ValueError(f"never closed (line {self._stack[-1].line})")
        return self.roots
