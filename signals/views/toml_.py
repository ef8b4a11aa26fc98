"""TOML as nodes with line numbers: tables, arrays of tables and dotted keys nested as TOML means them.

A table that is opened again under the same key (``[a]`` and later ``[a.b]``) is one mapping, which begins where it was
first named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import tree_sitter

from signals.views.builder import MAX_NODES
from signals.views.grammar import grammar, root
from signals.views.literals import unescaped
from signals.views.node import Node

MAX_DEPTH = 50


@dataclass(slots=True)
class _Table:
    """A table or array that is still being filled; ``entries`` by key, or ``items`` for an array of tables."""

    line: int
    end: int
    entries: dict[str, tuple[Node, _Table | Node]] = field(default_factory=dict[str, "tuple[Node, _Table | Node]"])
    items: list[_Table] | None = None


def table(text: str) -> Node:
    """The whole document as a mapping; ValueError where it is no TOML or defines a key twice as different things."""
    source = text.encode("utf-8", "replace")
    tree = root(grammar("tree_sitter_toml"), source)
    if tree.has_error:
        raise ValueError("not TOML")
    top = _Table(1, tree.end_point[0] + 1)
    reader = _Reader(source)
    for child in tree.named_children:
        if child.type == "pair":
            reader.pair(child, top)
        elif child.type in ("table", "table_array_element"):
            here = reader.header(child, top, repeated=child.type != "table")
            for pair in child.named_children:
                if pair.type == "pair":
                    reader.pair(pair, here)
    return reader.frozen(top)


class _Reader:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.count = 0

    def text(self, node: tree_sitter.Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def header(self, node: tree_sitter.Node, top: _Table, *, repeated: bool) -> _Table:
        """The table that ``[a.b]`` or ``[[a.b]]`` opens."""
        keys = self.keys(node.named_children[0])
        holder = self.descend(top, keys[:-1])
        end = _end(node)
        if not repeated:
            found = self.descend(holder, keys[-1:])
            found.end = max(found.end, end)
            return found
        _, existing = holder.entries.setdefault(keys[-1].text, (keys[-1], _Table(keys[-1].line, end, items=[])))
        if not isinstance(existing, _Table) or existing.items is None:
            raise ValueError(f"an array of tables that is something else before (line {keys[-1].line})")
        existing.items.append(_Table(keys[-1].line, end))
        existing.end = end
        return existing.items[-1]

    def descend(self, holder: _Table, keys: Sequence[Node]) -> _Table:
        """The table below a chain of keys, made where it is missing; of an array of tables the last one."""
        for key in keys:
            _, found = holder.entries.setdefault(key.text, (key, _Table(key.line, key.end)))
            if not isinstance(found, _Table):
                raise ValueError(f"a table that is a value before (line {key.line})")
            found.end = max(found.end, key.end)
            holder = found.items[-1] if found.items else found
        return holder

    def pair(self, node: tree_sitter.Node, holder: _Table) -> None:
        named = [child for child in node.named_children if child.type != "comment"]
        keys = self.keys(named[0])
        value = self.value(named[1], 1)
        holder = self.descend(holder, keys[:-1])
        if keys[-1].text in holder.entries:
            raise ValueError(f"a key twice (line {keys[-1].line})")
        holder.entries[keys[-1].text] = (keys[-1], value)

    def keys(self, node: tree_sitter.Node) -> list[Node]:
        """The parts of a dotted key, which the grammar nests to the left."""
        parts: list[Node] = []
        stack = [node]
        while stack:
            at = stack.pop()
            if at.type == "dotted_key":
                stack.extend(reversed(at.named_children))
            else:
                parts.append(self.scalar(at))
        if len(parts) > MAX_DEPTH:
            raise ValueError(f"nested too deeply (line {parts[0].line})")
        return parts

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        """A value; arrays and inline tables at most :data:`MAX_DEPTH` deep."""
        if depth > MAX_DEPTH:
            raise ValueError(f"nested too deeply (line {node.start_point[0] + 1})")
        start, end = node.start_point[0] + 1, _end(node)
        if node.type == "array":
            inner = [child for child in node.named_children if child.type != "comment"]
            return Node("list", start, end, items=tuple(self.value(child, depth + 1) for child in inner))
        if node.type == "inline_table":
            within = _Table(start, end)
            for child in node.named_children:
                if child.type == "pair":
                    self.pair_within(child, within, depth + 1)
            return self.frozen(within)
        return self.scalar(node)

    def pair_within(self, node: tree_sitter.Node, holder: _Table, depth: int) -> None:
        keys = self.keys(node.named_children[0])
        value = self.value(node.named_children[1], depth)
        self.descend(holder, keys[:-1]).entries[keys[-1].text] = (keys[-1], value)

    def scalar(self, node: tree_sitter.Node) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES} nodes")
        text = self.text(node)
        quoted = node.type in ("string", "quoted_key")
        return Node("scalar", node.start_point[0] + 1, _end(node), _unquoted(text) if quoted else text, quoted=quoted)

    def frozen(self, table: _Table) -> Node:
        """The nodes of a filled table. Depth is bounded, because keys and values are."""
        if table.items is not None:
            return Node("list", table.line, table.end, items=tuple(self.frozen(item) for item in table.items))
        pairs = tuple(
            (key, self.frozen(value) if isinstance(value, _Table) else value) for key, value in table.entries.values()
        )
        return Node("map", table.line, max([table.end, *(value.end for _, value in pairs)]), pairs=pairs)


def _end(node: tree_sitter.Node) -> int:
    """The last line of a node, whose end may stand at the start of the line after it."""
    row, column = node.end_point
    return row + 1 - (1 if column == 0 and row > node.start_point[0] else 0)


def _unquoted(text: str) -> str:
    mark = text[:3] if text[:3] in ('"""', "'''") else text[:1]
    inner = text[len(mark) : -len(mark)]
    if len(mark) == 3:
        inner = inner.removeprefix("\n")
    return unescaped(inner) if mark[0] == '"' else inner
