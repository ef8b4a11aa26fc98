"""JSON, TOML, Terraform, pbtxt, Dockerfiles and notebooks."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.views import dockerfile, hcl, json_, notebook, pbtxt, toml_
from signals.views.node import Node


def _plain(node: Node) -> object:
    """A node's value, scalars as text or, unquoted, as JSON would read them."""
    if node.kind == "list":
        return [_plain(item) for item in node.items]
    if node.kind == "map":
        return {key.text: _plain(value) for key, value in node.pairs}
    return node.text if node.quoted else json.loads(node.text)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES, st.sampled_from([None, 2]))
def test_json_reads_what_the_standard_library_writes(value: object, indent: int | None) -> None:
    assert _plain(json_.value(json.dumps(value, indent=indent))) == value


def test_json_lines_comments_and_trailing_commas() -> None:
    node = json_.value('{\n  // one\n  "a": [1,\n    "x\\ty",], /* two\n */ "b": {"c": null},\n}\n')
    assert [(item.text, item.line) for item in node.list("a")] == [("1", 3), ("x\ty", 4)]
    found = node.get("b", "c")
    assert found is not None
    assert (found.text, found.line, node.end) == ("null", 5, 6)


NO_JSON = ["", "{", "]", "[1 2]", '{"a"}', '{"a":}', '{"a" 1}', "{1: 2}", "[1]]", '"a', "nul", "[,]", "{}{}", "[}"]
JSON_BOMBS = ["[" * 200_000, '{"a":' * 100_000, "/*" * 100_000, "[" + "1," * 500_000 + "1]"]


@pytest.mark.parametrize("text", [*NO_JSON, *JSON_BOMBS])
def test_json_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_.value(text)


TOML = """title = "a" # c
b.c = 'x'
"q.r" = [1, {x = 2, y.z = [true]}]
[t."u".v]
k = \"\"\"
m
n\"\"\"
[[p]]
d = 1979-05-27
[[p.q]]
e = 0x1F
[[p]]
[t.w]
s = "\\u00e9\\n"
"""


def test_toml_nests_as_toml_means_it() -> None:
    node = toml_.table(TOML)
    raw = tomllib.loads(TOML)
    assert node.str("t", "u", "v", "k") == raw["t"]["u"]["v"]["k"]
    assert node.str("t", "w", "s") == "é\n"
    assert [[key.text for key, _ in item.pairs] for item in node.list("p")] == [["d", "q"], []]
    assert node.list("p")[0].list("q")[0].str("e") == "0x1F"
    assert node.list("q.r")[1].list("y", "z")[0].text == "true"
    found = node.get("t", "w", "s")
    assert found is not None
    assert (found.line, node.str("b", "c")) == (14, "x")


@pytest.mark.parametrize("text", ["a", "a = ", "[a", "a = 1\na = 2", "a = 1\n[a.b]", "a = " + "[" * 100_000])
def test_toml_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        toml_.table(text)


@pytest.mark.parametrize(
    "deep", ["a = " + "[" * 1000 + "]" * 1000, "a." * 1000 + "b = 1", "a = " + "{a=" * 999 + "1" + "}" * 999]
)
def test_toml_too_deep(deep: str) -> None:
    with pytest.raises(ValueError, match="deep"):
        toml_.table(deep)


TERRAFORM = """resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name = "high \\"cpu\\""
  threshold  = var.limit
  name       = "a-${var.x}"
  doc        = <<EOT
text
EOT
  lifecycle {
    prevent_destroy = true
  }
}
locals { a = [1, 2] }
"""


def test_terraform() -> None:
    alarm, other = hcl.blocks(TERRAFORM)
    assert (alarm.type, alarm.labels) == ("resource", ("aws_cloudwatch_metric_alarm", "cpu"))
    assert (alarm.line, alarm.end) == (1, 11)
    assert alarm.string("alarm_name") == 'high "cpu"'
    assert (alarm.attributes["threshold"].text, alarm.attributes["threshold"].line) == ("var.limit", 3)
    assert alarm.attributes["name"].string is None
    assert [block.type for block in alarm.walk()] == ["resource", "lifecycle"]
    assert other.attributes["a"].text == "[1, 2]"


def test_variables_outside_of_blocks() -> None:
    (outside,) = hcl.blocks('region = "eu"\n')
    assert (outside.type, outside.string("region")) == ("", "eu")
    assert hcl.blocks("") == ()


@pytest.mark.parametrize("text", ["a {", "not terraform at all (", "a " + "{ b " * 500 + "}" * 500])
def test_terraform_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        hcl.blocks(text)


PBTXT = """# a model
name: "triton" 'server'
max_batch_size: 16
input [
  {
    name: "x"
    dims: [ -1, 3 ]
  },
  { name: "\\101\\n" }
]
instance_group: [{ kind: KIND_GPU count: 2 }]
dynamic_batching { }
version_policy: < latest: { num_versions: 1 }; >
[ext.name]: true
"""


def test_pbtxt() -> None:
    node = pbtxt.message(PBTXT)
    assert (node.str("name"), node.str("max_batch_size")) == ("tritonserver", "16")
    first, second = node.list("input")
    assert ([dim.text for dim in first.list("dims")], second.str("name"), second.line) == (["-1", "3"], "A\n", 9)
    assert node.list("instance_group")[0].str("count") == "2"
    batching = node.get("dynamic_batching")
    assert batching is not None
    assert (batching.kind, batching.line) == ("map", 12)
    assert node.str("version_policy", "latest", "num_versions") == "1"
    assert node.str("ext.name") == "true"


@pytest.mark.parametrize("text", ["a {", "}", "a: ", "{", '"x"', "a: [1}", "a: @", "a {" * 100_000, "a: [" * 100_000])
def test_pbtxt_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        pbtxt.message(text)


DOCKERFILE = """# syntax=docker/dockerfile:1
# escape=\\
ARG BASE=python:3.12
FROM --platform=$BUILDPLATFORM ${BASE} AS Build

RUN apt-get update \\
    # a comment in between
    && apt-get install -y \\

       curl
COPY <<EOF /etc/a
RUN not an instruction
EOF
RUN --mount=type=cache,target=/root <<-'SH' bash
\tmake
\tSH
FROM scratch
COPY --from=build --chown=1:1 /a /b
user 1000
"""


def test_dockerfile() -> None:
    found = dockerfile.instructions(DOCKERFILE)
    assert [item.name for item in found] == "ARG FROM RUN COPY RUN FROM COPY USER".split()  # noqa: SIM905
    _, base, update, heredoc, mount, last, copy, user = found
    assert (base.image, base.alias, base.flag("platform")) == ("${BASE}", "build", "$BUILDPLATFORM")
    assert (update.line, update.end) == (6, 10)
    assert update.text == "apt-get update && apt-get install -y curl"
    assert (heredoc.body, heredoc.end) == ("RUN not an instruction", 13)
    assert (mount.body, mount.flag("mount"), mount.end) == ("\tmake", "type=cache,target=/root", 16)
    assert (last.image, last.alias, copy.flag("from"), user.text) == ("scratch", "", "build", "1000")


def test_dockerfile_for_windows() -> None:
    (_, run) = dockerfile.instructions("# escape=`\nFROM a\nRUN dir C:\\ `\n  && b\n")
    assert run.text == "dir C:\\ && b"


@pytest.mark.parametrize("text", ["", "# only this\n", "FROM a\n{{ template }}\n", "FROM a\nRUN <<A\n" * 30_000])
def test_dockerfile_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"instruction"):
        dockerfile.instructions(text)


def test_notebook() -> None:
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "source": ["# Title"]},
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": [{"data": "x" * 1000}]},
        {"cell_type": "code", "source": "c()", "outputs": []},
    ]
    book = notebook.cells(
        json.dumps({"nbformat": 4, "metadata": {"language_info": {"name": "Python"}}, "cells": cells})
    )
    assert book == notebook.Notebook("python", 2, 1, 1, ("a = 1\nb = 2", "c()"))


def test_notebook_of_format_3() -> None:
    cells = [{"cell_type": "code", "language": "python", "input": ["a"], "outputs": []}]
    book = notebook.cells(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert (book.language, book.sources) == ("python", ("a",))


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 200_000, '{"cells": 3}'])
def test_notebook_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        notebook.cells(text)


_PARSERS: list[Callable[[str], object]] = [
    json_.value,
    toml_.table,
    hcl.blocks,
    pbtxt.message,
    dockerfile.instructions,
    notebook.cells,
]


@pytest.mark.parametrize("parse", _PARSERS, ids=lambda parse: parse.__module__)
@given(text=st.text("{}[]<>\"'\\=:,#\n ab1.$", max_size=60))
def test_any_text_is_read_or_refused(parse: Callable[[str], object], text: str) -> None:
    with suppress(ValueError):
        parse(text)
