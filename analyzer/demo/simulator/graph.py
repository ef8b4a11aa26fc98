"""GraphQL by executing our documents: parsed, validated, counted and resolved, with GitHub's own kinds of refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    VariableDefinitionNode,
    build_schema,
    parse,
    print_ast,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from analyzer.demo.simulator.connections import View
from analyzer.demo.simulator.cost import Cost, Refusal, cost

Json = Mapping[str, Any]

_UNKNOWN_FIELD = re.compile("Cannot query field '(\\w+)' on type '(\\w+)'")


@dataclass(frozen=True, slots=True)
class Question:
    """A query that may be executed. ``name`` is that of its operation."""

    name: str
    document: DocumentNode
    variables: Json
    cost: Cost


@cache
def schema() -> GraphQLSchema:
    """The part of GitHub's schema that the simulator speaks."""
    return build_schema((files(__package__ or "") / "schema.graphql").read_text("utf-8"))


def understood(query: str, variables: Json) -> Question | Json:
    """The question, or the body of the answer that refuses it."""
    try:
        document, operation = _parsed(query)
        values = get_variable_values(schema(), operation.variable_definitions or (), dict(variables))
        if not isinstance(values, VariableValues):
            return {"errors": [_unfit(error) for error in values]}
        counted = cost(schema(), document, values)
    except _Invalid as invalid:
        return {"errors": invalid.errors}
    except Refusal as refusal:
        return {"data": None, "errors": [{"type": refusal.kind, "path": refusal.path, "message": refusal.message}]}
    return Question(operation.name.value if operation.name else "", document, variables, counted)


def executed(question: Question, root: View, withheld: frozenset[str] = frozenset()) -> Json:
    """The body of the answer. ``withheld`` names fields that the token has no right to."""

    def resolve(source: View, info: GraphQLResolveInfo[Any], **asked: object) -> object:
        if info.field_name in withheld:
            raise Refusal("FORBIDDEN", "Resource not accessible by personal access token")
        value = source[info.field_name]
        return value(asked) if callable(value) else value

    variables = dict(question.variables)
    execute = import_module("graphql").execute_sync  # its types are partly unknown to pyright
    result: ExecutionResult = execute(
        schema(), question.document, root, variable_values=variables, field_resolver=resolve
    )
    if not result.errors:
        return {"data": result.data}
    return {"data": result.data, "errors": [_unanswered(error) for error in result.errors]}


# --- refusals --------------------------------------------------------------


class _Invalid(Exception):
    """A document that is no question; ``errors`` as GitHub tells them."""

    def __init__(self, errors: Sequence[Json]) -> None:
        super().__init__("invalid document")
        self.errors = list(errors)


@lru_cache(64)
def _parsed(query: str) -> tuple[DocumentNode, OperationDefinitionNode]:
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        raise _Invalid([{"message": error.message, "locations": _places(error)}]) from None
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1:
        raise _Invalid([{"message": "An operation name is required"}])
    errors = validate(schema(), document)
    if errors:
        raise _Invalid([_misfit(error) for error in errors])
    return document, operations[0]


def _misfit(error: GraphQLError) -> Json:
    """What a document asks for and the schema does not have."""
    unknown = _UNKNOWN_FIELD.match(error.message)
    if unknown is None:
        return {"message": error.message, "locations": _places(error)}
    field, kind = unknown.groups()
    code = {"code": "undefinedField", "typeName": kind, "fieldName": field}
    message = f"Field '{field}' doesn't exist on type '{kind}'"
    return {"message": message, "locations": _places(error), "extensions": code}


def _unfit(error: GraphQLError) -> Json:
    """A variable that is missing or has the wrong type."""
    definition = next(node for node in error.nodes or () if isinstance(node, VariableDefinitionNode))
    name, kind = definition.variable.name.value, print_ast(definition.type)
    message = f"Variable ${name} of type {kind} was provided invalid value"
    problem: Json = {"path": [], "explanation": error.message}
    return {"message": message, "locations": _places(error), "extensions": {"problems": [problem]}}


def _unanswered(error: GraphQLError) -> Json:
    """A field that is null because of a refusal. Anything else is a fault of the simulator, and comes out."""
    refusal = error.original_error
    if not isinstance(refusal, Refusal):
        raise error
    return {"type": refusal.kind, "path": error.path, "locations": _places(error), "message": refusal.message}


def _places(error: GraphQLError) -> list[Json]:
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]
