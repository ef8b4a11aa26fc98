"""Loads tree-sitter grammars, each once and only when the first file of its kind comes."""

from __future__ import annotations

import importlib
from functools import cache

import tree_sitter


@cache
def grammar(module: str, function: str = "language") -> tree_sitter.Language:
    """The grammar that a package such as ``tree_sitter_toml`` holds."""
    pointer: object = getattr(importlib.import_module(module), function)()
    return tree_sitter.Language(pointer)


def root(module: str, source: bytes) -> tree_sitter.Node:
    """Parse a source and give the tree's root; a broken source gives a tree with error nodes."""
    return tree_sitter.Parser(grammar(module)).parse(source).root_node
