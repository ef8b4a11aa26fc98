"""What signals see of source code: calls, classes and functions with their names resolved through imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["python", "go", "java", "javascript", "typescript", "tsx", "rust"]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument's source text, cut at 1,000 bytes; ``string`` is its value if it is one plain string literal."""

    text: str
    line: int
    string: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call expression.

    ``name`` is the callee as a dotted name with its root resolved through the file's imports:
    ``from prometheus_client import Counter as C; C("x")`` gives ``prometheus_client.Counter``. Go and Rust paths use
    their own separators up to the imported item (``github.com/prometheus/client_golang/prometheus.NewCounter``,
    ``metrics::counter``). ``bound`` says whether the root is an import; otherwise the name is the source text
    (``self.requests.inc``). In a chain, earlier calls stand as ``()`` and indexes as ``[]``
    (``prometheus_client.Counter().labels``). ``receiver`` is what stands before the last dot, as written.
    ``keywords`` are Python's keyword arguments; in Go the fields of struct literals among the arguments, in JavaScript
    the properties of object literals. ``new X()``, a Rust macro and a Go literal of an imported struct type are calls.
    ``target`` is the variable or attribute that the result is assigned to ("" if none), as written.
    ``function`` is the innermost enclosing function's name ("" at module level).
    """

    name: str
    bound: bool
    line: int
    end: int
    args: tuple[Argument, ...] = ()
    keywords: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    receiver: str = ""
    target: str = ""
    function: str = ""

    @property
    def method(self) -> str:
        """The last part of the name."""
        return self.name.replace("::", ".").rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or function with resolved bases and decorators (calls without their arguments)."""

    kind: Literal["class", "function"]
    name: str
    line: int
    end: int
    bases: tuple[str, ...] = ()
    decorators: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A parsed source file. ``imports`` maps each imported module or item (resolved name) to its line.

    ``broken`` is True where the parser had to skip something: the rest is still valid, confidence is lower.
    """

    language: Language
    imports: Mapping[str, int]
    calls: tuple[Call, ...]
    definitions: tuple[Definition, ...]
    broken: bool = False

    def imports_any(self, *modules: str) -> bool:
        """Whether the file imports one of the modules or something below it."""
        return any(
            name == module or name.startswith((f"{module}.", f"{module}/", f"{module}::"))
            for name in self.imports
            for module in modules
        )
