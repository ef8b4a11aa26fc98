"""Java: imported classes and static members, method and constructor calls, annotations as decorators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Call, Definition
from signals.views.literals import unescaped
from signals.views.syntax import MAX_RECEIVER, Reader, Step, first_child, last_line_of, line_of

_CALLS = frozenset({"method_invocation", "object_creation_expression"})
_ANNOTATIONS = frozenset({"annotation", "marker_annotation"})
_COMMENTS = frozenset({"line_comment", "block_comment"})


class JavaReader(Reader):
    """A class of the same package is not imported, so its name stays as written."""

    KINDS: ClassVar[Mapping[str, str]] = {
        "import_declaration": "import",
        "method_invocation": "call",
        "object_creation_expression": "call",
        "variable_declarator": "variable",
        "assignment_expression": "assignment",
        "class_declaration": "class",
        "interface_declaration": "class",
        "enum_declaration": "class",
        "record_declaration": "class",
        "method_declaration": "function",
        "constructor_declaration": "function",
    }
    STEPS: ClassVar[Mapping[str, Step]] = {
        "object_creation_expression": Step("()", "", "type"),
        "generic_type": Step("", "", ""),
        "field_access": Step(".", "field", "object"),
        "array_access": Step("[]", "", "array"),
        "parenthesized_expression": Step("", "", ""),
    }

    def read_imports(self) -> None:
        for node in self.nodes("import"):
            path = first_child(node)
            if path is None:
                continue
            name = self.text(path)
            if any(child.type == "asterisk" for child in node.named_children):
                self.bind("", f"{name}.*", node)
            else:
                self.bind(name.rpartition(".")[2], name, node)

    def read_targets(self) -> None:
        for capture, name, value in (("variable", "name", "value"), ("assignment", "left", "right")):
            for node in self.nodes(capture):
                right = node.child_by_field_name(value)
                if right is not None and right.type in _CALLS:
                    self.targets[right.id] = self.field(node, name)

    def called(self, node: Syntax) -> tuple[str, bool, str] | None:
        if node.type == "object_creation_expression":
            kind = node.child_by_field_name("type")
            return (*self.name_of(kind), "") if kind is not None else None
        name, holder = self.field(node, "name"), node.child_by_field_name("object")
        if holder is None:
            return (*self.resolve(name), "")
        base, bound = self.name_of(holder)
        return f"{base}.{name}", bound, self.text(holder, MAX_RECEIVER)

    def step(self, node: Syntax) -> tuple[str, Syntax | None]:
        if node.type != "method_invocation":
            return super().step(node)
        holder = node.child_by_field_name("object")
        if holder is None:
            return "()", node.child_by_field_name("name")
        return f".{self.field(node, 'name')}()", holder

    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        holder = node.child_by_field_name("arguments")
        for child in holder.named_children if holder is not None else ():
            if child.type == "element_value_pair":
                value = child.child_by_field_name("value")
                if value is not None:
                    yield self.field(child, "key"), self.argument(value)
            elif child.type not in _COMMENTS:
                yield "", self.argument(child)

    def string(self, node: Syntax) -> str | None:
        if node.type != "string_literal":
            return None
        text = self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        return unescaped(text[3:-3].lstrip(" \t").removeprefix("\n") if text.startswith('"""') else text[1:-1])

    def definitions(self) -> Iterator[Definition]:
        for node in self.nodes("class"):
            name, bases = self.field(node, "name"), tuple(self._bases(node))
            yield Definition("class", name, line_of(node), last_line_of(node), bases, self._annotations(node))
        for node in self.nodes("function"):
            name = self.field(node, "name")
            yield Definition("function", name, line_of(node), last_line_of(node), (), self._annotations(node))

    def _bases(self, node: Syntax) -> Iterator[str]:
        for child in node.named_children:
            if child.type in ("superclass", "super_interfaces", "extends_interfaces"):
                for kind in child.named_children:
                    for base in kind.named_children if kind.type == "type_list" else [kind]:
                        yield self.name_of(base)[0]

    def _annotations(self, node: Syntax) -> tuple[Call, ...]:
        modifiers = first_child(node)
        if modifiers is None or modifiers.type != "modifiers":
            return ()
        return tuple(self._annotation(child) for child in modifiers.named_children if child.type in _ANNOTATIONS)

    def _annotation(self, node: Syntax) -> Call:
        name, bound = self.resolve(self.field(node, "name"))
        found = list(self.arguments(node))
        args = tuple(argument for keyword, argument in found if not keyword)
        keywords = {keyword: argument for keyword, argument in found if keyword}
        return Call(name, bound, line_of(node), last_line_of(node), args, keywords)
