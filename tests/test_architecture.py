"""The arrows between the packages, the one home of each third party, and the sizes of files and functions.

Imports are read from the source, so that those inside functions count too. The two tables below are the same that
ARCHITECTURE.md shows; a test compares them.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.model import Dimension

ROOT = Path(__file__).parent.parent
OURS = ("analyzer", "signals", "queries")


def _in(package: str, names: str) -> tuple[str, ...]:
    return tuple(f"{package}.{name}" for name in names.split())


FAMILIES = tuple(f"signals.{dimension.value}" for dimension in Dimension)
MACHINERY = _in("signals", "base file kernel links match model paths sample views wording")
JUDGING = _in("analyzer", "attribution authenticity identity scoring")

ARROWS: dict[str, tuple[str, ...]] = {
    "signals.model": (),
    "signals.views": (),
    "signals": MACHINERY,
    "signals.<dimension>": tuple(name for name in MACHINERY if name != "signals.kernel"),
    "analyzer.errors": (),
    "analyzer.model": ("signals.model",),
    "analyzer.told": ("analyzer.model", "signals.model"),
    **dict.fromkeys(JUDGING, ("analyzer.errors", "analyzer.model", "signals.model", "signals.wording")),
    "analyzer.kind": ("signals.model", "signals.paths"),
    "analyzer.findings": (*JUDGING, "analyzer.model", *MACHINERY),
    "analyzer.frame": ("analyzer.kind", "analyzer.model", "analyzer.scoring", *MACHINERY),
    "analyzer.states": (*JUDGING, "analyzer.frame", "analyzer.kind", "analyzer.model", *MACHINERY),
    "analyzer.dossier": (*JUDGING, *_in("analyzer", "badges frame kind model opening states"), *MACHINERY),
    "analyzer.facts": (*JUDGING, "analyzer.git", "analyzer.model", *MACHINERY),
    "analyzer.aside": (),
    "analyzer.reading": ("analyzer.aside", "analyzer.git", *MACHINERY),
    "analyzer.ownership": (*JUDGING, *_in("analyzer", "errors facts findings git model"), *MACHINERY),
    "analyzer.git": ("analyzer.errors", "analyzer.identity", "analyzer.model", "signals.model", "signals.paths"),
    "analyzer.badges": (*_in("analyzer", "kind model told"), "signals.model"),
    "analyzer.opening": (*_in("analyzer", "badges kind model told"), "signals.model", "signals.wording"),
    "analyzer.interview": (*_in("analyzer", "model opening told"), "signals.model"),
    "analyzer.store": (*_in("analyzer", "badges errors hosted model told"), "signals.model", "signals.base", "queries"),
    "analyzer.queryset": ("analyzer.errors", "analyzer.model", "analyzer.store", "queries"),
    "analyzer.explanation": ("analyzer.model", "analyzer.scoring", "signals.model"),
    "analyzer.comparison": (*_in("analyzer", "model opening told"), "signals.model"),
    "analyzer.report": (
        *_in("analyzer", "badges comparison errors explanation interview model opening told"),
        *_in("signals", "base model wording"),
    ),
    "analyzer.consent": ("analyzer.errors",),
    "analyzer.selection": (),
    "analyzer.hosted": (),
    "analyzer.config": ("analyzer.consent", "analyzer.errors"),
    "analyzer.github": (*_in("analyzer", "errors model"), "signals.model"),
    "analyzer.github.hosting": ("analyzer.github", "analyzer.hosted"),
    "analyzer.github.collector": ("analyzer.github", *_in("analyzer", "errors hosted model selection")),
    "analyzer.credentials": ("analyzer.errors", "analyzer.github"),
    "analyzer.table": ("analyzer.errors",),
    "analyzer.workbook": ("analyzer.errors", "analyzer.table"),
    "analyzer.people_list": _in("analyzer", "consent errors identity table"),
    "analyzer.cache": ("analyzer.errors",),
    "analyzer.collection": (
        *_in("analyzer", "cache dossier errors git github hosted identity model pipeline selection told"),
        *_in("signals", "base wording"),
    ),
    "analyzer.demo": ("analyzer.errors", "analyzer.git"),
    "analyzer.pipeline": (
        *JUDGING,
        *_in("analyzer", "dossier errors facts findings frame git hosted kind model ownership reading report.clean"),
        "analyzer.told",
        *MACHINERY,
    ),
    "analyzer.cli": ("analyzer", *MACHINERY),
    "queries": (),
}
"""Who may import what of ours, besides itself. The longest name that fits a module decides."""

HOMES: dict[str, tuple[str, ...]] = {
    "click": ("analyzer.cli",),
    "duckdb": ("analyzer.store", "analyzer.queryset"),
    "git": ("analyzer.git.inspect",),
    "graphql": ("analyzer.demo",),
    "httpx": ("analyzer.github.client",),
    "jinja2": ("analyzer.report",),
    "pandas": ("analyzer.queryset",),
    "platformdirs": ("analyzer.config", "analyzer.store"),
    "pydantic": ("analyzer.report.schema",),
    "pydriller": ("analyzer.git.inspect",),
    "rich": ("analyzer.cli", "analyzer.report"),
    "subprocess": _in("analyzer", "credentials git.process queryset store.apart"),
    "tree_sitter": ("signals.views",),
    "xlsxwriter": ("analyzer.queryset",),
    "yaml": ("signals.views",),
}
"""Where each package from outside is imported, and nowhere else. ``tree_sitter`` stands for its grammars too."""

PURE = (
    "signals",
    *JUDGING,
    *_in("analyzer", "badges comparison consent dossier errors explanation findings frame interview kind model"),
    *_in("analyzer", "hosted opening people_list selection states table told"),
)
"""What touches no disk, network, process or clock."""

WORLD = """
    asyncio fcntl fileinput ftplib glob http io locale mmap multiprocessing os pathlib pty random select selectors
    shutil signal smtplib socket socketserver ssl subprocess sys tempfile threading time urllib.request
"""
CLOCK_OR_DISK = frozenset({"open", "now", "today", "utcnow", "input", "print"})
NOT_IN_SCANS = ("pandas", "numpy", "pyarrow")


# --- reading the source ----------------------------------------------------


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the project with its dotted name."""
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(source: str) -> Iterator[str]:
    """Every imported name, ``from a import b`` as ``a.b``, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def below(name: str, *packages: str) -> bool:
    """Whether ``name`` is one of the packages or stands below one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def row_of(module: str) -> str:
    """The row of ARROWS that decides for a module."""
    if below(module, *FAMILIES):
        return "signals.<dimension>"
    return max((row for row in ARROWS if below(module, row)), key=len, default="")


def itself(module: str) -> str:
    """What a module may always import: its own row; a signal its own family."""
    row = row_of(module)
    if row == "signals.<dimension>":
        return ".".join(module.split(".")[:2])
    return row if row != "signals" else module


def violations(module: str, source: str) -> list[str]:
    """What a module imports or calls against the tables, in words."""
    found: list[str] = []
    named = list(imports(source))
    if not row_of(module):
        return [f"{module} has no row in ARROWS"] if named or "." in module else []
    for name in named:
        if below(name, *OURS):
            if not below(name, itself(module), *ARROWS[row_of(module)]) and name not in OURS:
                found.append(f"{module} must not import {name}")
            continue
        top = "tree_sitter" if name.startswith("tree_sitter") else name.partition(".")[0]
        homes = HOMES.get(top)
        if homes is None and top not in sys.stdlib_module_names:
            found.append(f"{module} imports {top}, which has no home in HOMES")
        if homes is not None and not below(module, *homes):
            found.append(f"{module} is not the home of {top}")
        if below(module, *PURE) and below(name, *WORLD.split()):
            found.append(f"{module} is pure and must not import {name}")
    if below(module, *PURE):
        found += [f"{module} is pure and must not call {call}" for call in _calls(source) if call in CLOCK_OR_DISK]
    return found


def _calls(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute) and node.func.attr in {"now", "today", "utcnow"}:
                yield node.func.attr


# --- the tests -------------------------------------------------------------


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_module_keeps_to_the_arrows(module: str, path: Path) -> None:
    assert violations(module, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("signals.kernel", "from analyzer.model import State", "signals.kernel must not import analyzer.model.State"),
        ("signals.rollback.x", "import signals.testing.y", "signals.rollback.x must not import signals.testing.y"),
        ("signals.rollback.x", "import pathlib", "signals.rollback.x is pure and must not import pathlib"),
        ("signals.rollback.x", "open('f')", "signals.rollback.x is pure and must not call open"),
        ("analyzer.scoring", "datetime.now(UTC)", "analyzer.scoring is pure and must not call now"),
        ("analyzer.git.clone", "def f():\n import analyzer.store", "analyzer.git.clone must not import analyzer.store"),
        ("analyzer.store.x", "from analyzer import git", "analyzer.store.x must not import analyzer.git"),
        ("analyzer.scoring", "import analyzer.pipeline", "analyzer.scoring must not import analyzer.pipeline"),
        ("analyzer.git.clone", "import pydriller", "analyzer.git.clone is not the home of pydriller"),
        ("analyzer.pipeline", "import duckdb", "analyzer.pipeline is not the home of duckdb"),
        ("analyzer.git.tree", "import pygit2", "analyzer.git.tree imports pygit2, which has no home in HOMES"),
        ("analyzer.wizard", "", "analyzer.wizard has no row in ARROWS"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str, complaint: str) -> None:
    assert violations(module, source) == [complaint]


def test_allowed_imports_pass() -> None:
    assert (
        violations("signals.rollback.x", "from signals.rollback._y import z\nfrom signals import paths\nimport re")
        == []
    )
    assert violations("analyzer.cli.scan", "import click\nfrom analyzer import pipeline") == []


def test_the_architecture_page_shows_these_tables() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert arrows_table() in page, f"ARCHITECTURE.md should hold:\n{arrows_table()}"
    assert homes_table() in page, f"ARCHITECTURE.md should hold:\n{homes_table()}"


def arrows_table() -> str:
    """The arrows as the page shows them."""
    rows = [f"| `{row}` | {_names(allowed)} |" for row, allowed in ARROWS.items()]
    return "\n".join(["| package or module | may import, besides itself |", "|---|---|", *rows])


def homes_table() -> str:
    """The homes as the page shows them."""
    return "\n".join(
        [
            "| from outside | imported only in |",
            "|---|---|",
            *(f"| `{name}` | {_names(home)} |" for name, home in HOMES.items()),
        ]
    )


def _names(names: tuple[str, ...]) -> str:
    if set(MACHINERY) <= set(names):
        names = (*(name for name in names if name not in MACHINERY), "the machinery of `signals`")
    return ", ".join(name if "`" in name else f"`{name}`" for name in names) or "nothing"


def test_a_scan_leaves_the_table_libraries_alone() -> None:
    code = f"import sys, analyzer.pipeline; sys.exit([m for m in {NOT_IN_SCANS!r} if m in sys.modules] or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# --- sizes -----------------------------------------------------------------


def sources() -> Iterator[Path]:
    """All Python of the project, tests included."""
    for folder in (*OURS, "tests"):
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"
