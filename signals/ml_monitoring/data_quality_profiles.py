"""Data quality checks: bad input is noticed where it comes in, and not by what the model makes of it.

What it proves: the person knows that data are dirty, wrote down what they must look like (types, ranges, what may be
missing), and has a machine hold each batch against it. A check that stops the run is worth more than a picture.

Levels
- declared: expectations are written down, but nothing in the file holds data against them.
- used: data are held against them: validated, checked by a decorator, profiled and written, or run as a checkpoint;
  or tests of a model in dbt with own ranges or relations.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or the deciding lines
  in a fix that is linked to a revert, a tracker or an incident.

What counts: Pandera, Great Expectations (in code, as suites and as checkpoints), whylogs, Deepchecks' integrity suite,
TensorFlow Data Validation, dbt's tests of data, Soda's checks.

What does not count: an import only, request types of an interface, the tool's own example suites, tests of code;
the tools' own repositories.

Sources: ML Test Score (data 1 and monitoring 2); catalogue D2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.base import ContentRule, Wants
from signals.file import File
from signals.model import FactValue, Hit, Level, Room
from signals.sample import Sample
from signals.views.code import Code
from signals.views.node import Node
from signals.wording import counted

MAX_LINES = 40
_SCHEMA = re.compile(r"pandera[\w.]*\.DataFrameSchema|pandera[\w.]*\.SeriesSchema")
_MODEL = re.compile(r"pandera[\w.]*\.(?:DataFrameModel|SchemaModel)")
_CHECKER = re.compile(r"pandera[\w.]*\.(?:check_types|check_input|check_output|check_io)")
_PROFILE = re.compile(r"whylogs(?:\.api\.logger)?\.log|why\.log")
_CONSTRAINTS = re.compile(r"whylogs[\w.]*\.ConstraintsBuilder")
_EXPECT = re.compile(r"(?:expect_(?:column|table|multicolumn|compound)\w+)")
_GX = re.compile(r"great_expectations[\w.]*\.(?:ExpectationSuite|Expect[A-Z]\w+|ValidationDefinition|Checkpoint\w*)")
_TFDV = re.compile(r"tensorflow_data_validation\.(?:infer_schema|validate_statistics)")
_INTEGRITY = re.compile(r"deepchecks[\w.]*\.(?:data_integrity|IsSingleValue|MixedNulls|DataDuplicates)")
_HOLDS = frozenset({"validate", "run_checkpoint", "run_validation_operator", "validate_statistics", "generate_report"})
_DBT_STOCK = frozenset({"unique", "not_null"})
_PRODUCTS = (
    *("pandera/__init__.py", "great_expectations/__init__.py", "whylogs/__init__.py", "python/whylogs/__init__.py"),
    *("deepchecks/__init__.py", "tensorflow_data_validation/__init__.py", "core/dbt/__init__.py", "soda/__init__.py"),
)
_STOCK_SUITE = re.compile(r"\.demo\b|getting_started|\bwarning\b|taxi")


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file says about its data: with which tool, where, and whether data are held against it."""

    tool: str
    lines: tuple[int, ...]
    holds: bool
    n_checks: int = 0


def find(file: File) -> Iterator[Hit]:
    """A hit for a file with checks of data."""
    if any(product in file.paths for product in _PRODUCTS):
        return
    name, path = file.name.lower(), f"/{file.path.lower()}"
    if name.endswith(".py"):
        found = _in_python(file.code) if file.code is not None else None
    elif name.endswith(".json"):
        found = _suite(file.json, file.path)
    elif "/checkpoints/" in path:
        found = next((f for document in file.yaml if (f := _checkpoint(document)) is not None), None)
    else:
        found = next((f for document in file.yaml if (f := _dbt(document) or _soda(document, path)) is not None), None)
    if found is not None:
        yield _hit(found)


def _in_python(code: Code) -> _Found | None:
    lines: list[int] = []
    tools: set[str] = set()
    holds = False
    for definition in code.definitions:
        if any(_MODEL.fullmatch(base) for base in definition.bases):
            lines.append(definition.line)
            tools.add("Pandera")
        for decorator in definition.decorators:
            if decorator.bound and _CHECKER.fullmatch(decorator.name):
                lines.append(decorator.line)
                tools.add("Pandera")
                holds = True
    uses_gx = code.imports_any("great_expectations")
    for call in code.calls:
        tool = _tool(call.name) if call.bound else ""
        if not tool and uses_gx and _EXPECT.fullmatch(call.method):
            tool, holds = "Great Expectations", True
        if tool:
            lines.append(call.line)
            tools.add(tool)
        holds = holds or tool == "whylogs"
    if not lines:
        return None
    holds = holds or any(call.method in _HOLDS for call in code.calls)
    return _Found(" and ".join(sorted(tools)), tuple(dict.fromkeys(sorted(lines))), holds, len(lines))


def _tool(name: str) -> str:
    return next((tool for tool, pattern in _TOOLS if pattern.fullmatch(name)), "")


_TOOLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Pandera", _SCHEMA),
    ("whylogs", _PROFILE),
    ("whylogs", _CONSTRAINTS),
    ("Great Expectations", _GX),
    ("TensorFlow Data Validation", _TFDV),
    ("Deepchecks", _INTEGRITY),
)


def _suite(root: Node | None, path: str) -> _Found | None:
    """A suite of Great Expectations; the tool's own example is left out."""
    expectations = root.get("expectations") if root is not None else None
    if root is None or expectations is None or not (root.get("expectation_suite_name") or root.get("name")):
        return None
    kinds = [item.get("expectation_type") or item.get("type") for item in expectations.items]
    lines = tuple(kind.line for kind in kinds if kind is not None and kind.text.startswith("expect_"))
    if not lines or _STOCK_SUITE.search(path):
        return None
    return _Found("Great Expectations", lines, holds=False, n_checks=len(lines))


def _checkpoint(document: Node) -> _Found | None:
    """A checkpoint of Great Expectations: which batch is held against which suite."""
    validations = document.get("validations")
    if (
        validations is None
        or not validations.items
        or document.str("class_name") not in ("Checkpoint", "SimpleCheckpoint")
    ):
        return None
    return _Found("Great Expectations", (validations.line,), holds=True, n_checks=len(validations.items))


def _dbt(document: Node) -> _Found | None:
    """Tests of data in dbt; that a key is unique and not null alone is what every introduction shows."""
    if document.str("version") != "2":
        return None
    lines: list[int] = []
    own = 0
    for section in ("models", "sources", "seeds", "snapshots"):
        for node in (n for item in document.list(section) for n in item.walk()):
            for key in ("tests", "data_tests"):
                for test in node.list(key):
                    lines.append(test.line)
                    own += (test.pairs[0][0].text if test.pairs else test.text) not in _DBT_STOCK
    return _Found("dbt", tuple(dict.fromkeys(lines)), holds=own > 0, n_checks=len(lines)) if lines else None


def _soda(document: Node, path: str) -> _Found | None:
    checks = [(key, value) for key, value in document.pairs if key.text.startswith("checks for ")]
    if not checks or not ("soda" in path or "checks" in path):
        return None
    lines = tuple(key.line for key, _ in checks)
    return _Found("Soda", lines, holds=True, n_checks=sum(len(value.items) for _, value in checks))


def _hit(found: _Found) -> Hit:
    facts: dict[str, FactValue] = {"tool": found.tool, "n_checks": found.n_checks, "holds": found.holds}
    what = "Holds data against what is expected of them" if found.holds else "Says what data must look like"
    first, *rest = found.lines
    return Hit(
        line=first,
        level=Level.USED if found.holds else Level.DECLARED,
        message=f"{what} ({found.tool}, {counted(found.n_checks, 'check')}).",
        more=tuple(rest)[:MAX_LINES],
        facts=facts,
    )


SIGNAL = ContentRule(
    title="Data quality checks",
    proves="What data must look like is written down, and a machine holds each batch against it.",
    claims=("E4", "E2"),
    cost="B,D",
    wants=Wants(
        paths=("*.py", "*.yml", "*.yaml", "**/expectations/*.json", "**/great_expectations/**", "**/gx/**"),
        needles=(
            *(b"pandera", b"whylogs", b"great_expectations", b"tensorflow_data_validation", b"expectations"),
            *(b"deepchecks", b"tests:", b"data_tests:", b"checks for ", b"validations:"),
        ),
    ),
    find=find,
    room=Room.MODEL,
)

FIRES_ON = (
    Sample(
        "pipeline/schema.py",
        """
import pandera as pa

READINGS = pa.DataFrameSchema( ⟵
    {"ripeness": pa.Column(float, pa.Check.between(0, 1), nullable=False)},
)

def load(frame):
    return READINGS.validate(frame, lazy=True)
""",
        Level.USED,
    ),
    Sample(
        "pipeline/model.py",
        "from pandera.pandas import DataFrameModel\n\nclass Readings(DataFrameModel): ⟵\n    ripeness: float\n",
        Level.DECLARED,
    ),
    Sample(
        "pipeline/profile.py",
        'import whylogs as why\n\nresults = why.log(frame) ⟵\nresults.writer("local").write()\n',
        Level.USED,
    ),
    Sample(
        "pipeline/gx.py",
        """
import great_expectations as gx

batch.expect_column_values_to_not_be_null("leaf") ⟵
batch.expect_column_values_to_be_between("ripeness", 0, 1) ⟵
""",
        Level.USED,
    ),
    Sample(
        "gx/expectations/readings.json",
        """
{
  "expectation_suite_name": "readings",
  "expectations": [
    {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "leaf"}} ⟵
  ]
}
""",
        Level.DECLARED,
    ),
    # dbt, with a range of its own; with what every introduction shows
    Sample(
        "models/schema.yml",
        """
version: 2
models:
  - name: readings
    columns:
      - name: ripeness
        tests:
          - not_null ⟵
          - dbt_utils.accepted_range: { min_value: 0, max_value: 1 } ⟵
""",
        Level.USED,
    ),
    Sample(
        "models/plain.yml",
        "version: 2\nmodels:\n  - name: a\n    columns:\n      - name: id\n        tests:\n          - unique ⟵\n",
        Level.DECLARED,
    ),
    Sample("soda/checks.yml", "checks for readings: ⟵\n  - row_count > 0\n", Level.USED),
)

SILENT_ON = (
    # an import behind a guard; types of an interface; tests of code
    Sample("a.py", "try:\n    import pandera as pa\nexcept ImportError:\n    pa = None\n"),
    Sample("b.py", "from pydantic import BaseModel\n\nclass Reading(BaseModel):  # pandera\n    ripeness: float\n"),
    Sample("c.py", "from app.pandera import DataFrameSchema\n\nDataFrameSchema({}).validate(frame)\n"),
    Sample("d.py", "import whylogs\n\nprint(whylogs.__version__)\n"),
    # other files with the same words; the tool's own example
    Sample(".github/workflows/ci.yml", "jobs:\n  tests:\n    steps: [{ run: pytest }]\n"),
    Sample("chart.yaml", "version: 2\nmodels: [a, b]\ntests: [c]\n"),
    Sample(
        "great_expectations/expectations/getting_started_suite.json",
        '{"expectation_suite_name": "x", "expectations": [{"expectation_type": "expect_column_to_exist"}]}',
    ),
    Sample(
        "pandera_demo.py",
        "import pandera as pa\n\nX = pa.DataFrameSchema({})\n",
        others={"pandera/__init__.py": ""},
    ),
)
