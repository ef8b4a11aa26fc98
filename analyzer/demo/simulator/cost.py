"""What a GraphQL query costs by GitHub's published formula, and the bounds that it must keep.

For every connection: how often it is called if everything above it is full. The calls of all, divided by 100, are the
points, at least one. At most 100 entries of a connection, and 500,000 nodes in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values

MOST_ENTRIES = 100
MOST_NODES = 500_000

_SIZES = {("Query", "nodes"): "ids", ("ContributionsCollection", "commitContributionsByRepository"): "maxRepositories"}
"""Lists that are no connections, and the argument that says how long they get."""


class Refusal(Exception):
    """GitHub's *no* to a query or to one of its fields. ``kind`` is its ``type``, ``path`` leads to the field."""

    def __init__(self, kind: str, message: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Cost:
    """Calls of connections, and nodes that they could give."""

    n_calls: int
    n_nodes: int

    @property
    def points(self) -> int:
        """What is taken from the hour's points."""
        return max(1, round(self.n_calls / 100))


def cost(schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> Cost:
    """Count a valid document with the values of its variables. Raises :class:`Refusal` where it goes beyond a bound."""
    counted = list(_Counter(schema, document, variables).calls())
    found = Cost(sum(call for call, _ in counted), sum(nodes for _, nodes in counted))
    if found.n_nodes > MOST_NODES:
        raise Refusal(
            "MAX_NODE_LIMIT_EXCEEDED",
            f"This query requests up to {found.n_nodes:,} possible nodes which exceeds the maximum limit of "
            f"{MOST_NODES:,}.",
        )
    return found


class _Counter:
    """Walks a document, knowing how often each place of it can be reached."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> None:
        self._schema = schema
        self._variables = variables
        self._document = document
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def calls(self) -> Iterator[tuple[int, int]]:
        """Calls and nodes of every connection and sized list."""
        for node in self._document.definitions:
            if isinstance(node, OperationDefinitionNode):
                yield from self._below(node.selection_set, "Query", 1, ())

    def _below(
        self, selections: SelectionSetNode, kind: str, times: int, path: tuple[str, ...]
    ) -> Iterator[tuple[int, int]]:
        for node in selections.selections:
            if not self._wanted(node):
                continue
            if isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                yield from self._below(fragment.selection_set, fragment.type_condition.name.value, times, path)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else kind
                yield from self._below(node.selection_set, condition, times, path)
            elif isinstance(node, FieldNode) and not node.name.value.startswith("__"):
                yield from self._field(node, kind, times, path)

    def _field(self, node: FieldNode, kind: str, times: int, path: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        parent = self._schema.type_map[kind]
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType), "the document was validated"
        field = parent.fields[node.name.value]
        named = str(field.type).strip("[]!")
        place = (*path, node.alias.value if node.alias else node.name.value)
        given: dict[str, Any] = get_argument_values(field, node, self._variables)
        argument = _SIZES.get((kind, node.name.value))
        size = _length(given[argument], node, place) if argument else _entries(given, node, named, place)
        if size is not None:
            holds_nodes = argument != "maxRepositories"  # contributions are none
            yield times, times * size if holds_nodes else 0
        if node.selection_set:
            yield from self._below(node.selection_set, named, times if size is None else times * size, place)

    def _wanted(self, node: SelectionNode) -> bool:
        include: dict[str, Any] | None = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        skip: dict[str, Any] | None = get_directive_values(GraphQLSkipDirective, node, self._variables)
        return (include is None or include["if"]) and not (skip and skip["if"])


def _length(asked: object, node: FieldNode, path: tuple[str, ...]) -> int:
    """How long a list that is no connection gets."""
    size = len(cast("list[str]", asked)) if isinstance(asked, list) else int(str(asked))
    if size > MOST_ENTRIES:
        raise Refusal("ARGUMENT_LIMIT", f"`{node.name.value}` gives at most {MOST_ENTRIES}, not {size}.", path)
    return size


def _entries(given: dict[str, Any], node: FieldNode, named: str, path: tuple[str, ...]) -> int | None:
    """How many entries a connection gives; None for what is none."""
    if not named.endswith("Connection"):
        return None
    name = node.name.value
    for bound in ("first", "last"):
        size: int | None = given.get(bound)
        if size is None:
            continue
        if not 0 <= size <= MOST_ENTRIES:
            message = (
                f"Requesting {size} records on the `{name}` connection exceeds the `{bound}` limit of "
                f"{MOST_ENTRIES} records."
            )
            raise Refusal("EXCESSIVE_PAGINATION", message, path)
        return size
    message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
    raise Refusal("MISSING_PAGINATION_BOUNDARIES", message, path)
