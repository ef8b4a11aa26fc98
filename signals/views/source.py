"""Source code in seven languages as :class:`Code`: parsed by tree-sitter, names resolved through the file's imports.

Grammars are loaded when the first file of their language comes. A broken file gives what could be read, with ``broken``
set.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import cast

from signals.views.code import Code, Language
from signals.views.grammar import grammar, root
from signals.views.syntax import Reader

_ENDINGS: dict[str, Language] = {
    "py": "python",
    "pyi": "python",
    "go": "go",
    "java": "java",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
    "rs": "rust",
}
# language: grammar's module, its function, our module, our class
_PARTS: dict[Language, tuple[str, str, str, str]] = {
    "python": ("tree_sitter_python", "language", "source_python", "PythonReader"),
    "go": ("tree_sitter_go", "language", "source_go", "GoReader"),
    "java": ("tree_sitter_java", "language", "source_java", "JavaReader"),
    "javascript": ("tree_sitter_javascript", "language", "source_javascript", "JavascriptReader"),
    "typescript": ("tree_sitter_typescript", "language_typescript", "source_javascript", "JavascriptReader"),
    "tsx": ("tree_sitter_typescript", "language_tsx", "source_javascript", "JavascriptReader"),
    "rust": ("tree_sitter_rust", "language", "source_rust", "RustReader"),
}


def language_of(path: str) -> Language | None:
    """The language by the path's ending, None for those that are not read."""
    return _ENDINGS.get(path.rpartition(".")[2].lower())


def parse(text: str, language: Language) -> Code:
    """Read a source file. ValueError for text that is so far from the language that the parser is lost in it."""
    module, function, own_module, own_class = _PARTS[language]
    source = text.encode("utf-8", "replace")
    tree = root(grammar(module, function), source)
    reader = _reader(own_module, own_class)(source, tree)
    reader.read_imports()
    reader.read_targets()
    calls = tuple(reader.calls())
    definitions = tuple(sorted(reader.definitions(), key=lambda found: found.line))
    return Code(language, reader.imports, calls, definitions, broken=tree.has_error or reader.truncated)


@cache
def _reader(module: str, name: str) -> type[Reader]:
    return cast("type[Reader]", getattr(importlib.import_module(f"signals.views.{module}"), name))
