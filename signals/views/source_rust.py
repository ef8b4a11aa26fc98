"""Rust: ``use`` trees, calls and macros (``counter!("x")`` is a call), attributes as decorators.

What stands inside a macro's brackets is only tokens to the parser: plain strings among the arguments are known, calls
are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Call, Definition
from signals.views.literals import unescaped
from signals.views.syntax import MAX_TEXT, Reader, Step, first_child, last_line_of, line_of

_STRINGS = frozenset({"string_literal", "raw_string_literal"})
_COMMENTS = frozenset({"line_comment", "block_comment"})
_OWN_ROOTS = frozenset({"crate", "self", "super"})
_CRATE_PATH = re.compile(r"([a-z_][a-z0-9_]*)::")
_PASSED_ON = frozenset({"unwrap", "expect"})
_MAX_NESTED = 50


class RustReader(Reader):
    """A path that begins with a crate's name (``prometheus::register_counter``) counts as bound without ``use``."""

    KINDS: ClassVar[Mapping[str, str]] = {
        "use_declaration": "use",
        "extern_crate_declaration": "extern",
        "mod_item": "mod",
        "call_expression": "call",
        "macro_invocation": "call",
        "let_declaration": "let",
        "static_item": "static",
        "const_item": "static",
        "assignment_expression": "assignment",
        "field_initializer": "initializer",
        "attribute_item": "attribute",
        "struct_item": "class",
        "enum_item": "class",
        "trait_item": "class",
        "impl_item": "impl",
        "function_item": "function",
    }
    STEPS: ClassVar[Mapping[str, Step]] = {
        "field_expression": Step(".", "field", "value"),
        "scoped_identifier": Step("::", "name", "path"),
        "scoped_type_identifier": Step("::", "name", "path"),
        "call_expression": Step("()", "", "function"),
        "macro_invocation": Step("()", "", "macro"),
        "generic_function": Step("", "", "function"),
        "generic_type": Step("", "", "type"),
        "index_expression": Step("[]", "", ""),
        **dict.fromkeys(
            ("await_expression", "try_expression", "parenthesized_expression", "reference_expression"), Step("", "", "")
        ),
    }

    def read_imports(self) -> None:
        for node in self.nodes("extern"):
            name = self.field(node, "name")
            self.bind(self.field(node, "alias") or name, name, node)
        for node in self.nodes("use"):
            argument = node.child_by_field_name("argument")
            if argument is not None:
                self._use(argument)
        self.own = _OWN_ROOTS | {self.field(node, "name") for node in self.nodes("mod")}

    def _use(self, argument: Syntax) -> None:
        """Walk a ``use`` tree; ``before`` is the path down to a part."""
        stack: list[tuple[Syntax, str]] = [(argument, "")]
        while stack:
            node, before = stack.pop()
            kind = node.type
            if kind == "scoped_use_list":
                path = before + self.field(node, "path")
                inner = node.child_by_field_name("list")
                if path.count("::") < _MAX_NESTED and inner is not None:
                    stack.extend((child, f"{path}::") for child in inner.named_children)
            elif kind == "use_list":
                stack.extend((child, before) for child in node.named_children)
            elif kind == "use_as_clause":
                self.bind(self.field(node, "alias"), before + self.field(node, "path"), node)
            elif kind == "use_wildcard":
                self.bind("", before + self.text(node), node)
            elif kind == "self":
                path = before.removesuffix("::")
                self.bind(path.rpartition("::")[2], path, node)
            elif kind not in _COMMENTS:
                path = before + self.text(node)
                self.bind(path.rpartition("::")[2], path, node)

    def resolve(self, name: str) -> tuple[str, bool]:
        found, bound = super().resolve(name)
        if not bound and (crate := _CRATE_PATH.match(name)) is not None and crate[1] not in self.own:
            return name, True
        return found, bound

    def read_targets(self) -> None:
        for capture, name, value in (
            ("let", "pattern", "value"),
            ("static", "name", "value"),
            ("assignment", "left", "right"),
            ("initializer", "field", "value"),
        ):
            for node in self.nodes(capture):
                right = node.child_by_field_name(value)
                if right is not None:
                    self._assign(self.field(node, name), right)

    def _assign(self, target: str, value: Syntax) -> None:
        """Give a call its target, and so the call whose result ``?``, ``await``, ``unwrap`` or ``expect`` passes on."""
        at: Syntax | None = value
        for _ in range(4):
            if at is None:
                return
            if at.type in ("try_expression", "await_expression"):
                at = first_child(at)
            elif at.type in ("call_expression", "macro_invocation"):
                self.targets[at.id] = target
                callee = at.child_by_field_name("function")
                if callee is None or self.field(callee, "field") not in _PASSED_ON:
                    return
                at = callee.child_by_field_name("value")
            else:
                return

    def callee(self, node: Syntax) -> Syntax | None:
        return node.child_by_field_name("function" if node.type == "call_expression" else "macro")

    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        if node.type == "macro_invocation":
            tokens = next((child for child in node.named_children if child.type == "token_tree"), None)
            yield from (("", argument) for argument in self._of_tokens(tokens))
            return
        holder = node.child_by_field_name("arguments")
        for child in holder.named_children if holder is not None else ():
            if child.type not in _COMMENTS:
                yield "", self.argument(child)

    def _of_tokens(self, tokens: Syntax | None) -> Iterator[Argument]:
        """A macro's arguments: its tokens between the outermost commas."""
        group: list[Syntax] = []
        for token in tokens.children[1:] if tokens is not None else ():
            if token.type in (",", ")", "]", "}"):
                if group:
                    yield self._of_group(group)
                group = []
            elif token.type not in _COMMENTS:
                group.append(token)

    def _of_group(self, group: Sequence[Syntax]) -> Argument:
        start, end = group[0].start_byte, group[-1].end_byte
        text = self.source[start : min(end, start + MAX_TEXT)].decode("utf-8", "replace")
        return Argument(text, line_of(group[0]), self.string(group[0]) if len(group) == 1 else None)

    def string(self, node: Syntax) -> str | None:
        if node.type not in _STRINGS:
            return None
        text = self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        inner = text[text.find('"') + 1 : text.rfind('"')]
        return inner if node.type == "raw_string_literal" else unescaped(inner)

    def definitions(self) -> Iterator[Definition]:
        decorators = self._attributes()
        for node in self.nodes("class"):
            yield self._definition("class", node, (), decorators)
        for node in self.nodes("impl"):
            trait, kind = node.child_by_field_name("trait"), self.field(node, "type")
            if trait is not None:
                bases, own = (self.name_of(trait)[0],), decorators.get(node.id, ())
                yield Definition("class", kind, line_of(node), last_line_of(node), bases, own)
        for node in self.nodes("function"):
            yield self._definition("function", node, (), decorators)

    def _definition(
        self, kind: str, node: Syntax, bases: tuple[str, ...], decorators: dict[int, tuple[Call, ...]]
    ) -> Definition:
        own = decorators.get(node.id, ())
        name, line, end = self.field(node, "name"), line_of(node), last_line_of(node)
        return Definition("class" if kind == "class" else "function", name, line, end, bases, own)

    def _attributes(self) -> dict[int, tuple[Call, ...]]:
        """The attributes that stand before each item."""
        found: dict[int, tuple[Call, ...]] = {}
        waiting: list[Call] = []
        for node in self.nodes("attribute"):
            inner = first_child(node)
            path = first_child(inner) if inner is not None else None
            if inner is None or path is None:
                continue
            name, bound = self.name_of(path)
            args = tuple(self._of_tokens(inner.child_by_field_name("arguments")))
            waiting.append(Call(name, bound, line_of(node), last_line_of(node), args))
            after = node.next_named_sibling
            if after is not None and after.type != "attribute_item":
                found[after.id] = tuple(waiting)
                waiting = []
        return found
