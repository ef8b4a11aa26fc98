"""JavaScript and TypeScript: imports and ``require``, calls and ``new``, decorators, classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Call, Definition
from signals.views.literals import unescaped
from signals.views.syntax import Reader, Step, first_child, last_line_of, line_of

_CALLS = frozenset({"call_expression", "new_expression"})
_WRAPPERS = frozenset(
    {
        "await_expression",
        "parenthesized_expression",
        "non_null_expression",
        "as_expression",
        "satisfies_expression",
        "instantiation_expression",
    }
)


class JavascriptReader(Reader):
    """``keywords`` of a call are the properties of the object literals among its arguments; ``new X()`` is a call.

    The default export and the namespace of a module both stand as the module's name: ``prom-client.Counter``.
    """

    KINDS: ClassVar[Mapping[str, str]] = {
        "import_statement": "import",
        "export_statement": "export",
        "variable_declarator": "variable",
        "assignment_expression": "assignment",
        "pair": "pair",
        "field_definition": "field",
        "public_field_definition": "field",
        "call_expression": "call",
        "new_expression": "call",
        "class_declaration": "class",
        "abstract_class_declaration": "class",
        "class": "class",
        "function_declaration": "function",
        "generator_function_declaration": "function",
        "method_definition": "function",
    }
    STEPS: ClassVar[Mapping[str, Step]] = {
        "member_expression": Step(".", "property", "object"),
        "call_expression": Step("()", "", "function"),
        "new_expression": Step("()", "", "constructor"),
        "subscript_expression": Step("[]", "", "object"),
        **dict.fromkeys(_WRAPPERS, Step("", "", "")),
    }

    def read_imports(self) -> None:
        for node in (*self.nodes("import"), *self.nodes("export")):
            source = node.child_by_field_name("source")
            clause = next((child for child in node.named_children if child.type.endswith("_clause")), None)
            if clause is not None and clause.type == "import_require_clause":
                source = clause.child_by_field_name("source")
            module = (self.string(source) or "") if source is not None else ""
            if module:
                self.bind("", module, node)
            if module and clause is not None and node.type == "import_statement":
                self._read_clause(clause, module)
        for node in self.nodes("variable"):
            self._read_require(node)

    def _read_clause(self, clause: Syntax, module: str) -> None:
        for child in clause.named_children:
            if child.type == "identifier":
                self.bind(self.text(child), module, child)
            elif child.type == "namespace_import" and child.named_child_count:
                self.bind(self.text(child.named_children[-1]), module, child)
            elif child.type == "named_imports":
                for item in child.named_children:
                    if item.type == "import_specifier":
                        name = self.field(item, "name").strip("'\"")
                        self._bind_item(self.field(item, "alias") or name, module, name, item)

    def _bind_item(self, local: str, module: str, name: str, node: Syntax) -> None:
        self.bind(local, module if name == "default" else f"{module}.{name}", node)

    def _read_require(self, node: Syntax) -> None:
        """``const a = require("m")``, ``const {a: b} = require("m")`` and ``const a = require("m").a``."""
        pattern, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        member = ""
        if value is not None and value.type == "member_expression":
            member, value = self.field(value, "property"), value.child_by_field_name("object")
        module = self._required(value) if value is not None else ""
        if not module or pattern is None:
            return
        if pattern.type == "identifier":
            self.bind(self.text(pattern), f"{module}.{member}" if member else module, node)
            return
        for item in pattern.named_children if pattern.type == "object_pattern" else ():
            if item.type == "shorthand_property_identifier_pattern":
                self.bind(self.text(item), f"{module}.{self.text(item)}", item)
            elif item.type == "pair_pattern":
                self.bind(self.field(item, "value"), f"{module}.{self.field(item, 'key')}", item)

    def _required(self, value: Syntax) -> str:
        """The module that ``require("m")`` names, or ""."""
        if value.type != "call_expression" or self.field(value, "function") != "require":
            return ""
        arguments = value.child_by_field_name("arguments")
        first = first_child(arguments) if arguments is not None else None
        return (self.string(first) or "") if first is not None else ""

    def read_targets(self) -> None:
        for capture, name, value in (
            ("variable", "name", "value"),
            ("assignment", "left", "right"),
            ("pair", "key", "value"),
            ("field", "property", "value"),
            ("field", "name", "value"),
        ):
            for node in self.nodes(capture):
                right = node.child_by_field_name(value)
                while right is not None and right.type in _WRAPPERS:
                    right = first_child(right)
                if right is not None and right.type in _CALLS:
                    target = self.field(node, name)
                    if target:
                        self.targets[right.id] = target

    def functions(self) -> Sequence[Syntax]:
        named = (node for node in self.nodes("variable") if _is_function(node.child_by_field_name("value")))
        return sorted((*self.nodes("function"), *named), key=lambda node: node.start_byte)

    def callee(self, node: Syntax) -> Syntax | None:
        return node.child_by_field_name("function" if node.type == "call_expression" else "constructor")

    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        holder = node.child_by_field_name("arguments")
        for child in holder.named_children if holder is not None else ():
            if child.type == "comment":
                continue
            yield "", self.argument(child)
            for item in child.named_children if child.type == "object" else ():
                if item.type == "pair":
                    value = item.child_by_field_name("value")
                    if value is not None:
                        yield self.field(item, "key").strip("'\""), self.argument(value)
                elif item.type == "shorthand_property_identifier":
                    yield self.text(item), self.argument(item)

    def string(self, node: Syntax) -> str | None:
        kind = node.type
        if kind == "template_string" and any(child.type == "template_substitution" for child in node.named_children):
            return None
        if kind not in ("string", "template_string"):
            return None
        return unescaped(self.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace"))

    def definitions(self) -> Iterator[Definition]:
        decorators: dict[int, tuple[Call, ...]] = {}
        for node in self.nodes("export"):
            inner = node.child_by_field_name("declaration")
            if inner is not None:
                decorators[inner.id] = self._decorators(node.children_by_field_name("decorator"))
        for node in self.nodes("class"):
            own = self._decorators(child for child in node.named_children if child.type == "decorator")
            line, end = line_of(node), last_line_of(node)
            before = decorators.get(node.id, ())
            yield Definition("class", self.field(node, "name"), line, end, tuple(self._bases(node)), before + own)
            decorators |= self._of_methods(node)
        for node in self.functions():
            line, end = line_of(node), last_line_of(node)
            yield Definition("function", self.field(node, "name"), line, end, (), decorators.get(node.id, ()))

    def _of_methods(self, node: Syntax) -> dict[int, tuple[Call, ...]]:
        """The decorators of a class's methods, which stand before them in its body."""
        body = node.child_by_field_name("body")
        found: dict[int, tuple[Call, ...]] = {}
        waiting: list[Syntax] = []
        for child in body.named_children if body is not None else ():
            if child.type == "decorator":
                waiting.append(child)
            elif child.type != "comment":
                found[child.id] = self._decorators(waiting)
                waiting = []
        return found

    def _bases(self, node: Syntax) -> Iterator[str]:
        heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
        for child in heritage.named_children if heritage is not None else ():
            inner = child.named_children if child.type in ("extends_clause", "implements_clause") else [child]
            for base in inner:
                if base.type != "type_arguments":
                    plain = base.named_children[0] if base.type == "generic_type" else base
                    yield self.name_of(plain)[0]

    def _decorators(self, nodes: Iterable[Syntax]) -> tuple[Call, ...]:
        return tuple(call for node in nodes if (call := self._decorator(node)) is not None)

    def _decorator(self, node: Syntax) -> Call | None:
        inner = first_child(node)
        if inner is None:
            return None
        if inner.type in _CALLS:
            return self.by_node.get(inner.id)
        name, bound = self.name_of(inner)
        return Call(name, bound, line_of(inner), last_line_of(inner), receiver=self.receiver(inner))


def _is_function(node: Syntax | None) -> bool:
    return node is not None and node.type in ("arrow_function", "function_expression")
