"""A file at HEAD as signals see it: its path, its text, and parsed views that are made once and shared."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TypeVar

from signals.model import PathClass
from signals.views import dockerfile, hcl, json_, notebook, pbtxt, source, toml_, yaml_
from signals.views.code import Code
from signals.views.node import Node, PartlyParsed

T = TypeVar("T")


class File:
    """One file with lazily parsed views. A view that fails to parse is empty and its name stands in ``unparsed``.

    ``paths`` are all paths of the repository at HEAD (for looking at siblings, never at contents).
    """

    def __init__(self, path: str, data: bytes, path_class: PathClass, paths: Collection[str] = ()) -> None:
        self.path = path
        self.data = data
        self.path_class = path_class
        self.paths = paths
        self.unparsed: set[str] = set()

    @property
    def name(self) -> str:
        """The path's last part."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path without its last part, "" at the root."""
        return self.path.rpartition("/")[0]

    @cached_property
    def text(self) -> str:
        """The content decoded as UTF-8, bad bytes replaced, line ends made ``\\n``."""
        return self.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines, each cut at 2,000 characters so that no pattern meets an unbounded line."""
        return tuple(line[:2000] for line in self.text.split("\n"))

    @cached_property
    def yaml(self) -> tuple[Node, ...]:
        """All YAML documents that can be read, templates included; ``{{ … }}`` stands in the scalars as written."""
        try:
            return self._parsed("yaml", yaml_.documents, ())
        except PartlyParsed as error:
            return error.documents

    @cached_property
    def json(self) -> Node | None:
        """The JSON value."""
        return self._parsed("json", json_.value, None)

    @cached_property
    def toml(self) -> Node | None:
        """The TOML table."""
        return self._parsed("toml", toml_.table, None)

    @cached_property
    def hcl(self) -> tuple[hcl.Block, ...]:
        """The top-level blocks of a Terraform file."""
        return self._parsed("hcl", hcl.blocks, ())

    @cached_property
    def pbtxt(self) -> Node | None:
        """The fields of a protocol buffer text file."""
        return self._parsed("pbtxt", pbtxt.message, None)

    @cached_property
    def dockerfile(self) -> tuple[dockerfile.Instruction, ...]:
        """The instructions of a Dockerfile."""
        return self._parsed("dockerfile", dockerfile.instructions, ())

    @cached_property
    def notebook(self) -> notebook.Notebook | None:
        """The cells of a Jupyter notebook, outputs counted but not kept."""
        return self._parsed("notebook", notebook.cells, None)

    @cached_property
    def code(self) -> Code | None:
        """The source code, by the path's ending; None for other languages."""
        language = source.language_of(self.path)
        if language is None:
            return None
        code = self._parsed("code", lambda text: source.parse(text, language), None)
        if code is not None and code.broken:
            self.unparsed.add("code")
        return code

    def _parsed(self, view: str, parse: Callable[[str], T], empty: T) -> T:
        try:
            return parse(self.text)
        except PartlyParsed:
            self.unparsed.add(view)
            raise
        except ValueError:
            self.unparsed.add(view)
            return empty
