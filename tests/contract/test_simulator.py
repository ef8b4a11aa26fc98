"""The simulator against GitHub's own descriptions: its schema, its REST answers and its faults."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
    print_type,
)
from jsonschema import Draft4Validator

from analyzer.demo.simulator import Request, Simulator, graph
from analyzer.demo.simulator.faults import FAULTS, Rule, Said
from tests.demo import worlds

RETURNED = {"CommentAuthorAssociation", "DeploymentState", "DeploymentStatusState"}
"""Enumerations that come back must be whole; of the others the simulator has what it can act on."""


@pytest.fixture(scope="session")
def whole(contract: Path) -> GraphQLSchema:
    """GitHub's schema; lenient, for it defines two fields twice."""
    text = gzip.decompress((contract / "schema.graphql.gz").read_bytes()).decode()
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@pytest.fixture(scope="session")
def openapi(contract: Path) -> dict[str, Any]:
    """GitHub's description of REST, with *nullable* said as JSON Schema says it."""
    return nullable(json.loads((contract / "openapi.trimmed.json").read_bytes()))


# --- GraphQL ---------------------------------------------------------------


def differences(ours: GraphQLSchema, theirs: GraphQLSchema) -> Iterator[str]:
    """Everything that our schema says and GitHub's does not."""
    for name, kind in ours.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        other = theirs.type_map.get(name)
        if type(other) is not type(kind):
            yield f"{name} is another kind of thing"
        elif isinstance(kind, GraphQLEnumType) and isinstance(other, GraphQLEnumType):
            lacking = set(other.values) - set(kind.values) if name in RETURNED else set[str]()
            if set(kind.values) - set(other.values) or lacking:
                yield f"{name} has other values"
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            assert isinstance(other, GraphQLObjectType | GraphQLInterfaceType)
            missing = {one.name for one in kind.interfaces} - {one.name for one in other.interfaces}
            yield from (f"{name} does not implement {one}" for one in missing)
            for field in kind.fields:
                yield from field_differences(f"{name}.{field}", kind.fields[field], other.fields.get(field))
        elif isinstance(kind, GraphQLInputObjectType):
            assert isinstance(other, GraphQLInputObjectType)
            required = {field for field, value in other.fields.items() if str(value.type).endswith("!")}
            yield from (f"{name} lacks {field}" for field in required - set(kind.fields))
            for field, value in kind.fields.items():
                if field not in other.fields or str(value.type) != str(other.fields[field].type):
                    yield f"{name}.{field} is different"


def field_differences(place: str, field: Any, other: Any) -> Iterator[str]:
    """The same for one field."""
    if other is None or str(field.type) != str(other.type) or other.deprecation_reason:
        yield f"{place} is different, deprecated or not there"
        return
    required = {name for name, argument in other.args.items() if str(argument.type).endswith("!")}
    yield from (f"{place} lacks {name}" for name in required - set(field.args))
    for name, argument in field.args.items():
        theirs = other.args.get(name)
        if theirs is None or str(argument.type) != str(theirs.type):
            yield f"{place}({name}) is different"
        elif argument.default and not (theirs.default and default_of(argument) == default_of(theirs)):
            yield f"{place}({name}) has another default"


def default_of(argument: Any) -> str:
    """The default of an argument as the schema writes it."""
    return print_ast(argument.default.literal)


def test_our_schema_agrees_with_githubs(whole: GraphQLSchema) -> None:
    assert list(differences(graph.schema(), whole)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("diskUsage: Int", "diskUsage: Int!", "Repository.diskUsage is different"),
        ("diskUsage: Int", "diskUse: Int", "Repository.diskUse is different"),
        ("refPrefix: String!", "prefix: String!", "Repository.refs lacks refPrefix"),
        ("followRenames: Boolean = true", "followRenames: Boolean = false", "followRenames) has another default"),
        ("since: DateTime", "until: DateTime", "IssueFilters.until is different"),
        ("ABANDONED", "GIVEN_UP", "DeploymentState has other values"),
        ("type Tag implements GitObject", "type Tag implements GitObject & Actor", "Tag does not implement Actor"),
    ],
)
def test_a_difference_is_found(right: str, wrong: str, complaint: str, whole: GraphQLSchema) -> None:
    text = "\n".join(print_type(kind) for kind in graph.schema().type_map.values() if not _is_built_in(kind))
    assert right in text
    changed = build_schema(text.replace(right, wrong, 1), assume_valid=True, assume_valid_sdl=True)
    assert complaint in "\n".join(differences(changed, whole))


def _is_built_in(kind: Any) -> bool:
    return is_introspection_type(kind) or is_specified_scalar_type(kind)


# --- REST ------------------------------------------------------------------


def nullable(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` becomes a choice."""
    if isinstance(value, list):
        return [nullable(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, Any]", value)
    plain: dict[str, Any] = {key: nullable(one) for key, one in fields.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if fields.get("nullable") is True else plain


def complaints(openapi: Mapping[str, Any], form: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer."""
    response = openapi["paths"][form]["get"]["responses"][str(status)]
    if "$ref" in response:
        response = openapi["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = {**response["content"]["application/json"]["schema"], "components": openapi["components"]}
    validator: Any = Draft4Validator(schema)
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(body)]


@pytest.mark.parametrize(
    ("target", "form", "status"),
    [
        ("/rate_limit", "/rate_limit", 200),
        ("/user", "/user", 200),
        ("/users/ada", "/users/{username}", 200),
        ("/users/guild", "/users/{username}", 200),
        ("/users/nobody", "/users/{username}", 404),
        ("/users/ada/repos?per_page=100", "/users/{username}/repos", 200),
        ("/user/1/repos?per_page=2&page=2", "/users/{username}/repos", 200),
        ("/repos/ada/tool-005", "/repos/{owner}/{repo}", 200),
        ("/repos/ada/tool-000", "/repos/{owner}/{repo}", 200),
        ("/repositories/100", "/repos/{owner}/{repo}", 200),
        ("/repos/ada/former", "/repos/{owner}/{repo}", 301),
        ("/repos/ada/nothing", "/repos/{owner}/{repo}", 404),
    ],
)
def test_rest_answers_are_as_described(target: str, form: str, status: int, openapi: dict[str, Any]) -> None:
    world = worlds.world(6, n_flagged=5)
    renamed = replace(world.repositories[0], former=("ada/former",))
    sim = Simulator(replace(world, repositories=(renamed, *world.repositories[1:])))
    response = sim.handle(Request("GET", target, {"authorization": "Bearer x", "user-agent": "test"}))
    assert response.status == status
    assert complaints(openapi, form, status, response.data()) == []
    broken: Any = {"message": 1} if status != 200 else [{}] if isinstance(response.data(), list) else {}
    assert complaints(openapi, form, status, broken) != []


# --- faults ----------------------------------------------------------------


def test_every_documented_fault_can_be_scripted(contract: Path) -> None:
    for fault in json.loads((contract / "documented_faults.json").read_bytes())["faults"]:
        ours = FAULTS[fault["name"]]
        assert isinstance(ours, Said), fault["name"]
        sim = Simulator(worlds.world(1), rules=[Rule(ours)])
        response = sim.handle(Request("GET", "/users/ada", {"user-agent": "test"}))
        assert response.status == fault["status"], fault["name"]
        for name, value in fault["headers"].items():
            said = response.headers[name]
            if name in {"retry-after", "content-type"} or value == "0":
                assert said.partition(";")[0] == value.partition(";")[0], fault["name"]
        if isinstance(fault["body"], str):
            assert response.body.decode() == fault["body"]
        else:
            assert outline(response.data()) == outline(fault["body"]), fault["name"]


def outline(value: Any) -> Any:
    """A body without what differs from case to case: times, numbers, links, places."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        left_out = {"documentation_url", "status", "created_at", "html_url", "locations", "path"}
        return {key: outline(one) for key, one in fields.items() if key not in left_out}
    if isinstance(value, list):
        return [outline(one) for one in cast("list[Any]", value)]
    return re.sub(r" on 20[\dT:+-]+|`[^`]*`|'[^']*'", "", value) if isinstance(value, str) else value
