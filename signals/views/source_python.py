"""Python: imports with their aliases, calls, decorators, classes. Newer syntax and broken files still give the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Call, Definition
from signals.views.literals import unescaped
from signals.views.syntax import Reader, Step, first_child, last_line_of, line_of

_LITERAL = re.compile(r"([rRuUbBfFtT]{0,2})('''|\"\"\"|'|\")(.*)\2\Z", re.DOTALL)
_TRANSPARENT = frozenset({"await", "parenthesized_expression"})


class PythonReader(Reader):
    """Relative imports keep their leading dots, so that ``.requests.get`` never equals a library's name."""

    KINDS: ClassVar[Mapping[str, str]] = {
        "import_statement": "import",
        "import_from_statement": "from",
        "call": "call",
        "assignment": "assignment",
        "class_definition": "class",
        "function_definition": "function",
        "decorated_definition": "decorated",
    }
    STEPS: ClassVar[Mapping[str, Step]] = {
        "attribute": Step(".", "attribute", "object"),
        "call": Step("()", "", "function"),
        "subscript": Step("[]", "", "value"),
        "await": Step("", "", ""),
        "parenthesized_expression": Step("", "", ""),
    }

    def read_imports(self) -> None:
        for node in self.nodes("import"):
            for item in node.children_by_field_name("name"):
                if item.type == "aliased_import":
                    self.bind(self.field(item, "alias"), self.field(item, "name"), item)
                else:
                    name = self.text(item)
                    self.imports.setdefault(name, line_of(item))
                    root = name.partition(".")[0]
                    self.aliases.setdefault(root, root)
        for node in self.nodes("from"):
            self._read_from(node)

    def _read_from(self, node: Syntax) -> None:
        module = self.field(node, "module_name").replace(" ", "")
        stem = module if module.endswith(".") or not module else f"{module}."
        items = node.children_by_field_name("name")
        if not items:
            self.bind("", f"{stem}*", node)
        for item in items:
            if item.type == "aliased_import":
                self.bind(self.field(item, "alias"), stem + self.field(item, "name"), item)
            else:
                name = self.text(item)
                self.bind(name, stem + name, item)

    def read_targets(self) -> None:
        for node in self.nodes("assignment"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            while right is not None and right.type in _TRANSPARENT:
                right = first_child(right)
            if left is not None and right is not None and right.type == "call":
                self.targets[right.id] = self.text(left)

    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        holder = node.child_by_field_name("arguments")
        if holder is None:
            return
        if holder.type == "generator_expression":
            yield "", self.argument(holder)
            return
        for child in holder.named_children:
            kind = child.type
            if kind == "keyword_argument":
                value = child.child_by_field_name("value")
                if value is not None:
                    yield self.field(child, "name"), self.argument(value)
            elif kind != "comment":
                yield "", self.argument(child)

    def string(self, node: Syntax) -> str | None:
        kind = node.type
        if kind == "string":
            return self._literal(node)
        if kind == "concatenated_string":
            parts = [self._literal(child) for child in node.named_children if child.type == "string"]
            plain = [part for part in parts if part is not None]
            return "".join(plain) if len(plain) == len(parts) else None
        return None

    def _literal(self, node: Syntax) -> str | None:
        match = _LITERAL.match(self.source[node.start_byte : node.end_byte].decode("utf-8", "replace"))
        if match is None or set(match[1].lower()) & set("bft"):
            return None
        return match[3] if "r" in match[1].lower() else unescaped(match[3])

    def definitions(self) -> Iterator[Definition]:
        decorators: dict[int, tuple[Call, ...]] = {}
        for node in self.nodes("decorated"):
            inner = node.child_by_field_name("definition")
            if inner is not None:
                found = (self._decorator(child) for child in node.named_children if child.type == "decorator")
                decorators[inner.id] = tuple(call for call in found if call is not None)
        for node in self.nodes("class"):
            bases = tuple(self._bases(node))
            yield Definition("class", *self._place(node), bases, decorators.get(node.id, ()))
        for node in self.nodes("function"):
            yield Definition("function", *self._place(node), (), decorators.get(node.id, ()))

    def _place(self, node: Syntax) -> tuple[str, int, int]:
        return self.field(node, "name"), line_of(node), last_line_of(node)

    def _bases(self, node: Syntax) -> Iterator[str]:
        holder = node.child_by_field_name("superclasses")
        for child in holder.named_children if holder is not None else ():
            if child.type not in ("keyword_argument", "comment"):
                yield self.name_of(child)[0].removesuffix("[]")

    def _decorator(self, node: Syntax) -> Call | None:
        inner = first_child(node)
        if inner is None:
            return None
        if inner.type == "call":
            return self.by_node.get(inner.id)
        name, bound = self.name_of(inner)
        return Call(name, bound, line_of(inner), last_line_of(inner), receiver=self.receiver(inner))
