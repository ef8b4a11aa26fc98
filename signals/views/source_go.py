"""Go: names get their package's import path; a struct literal of another package's type counts as a call.

An index on what is called gives its type parameters, so that it does not show in the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Definition
from signals.views.literals import unescaped
from signals.views.syntax import Reader, Step, first_child, last_line_of, line_of

_VERSION = re.compile(r"v\d+$")
_STRINGS = frozenset({"interpreted_string_literal", "raw_string_literal"})


class GoReader(Reader):
    """``keywords`` of a call are the fields of the struct literals among its arguments: ``Name`` of ``CounterOpts``."""

    KINDS: ClassVar[Mapping[str, str]] = {
        "import_spec": "import",
        "call_expression": "call",
        "composite_literal": "call",
        "short_var_declaration": "assignment",
        "assignment_statement": "assignment",
        "var_spec": "variable",
        "keyed_element": "keyed",
        "type_spec": "class",
        "function_declaration": "function",
        "method_declaration": "function",
    }
    STEPS: ClassVar[Mapping[str, Step]] = {
        "selector_expression": Step(".", "field", "operand"),
        "call_expression": Step("()", "", "function"),
        "composite_literal": Step("{}", "", "type"),
        "index_expression": Step("", "", "operand"),
        "type_assertion_expression": Step("", "", "operand"),
        "type_instantiation_expression": Step("", "", ""),
        "parenthesized_expression": Step("", "", ""),
        "unary_expression": Step("", "", "operand"),
    }

    def read_imports(self) -> None:
        for node in self.nodes("import"):
            path = self.field(node, "path").strip('"`')
            name = self.field(node, "name")
            if name in (".", "_"):
                self.bind("", path, node)
            elif name:
                self.bind(name, path, node)
            else:
                for candidate in _package_names(path):
                    self.bind(candidate, path, node)

    def read_targets(self) -> None:
        for node in self.nodes("assignment"):
            self._pair(node.child_by_field_name("left"), node.child_by_field_name("right"))
        for node in self.nodes("variable"):
            names = node.children_by_field_name("name")
            values = node.child_by_field_name("value")
            for name, value in zip(names, values.named_children if values is not None else (), strict=False):
                self.targets[_bare(value).id] = self.text(name)
        for node in self.nodes("keyed"):
            key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            if key is not None and value is not None:
                self.targets[_bare(value).id] = self.text(key)

    def _pair(self, left: Syntax | None, right: Syntax | None) -> None:
        if left is not None and right is not None:
            for name, value in zip(left.named_children, right.named_children, strict=False):
                self.targets[_bare(value).id] = self.text(name)

    def callee(self, node: Syntax) -> Syntax | None:
        if node.type == "call_expression":
            return node.child_by_field_name("function")
        kind = node.child_by_field_name("type")
        return kind if kind is not None and kind.type == "qualified_type" else None

    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        if node.type == "composite_literal":
            yield from self._fields(node)
            return
        holder = node.child_by_field_name("arguments")
        for child in holder.named_children if holder is not None else ():
            if child.type == "comment":
                continue
            yield "", self.argument(child)
            literal = _bare(child)
            if literal.type == "composite_literal":
                yield from self._fields(literal)

    def _fields(self, literal: Syntax) -> Iterator[tuple[str, Argument]]:
        body = literal.child_by_field_name("body")
        for element in body.named_children if body is not None else ():
            key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
            if key is not None and value is not None:
                yield self.text(key), self.argument(_bare(value))

    def string(self, node: Syntax) -> str | None:
        if node.type not in _STRINGS:
            return None
        text = self.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
        return unescaped(text) if node.type == "interpreted_string_literal" else text

    def definitions(self) -> Iterator[Definition]:
        for node in self.nodes("class"):
            kind = node.child_by_field_name("type")
            if kind is not None and kind.type in ("struct_type", "interface_type"):
                name, bases = self.field(node, "name"), tuple(self._embedded(kind))
                yield Definition("class", name, line_of(node), last_line_of(node), bases)
        for node in self.nodes("function"):
            yield Definition("function", self.field(node, "name"), line_of(node), last_line_of(node))

    def _embedded(self, kind: Syntax) -> Iterator[str]:
        """The types that a struct embeds."""
        fields = first_child(kind) if kind.type == "struct_type" else None
        for child in fields.named_children if fields is not None else ():
            embedded = child.child_by_field_name("type")
            if embedded is not None and child.child_by_field_name("name") is None:
                yield self.name_of(embedded)[0]


def _bare(node: Syntax) -> Syntax:
    """A value without the wrappers ``&``, parentheses and literal element."""
    for _ in range(4):
        if node.type not in ("literal_element", "parenthesized_expression", "unary_expression"):
            break
        inner = first_child(node)
        if inner is None:
            break
        node = inner
    return node


def _package_names(path: str) -> Iterator[str]:
    """What a package may be called in the file that imports it by its path only, the likeliest first.

    Only the package itself says, so that all usual names are taken: ``go-redis/v9`` gives ``redis``.
    """
    parts = path.split("/")
    last = parts[-2] if len(parts) > 1 and _VERSION.match(parts[-1]) else parts[-1]
    last = last.partition(".v")[0]
    yield last
    for name in (last.removeprefix("go-"), last.removesuffix("-go"), last.removesuffix(".go"), last.rpartition("-")[2]):
        if name != last and name.isidentifier():
            yield name
