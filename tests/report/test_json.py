"""The JSON is that of design.md: exact fields, fixed order, six decimals, and valid by its own schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from analyzer.report import schema
from analyzer.report.json_ import render
from tests.report.sample import ALERTS, dossier

# Written out as design.md has it, on purpose not taken from the classes.
FIELDS = {
    "": "schema candidate as_of rules repositories evidence signals dimensions research profile gaps",
    "candidate": "login identities",
    "rules": "version rubric",
    "repositories": """full_name sha kind kind_reasons commits candidate_commits first_commit last_commit state reason
        coverage""",
    "evidence": """id signal dimension repository place_kind sha path line_start line_end more_lines commit api supports
        content_level level caps path_class attribution weight factors message snippet facts url""",
    "signals": "signal dimension state value evidence by_repository reason",
    "dimensions": "dimension state value best_level confidence signals",
    "research": "value signals",
    "profile": "summary badges coverage",
    "gaps": "what repository signal reason",
}
INNER = {
    ("candidate", "identities"): "email_hash source confidence",
    ("repositories", "coverage"): "eligible read failed",
    ("evidence", "attribution"): "share role identity method confidence reason",
    ("evidence", "factors"): "level attribution path_class recency guards",
    ("signals", "by_repository"): "full_name state content_level n_evidence reason",
    ("profile", "coverage"): "observed of",
}


def parsed(text: str) -> Any:
    return json.loads(text)


def validate(text: str) -> None:
    jsonschema.validate(parsed(text), json.loads(schema.text()), jsonschema.Draft202012Validator)


def first(thing: Any) -> Any:
    return cast("list[Any]", thing)[0] if isinstance(thing, list) else thing


def test_fields_and_their_order_are_those_of_the_design() -> None:
    made = parsed(render(dossier()))
    assert list(made) == FIELDS[""].split()
    for name, expected in FIELDS.items():
        if name:
            assert list(first(made[name])) == expected.split(), name
    for (outer, inner), expected in INNER.items():
        assert list(first(first(made[outer])[inner])) == expected.split(), inner


def test_the_sample_is_valid_and_a_field_too_many_or_too_few_is_not() -> None:
    validate(render(dossier()))
    extra = parsed(render(dossier()))
    extra["evidence"][0]["author"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="author"):
        validate(json.dumps(extra))
    less = parsed(render(dossier()))
    del less["signals"][0]["reason"]
    with pytest.raises(jsonschema.ValidationError, match="reason"):
        validate(json.dumps(less))


def test_the_schema_in_the_package_is_that_of_the_classes() -> None:
    assert schema.text() == schema.generate(), "run: python -m analyzer.report.schema"


def test_floats_have_six_decimals_and_no_negative_zero() -> None:
    odd = replace(ALERTS, weight=-0.0, facts={"ratio": 1 / 3, "tiny": -1e-9})
    made = parsed(render(replace(dossier(), evidence=(odd,))))["evidence"][0]
    assert made["attribution"]["share"] == 0.666667
    assert str(made["weight"]) == "0.0"
    assert str(made["facts"]) == "{'ratio': 0.333333, 'tiny': 0.0}"
    with pytest.raises(ValueError, match="not JSON compliant"):
        render(replace(dossier(), evidence=(replace(ALERTS, weight=float("nan")),)))


def test_a_whole_number_in_a_float_field_is_written_as_a_float() -> None:
    assert render(replace(dossier(), evidence=(replace(ALERTS, weight=1),))) == render(
        replace(dossier(), evidence=(replace(ALERTS, weight=1.0),))
    )


def test_bytes_that_are_no_text_survive_and_nothing_but_ascii_is_written() -> None:
    odd = replace(ALERTS, path=os.fsdecode(b"caf\xe9.yaml"), message="\x1b[31m\u202e漢")
    text = render(replace(dossier(), evidence=(odd,)))
    assert text.isascii()
    assert text.endswith("}\n")
    assert not set(text) & {"\x1b", "\x7f"}
    made = parsed(text)["evidence"][0]
    assert os.fsencode(made["path"]) == b"caf\xe9.yaml"
    assert made["message"] == odd.message


def test_facts_are_sorted_whatever_their_order() -> None:
    forth = replace(ALERTS, facts={"a": 1, "b": ("x",)})
    back = replace(ALERTS, facts={"b": ("x",), "a": 1})
    assert render(replace(dossier(), evidence=(forth,))) == render(replace(dossier(), evidence=(back,)))


def test_rendering_needs_neither_pydantic_nor_duckdb_nor_rich() -> None:
    code = (
        "import sys, analyzer.report.json_, analyzer.report.terminal, analyzer.report.schema;"
        "sys.exit(len({'pydantic', 'duckdb', 'rich', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, timeout=60)
