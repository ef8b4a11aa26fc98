"""What the readers of all programming languages share: a syntax tree walked once, and calls made of its nodes.

A language's reader names the kinds of node it wants, one walk collects them, and the reader turns them into imports,
calls and definitions. Nothing recurses, and every chain, text and list has a limit: a file may be hostile. The walk is
ours because tree-sitter's queries, as fast on real files, are quadratic on deep ones.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from tree_sitter import Node as Syntax

from signals.views.code import Argument, Call, Definition

MAX_CALLS = 50_000
MAX_CHAIN = 16
MAX_TEXT = 1000
MAX_RECEIVER = 200
MAX_ROOT = 80
_PLAIN = re.compile(rb"[\w.$:#]+")
_ROOT = re.compile(r"[\w$]+")
_NO_KEYWORDS: Mapping[str, Argument] = {}


class Step(NamedTuple):
    """How a chain such as ``a.b().c`` goes on below a kind of node.

    ``mark`` is how the step is written (``.``, ``()``), ``name`` the field with the name behind it, and ``below`` the
    field with what it stands on ("" for the first child).
    """

    mark: str
    name: str
    below: str


class Reader(ABC):
    """Reads one file.

    ``KINDS`` gives the kinds of node that a language wants the names under which ``nodes`` lists them in source order.
    ``aliases`` maps a local name to what it was imported as, ``targets`` a call node's id to the variable it is
    assigned to, ``by_node`` a call node's id to its call.
    """

    KINDS: ClassVar[Mapping[str, str]]
    STEPS: ClassVar[Mapping[str, Step]]

    def __init__(self, source: bytes, root: Syntax) -> None:
        self.source = source
        self._nodes = _collected(root, self.KINDS)
        self.aliases: dict[str, str] = {}
        self.imports: dict[str, int] = {}
        self.targets: dict[int, str] = {}
        self.by_node: dict[int, Call] = {}
        self.truncated = False

    # --- what a language says ---

    @abstractmethod
    def read_imports(self) -> None:
        """Fill ``imports`` and ``aliases``."""

    @abstractmethod
    def read_targets(self) -> None:
        """Fill ``targets``."""

    @abstractmethod
    def arguments(self, node: Syntax) -> Iterable[tuple[str, Argument]]:
        """The arguments of a call in order, each with its keyword ("" if none)."""

    @abstractmethod
    def string(self, node: Syntax) -> str | None:
        """The value of a node that is one plain string literal."""

    @abstractmethod
    def definitions(self) -> Iterator[Definition]:
        """The classes and functions in order of their lines."""

    # --- what is the same for all ---

    def nodes(self, name: str) -> Sequence[Syntax]:
        """The collected nodes of a name, in source order, an outer node before those in it."""
        return self._nodes.get(name, ())

    def text(self, node: Syntax, limit: int = MAX_TEXT) -> str:
        """A node's source text, at most ``limit`` bytes of it."""
        start = node.start_byte
        return self.source[start : min(node.end_byte, start + limit)].decode("utf-8", "replace")

    def bind(self, local: str, name: str, node: Syntax) -> None:
        """Record an import; the first import of a local name holds."""
        self.imports.setdefault(name, line_of(node))
        if local:
            self.aliases.setdefault(local, name)

    def field(self, node: Syntax, name: str) -> str:
        """The text of a node's field, "" where it has none."""
        child = node.child_by_field_name(name)
        return self.text(child) if child is not None else ""

    def callee(self, node: Syntax) -> Syntax | None:
        """The node that names what is called."""
        return node.child_by_field_name("function")

    def step(self, node: Syntax) -> tuple[str, Syntax | None]:
        """One step down a chain: the part said last, and what it stands on (None at the root)."""
        step = self.STEPS.get(node.type)
        if step is None:
            return self.text(node, MAX_ROOT), None
        part = step.mark + (self.field(node, step.name) if step.name else "")
        return part, node.child_by_field_name(step.below) if step.below else first_child(node)

    def resolve(self, name: str) -> tuple[str, bool]:
        """A dotted name with its root resolved through the imports, and whether it was."""
        root = _ROOT.match(name)
        known = self.aliases.get(root.group()) if root is not None else None
        return (known + name[len(root.group()) :], True) if root is not None and known is not None else (name, False)

    def name_of(self, node: Syntax) -> tuple[str, bool]:
        """The resolved name of a callee; calls and indexes on the way stand as ``()`` and ``[]``."""
        start, end = node.start_byte, node.end_byte
        if end - start <= MAX_RECEIVER and _PLAIN.fullmatch(self.source, start, end):
            return self.resolve(self.source[start:end].decode("utf-8", "replace"))
        parts: list[str] = []
        at: Syntax | None = node
        for _ in range(MAX_CHAIN):
            part, below = self.step(at)
            parts.append(part)
            if below is None:
                root, bound = self.resolve(parts.pop())
                return root + "".join(reversed(parts)), bound
            at = below
        return "…" + "".join(reversed(parts)), False

    def argument(self, node: Syntax) -> Argument:
        """An argument's text, line and, for a plain string, its value."""
        return Argument(self.text(node), line_of(node), self.string(node))

    def called(self, node: Syntax) -> tuple[str, bool, str] | None:
        """What a call node calls: the resolved name, whether its root is an import, and the receiver as written."""
        callee = self.callee(node)
        return (*self.name_of(callee), self.receiver(callee)) if callee is not None else None

    def receiver(self, callee: Syntax) -> str:
        """What stands before the last dot of the callee, as written, cut at its end."""
        part, below = self.step(callee)
        return self.text(below, MAX_RECEIVER) if below is not None and part[:1] in (".", ":") else ""

    def call(self, node: Syntax, function: str) -> Call | None:
        """The call that a node stands for."""
        called = self.called(node)
        if called is None:
            return None
        name, bound, receiver = called
        args: list[Argument] = []
        keywords: dict[str, Argument] = {}
        for keyword, argument in self.arguments(node):
            if keyword:
                keywords.setdefault(keyword, argument)
            else:
                args.append(argument)
        return Call(
            name=name,
            bound=bound,
            line=line_of(node),
            end=last_line_of(node),
            args=tuple(args),
            keywords=keywords or _NO_KEYWORDS,
            receiver=receiver,
            target=self.targets.get(node.id, ""),
            function=function,
        )

    def calls(self) -> Iterator[Call]:
        """All calls in order of their first byte, each with its innermost enclosing function."""
        nodes = self.nodes("call")
        self.truncated = len(nodes) > MAX_CALLS
        functions = iter(self.functions())
        upcoming = next(functions, None)
        around: list[Syntax] = []
        for node in nodes[:MAX_CALLS]:
            start = node.start_byte
            while upcoming is not None and upcoming.start_byte <= start:
                around.append(upcoming)
                upcoming = next(functions, None)
            while around and around[-1].end_byte <= start:
                around.pop()
            call = self.call(node, self.field(around[-1], "name") if around else "")
            if call is not None:
                self.by_node[node.id] = call
                yield call

    def functions(self) -> Sequence[Syntax]:
        """The nodes that define named functions, in source order."""
        return self.nodes("function")


def _collected(root: Syntax, kinds: Mapping[str, str]) -> dict[str, list[Syntax]]:
    """The nodes of some kinds below a root, by the names given to the kinds."""
    found: dict[str, list[Syntax]] = {}
    cursor = root.walk()
    going = True
    while going:
        node = cursor.node
        if node is not None and node.is_named and (name := kinds.get(node.type)) is not None:
            found.setdefault(name, []).append(node)
        going = cursor.goto_first_child() or cursor.goto_next_sibling()
        while not going and cursor.goto_parent():
            going = cursor.goto_next_sibling()
    return found


def line_of(node: Syntax) -> int:
    """The 1-based line on which a node begins."""
    return node.start_point[0] + 1


def last_line_of(node: Syntax) -> int:
    """The 1-based line on which a node ends."""
    return node.end_point[0] + 1


def first_child(node: Syntax) -> Syntax | None:
    """The first named child, None where there is none."""
    return node.named_children[0] if node.named_child_count else None
