"""Our documents against GitHub's schema, and our reading against answers that the schema allows."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLSchema,
    build_schema,
    extend_schema,
    is_leaf_type,
    parse,
    validate,
)
from graphql.validation import NoDeprecatedCustomRule

from analyzer.github import queries
from analyzer.github.fields import Node
from analyzer.github.portions import Query
from tests.github.stage import Stage

ADDED = """
    type GitActor { email: String user: User }
    extend type Commit { author: GitActor }
    extend type CommitHistoryConnection { nodes: [Commit] }
"""
"""What we ask for beyond the subset that was cut for us: the addresses that GitHub maps to the account."""

ASKED: list[Query[Any]] = [
    queries.profile("ada"),
    queries.repositories("ada"),
    queries.operations({"R_1": "ada/one", "R_2": "ada/two"}),
    queries.histories({"R_1": "ada/one"}, "text"),
    queries.contributions("ada", [2024]),
    queries.merged_pull_requests("ada"),
    queries.issues("ada/one"),
]


@pytest.fixture(scope="session")
def whole(contract: Path) -> GraphQLSchema:
    """GitHub's schema; lenient, for it defines two fields twice."""
    text = gzip.decompress((contract / "schema.graphql.gz").read_bytes()).decode()
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@pytest.fixture(scope="session")
def subset(contract: Path) -> GraphQLSchema:
    """The part of it that can be executed."""
    return extend_schema(build_schema((contract / "schema.subset.graphql").read_text("utf-8")), parse(ADDED))


@pytest.mark.parametrize("name", queries.DOCUMENTS)
def test_documents_are_valid_and_up_to_date(name: str, whole: GraphQLSchema, subset: GraphQLSchema) -> None:
    document = parse(queries.document(name))
    assert validate(whole, document) == []
    assert validate(whole, document, [NoDeprecatedCustomRule]) == []
    assert validate(subset, document) == []


def test_the_schema_finds_what_is_wrong(whole: GraphQLSchema) -> None:
    broken = queries.document("candidate_profile").replace("databaseId", "numberOfFriends")
    assert [error.message for error in validate(whole, parse(broken))] == [
        "Cannot query field 'numberOfFriends' on type 'User'."
    ]


def test_every_document_is_asked_and_every_query_has_its_document() -> None:
    assert [query.document for query in ASKED] == list(queries.DOCUMENTS)


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.document)
@pytest.mark.parametrize("nulls", [False, True], ids=["full", "nulls wherever the schema allows them"])
def test_what_the_schema_allows_can_be_read(query: Query[Any], nulls: bool, subset: GraphQLSchema) -> None:
    answer = executed(subset, parse(queries.document(query.document)), query.variables, nulls)
    step = query.read(Node(answer, "data"), ())
    if not nulls:
        assert step.page.items
    assert answer["rateLimit"] is None if nulls else answer["rateLimit"]["cost"] == 1


def test_the_client_reads_what_the_schema_answers(subset: GraphQLSchema) -> None:
    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"data": executed(subset, parse(asked["query"]), asked["variables"], nulls=False)}

    stage = Stage(graphql=answer)
    with stage.client() as client:
        pages: list[Any] = [client.all(query) for query in ASKED]
    assert [len(page.items) for page in pages] == [1, 1, 2, 1, 1, 1, 1]
    assert stage.client_budget.points == len(ASKED)


# --- answers made from the schema ------------------------------------------


def executed(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], nulls: bool) -> Any:
    """Execute a document on a world in which every field has the plainest value of its type."""

    def resolve(source: Any, info: Any, **arguments: Any) -> Any:
        at_root = info.path.prev is None
        if at_root and info.field_name == "nodes":
            return [{"id": one} for one in arguments["ids"]]
        if source and info.field_name in source:
            return source[info.field_name]
        may_be_null = not at_root or info.field_name == "rateLimit"
        if nulls and may_be_null and not str(info.return_type).endswith("!"):
            return None
        return plain(schema, str(info.return_type))

    def type_of(_value: Any, info: Any, kind: Any) -> str:
        return "Repository" if kind.name == "Node" else info.schema.get_possible_types(kind)[0].name

    execute = import_module("graphql").execute_sync  # its types are partly unknown to pyright
    result = execute(schema, document, variable_values=dict(variables), field_resolver=resolve, type_resolver=type_of)
    assert result.errors is None
    return result.data


def plain(schema: GraphQLSchema, kind: str) -> Any:
    """The plainest value of a type, such as ``[Int!]!``."""
    bare = kind.removesuffix("!")
    if bare.startswith("["):
        return [plain(schema, bare[1:-1])]
    named = schema.type_map[bare]
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    leaves: dict[str, Any] = {
        "Int": 1,
        "Boolean": False,
        "DateTime": "2024-05-01T10:00:00Z",
        "GitTimestamp": "2024-05-01T10:00:00Z",
    }
    return leaves.get(bare, "text") if is_leaf_type(named) else {}
