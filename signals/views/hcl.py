"""Terraform and other HCL as blocks with their attributes; expressions stay text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter

from signals.views.grammar import grammar, root
from signals.views.literals import unescaped

MAX_TEXT = 10_000
MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute's expression as written, at most 10,000 bytes; ``string`` is the value of one plain string."""

    text: str
    line: int
    end: int
    string: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" … { … }``. For a top-level attribute see :func:`blocks`."""

    type: str
    labels: tuple[str, ...]
    line: int
    end: int
    attributes: Mapping[str, Attribute] = field(default_factory=dict[str, Attribute])
    blocks: tuple[Block, ...] = ()

    def string(self, name: str) -> str:
        """An attribute's plain string value, or ""."""
        found = self.attributes.get(name)
        return (found.string or "") if found is not None else ""

    def walk(self) -> Iterator[Block]:
        """This block and all below it, parents first."""
        stack: list[Block] = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.blocks))


def blocks(text: str) -> tuple[Block, ...]:
    """The top-level blocks; attributes outside of blocks (``*.tfvars``) come as one block of type "".

    ValueError where the text is no HCL or nests too deeply.
    """
    source = text.encode("utf-8", "replace")
    tree = root(grammar("tree_sitter_hcl"), source)
    if tree.has_error:
        raise ValueError("not HCL")
    body = next((child for child in tree.named_children if child.type == "body"), None)
    if body is None:
        return ()
    attributes, found = _body(source, body, 1)
    outside = (Block("", (), 1, tree.end_point[0] + 1, attributes),) if attributes else ()
    return outside + found


def _body(source: bytes, body: tree_sitter.Node, depth: int) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested too deeply (line {body.start_point[0] + 1})")
    attributes: dict[str, Attribute] = {}
    found: list[Block] = []
    for child in body.named_children:
        if child.type == "attribute":
            name, value = child.named_children[0], child.named_children[-1]
            attributes.setdefault(_text(source, name), _attribute(source, value))
        elif child.type == "block":
            found.append(_block(source, child, depth))
    return attributes, tuple(found)


def _block(source: bytes, node: tree_sitter.Node, depth: int) -> Block:
    words: list[str] = []
    attributes: dict[str, Attribute] = {}
    inner: tuple[Block, ...] = ()
    for child in node.named_children:
        if child.type == "identifier":
            words.append(_text(source, child))
        elif child.type == "string_lit":
            words.append(_text(source, child)[1:-1])
        elif child.type == "body":
            attributes, inner = _body(source, child, depth + 1)
    line, end = node.start_point[0] + 1, node.end_point[0] + 1
    return Block(words[0] if words else "", tuple(words[1:]), line, end, attributes, inner)


def _attribute(source: bytes, node: tree_sitter.Node) -> Attribute:
    text = _text(source, node)
    plain: tree_sitter.Node | None = node
    for kind in ("expression", "literal_value", "string_lit"):
        plain = plain if plain is not None and plain.type == kind else None
        if plain is not None and kind != "string_lit":
            plain = plain.named_child(0)
    string = unescaped(text[1:-1]) if plain is not None else None
    return Attribute(text, node.start_point[0] + 1, node.end_point[0] + 1, string)


def _text(source: bytes, node: tree_sitter.Node) -> str:
    return source[node.start_byte : min(node.end_byte, node.start_byte + MAX_TEXT)].decode("utf-8", "replace")
