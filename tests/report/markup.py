"""An HTML page taken apart, so that tests can ask for elements instead of searching in text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "path", "rect"})


@dataclass
class Element:
    """An element with its attributes and what is in it, in order."""

    tag: str
    attributes: dict[str, str | None]
    inside: list[Element | str] = field(default_factory=list["Element | str"])

    def __getitem__(self, name: str) -> str:
        """An attribute's value; empty where there is none."""
        return self.attributes.get(name) or ""

    def all(self, tag: str = "", **attributes: str) -> Iterator[Element]:
        """Every element below with this tag and these attributes (``class`` as ``class_``), in order."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        for part in self.inside:
            if isinstance(part, Element):
                if tag in ("", part.tag) and all(part[name] == value for name, value in wanted.items()):
                    yield part
                yield from part.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """All text below, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.inside:
            yield from (part,) if isinstance(part, str) else part._texts()

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every element below as its tag and the names of its attributes."""
        return [(e.tag, tuple(e.attributes)) for e in self.all()]


class _Reader(HTMLParser):
    """Builds the tree, and fails where an end tag does not close what was opened last."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in <{tag}>"
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(page: str) -> Element:
    """The page as a tree; fails on anything that is not well nested."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], "something was not closed"
    return reader.root
