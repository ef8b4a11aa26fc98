"""Loads tree-sitter grammars when the first file of their kind comes, and parses within a budget.

Text made to be hostile, or random, drives the parser's recovery from errors into quadratic work and worse: four
kilobytes of operators can take seconds. Real files need 5 to 22 progress reports per kilobyte, so that a parse which
needs more is given up. The budget counts steps and not time, so that every run gives the same answer.
"""

from __future__ import annotations

import importlib
from functools import cache

import tree_sitter

STEPS_AT_LEAST = 60
STEPS_PER_KB = 30


@cache
def grammar(module: str, function: str = "language") -> tree_sitter.Language:
    """The grammar that a package such as ``tree_sitter_toml`` holds."""
    pointer: object = getattr(importlib.import_module(module), function)()
    return tree_sitter.Language(pointer)


def root(language: tree_sitter.Language, source: bytes) -> tree_sitter.Node:
    """Parse a source and give the tree's root; a broken source gives error nodes, a hopeless one ValueError."""
    whole = memoryview(source)
    steps = 0

    def read(offset: int, _point: tree_sitter.Point) -> memoryview:
        return whole[offset:]

    def is_hopeless(offset: int, _has_error: bool) -> bool:
        nonlocal steps
        steps += 1
        return steps > STEPS_AT_LEAST + offset * STEPS_PER_KB // 1000

    return tree_sitter.Parser(language).parse(read, progress_callback=is_hopeless).root_node
