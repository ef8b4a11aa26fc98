"""YAML as nodes: all documents, unknown tags allowed, nothing interpreted (``on`` stays text), line numbers kept.

The events of PyYAML's C parser are put together here instead of by PyYAML, whose composer recurses (200,000 open
brackets end the process). An alias is the same :class:`Node` object again and never expanded; one to an unfinished or
unknown anchor is a scalar ``*name``. Merge keys (``<<``) stay keys. Documents that define a Kubernetes kind are left
out: they list every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from signals.views.builder import TreeBuilder
from signals.views.node import Node, PartlyParsed
from signals.views.yaml_template import is_templated, unveil, veil

_SPLIT = re.compile(r"^---(?=[ \t\n]|\Z)", re.MULTILINE)
_KIND_DEFINITION = re.compile(r"^kind:[ \t]*[\"']?CustomResourceDefinition\b", re.MULTILINE)
_CRD = "CustomResourceDefinition"
_MAX_PIECES = 2000


def documents(text: str) -> tuple[Node, ...]:
    """All documents that are not empty.

    ValueError where nothing could be read; its subclass PartlyParsed carries the documents that could.
    """
    if _CRD in text:
        text = _without_definitions(text)
    templated = is_templated(text)
    try:
        builder = _read(text, 0)
        if not (templated and builder.odd_keys):
            return _kept(builder)
    except ValueError:
        if not templated and not 1 <= text.count("\n---") <= _MAX_PIECES:
            raise
    return _piecewise(veil(text) if templated else text)


def _piecewise(text: str) -> tuple[Node, ...]:
    """Read each document on its own, so that a broken one does not hide the others."""
    found: list[Node] = []
    reason = ""
    for line, piece in _pieces(text):
        try:
            found += _kept(_read(piece, line))
        except ValueError as error:
            reason = reason or str(error)
    if reason:
        raise PartlyParsed(reason, tuple(found)) if found else ValueError(reason)
    return tuple(found)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Each document's text with the number of lines before it."""
    starts = [0, *(match.start() for match in islice(_SPLIT.finditer(text), _MAX_PIECES)), len(text)]
    line = 0
    for start, end in pairwise(starts):
        yield line, text[start:end]
        line += text.count("\n", start, end)


def _without_definitions(text: str) -> str:
    """The text with each definition of a Kubernetes kind replaced by empty lines."""
    return "".join("\n" * piece.count("\n") if _KIND_DEFINITION.search(piece) else piece for _, piece in _pieces(text))


def _kept(builder: TreeBuilder) -> tuple[Node, ...]:
    return tuple(node for node in builder.finish() if (node.text or node.kind != "scalar") and node.str("kind") != _CRD)


def _read(text: str, skipped: int) -> TreeBuilder:
    """Build the documents of a text that begins after ``skipped`` lines."""
    builder = TreeBuilder()
    anchors: dict[str, Node] = {}
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            _take(event, skipped + 1, builder, anchors)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return builder


def _take(event: Event, first: int, builder: TreeBuilder, anchors: dict[str, Node]) -> None:
    """Hand one event to the builder; ``first`` is the number of the text's first line."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:  # only events made by hand lack marks
        return
    match event:
        case ScalarEvent():
            last = end.line - (1 if end.column == 0 and end.line > start.line else 0)
            if event.style == "|":  # its end mark stands behind the empty lines that follow
                last = min(last, start.line + 1 + event.value.rstrip("\n").count("\n"))
            quoted = event.style in ("'", '"')
            node = Node("scalar", start.line + first, last + first, unveil(event.value), quoted=quoted)
            builder.add(node)
            if event.anchor:
                anchors[event.anchor] = node
        case MappingStartEvent() | SequenceStartEvent():
            kind = "map" if isinstance(event, MappingStartEvent) else "list"
            builder.open(kind, start.line + first, event.anchor or "")
        case MappingEndEvent() | SequenceEndEvent():
            # A block's end mark stands at the next token, which may be far below; a flow's covers its bracket.
            node, anchor = builder.close(end.line + first if end.index > start.index else 0)
            if anchor:
                anchors[anchor] = node
        case AliasEvent():
            line = start.line + first
            builder.add(anchors.get(event.anchor or "") or Node("scalar", line, line, f"*{event.anchor}"))
        case DocumentStartEvent() | DocumentEndEvent():
            anchors.clear()
        case _:
            pass
